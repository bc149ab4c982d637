import type { Migration } from '../migrate.ts';

/** Sessions and messages of the journal; the bodies are files beside the database. */
export const journalMigration: Migration = {
  number: 2,
  name: 'journal',
  up: (db) =>
    db.script(`
      CREATE TABLE journal_sessions (
        -- Never used twice; their order is the order in which sessions began, whatever the wall clock did.
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('relay', 'management-server')),
        session_id TEXT NOT NULL DEFAULT '',
        handset TEXT NOT NULL,
        device TEXT,
        dms TEXT NOT NULL,
        virtual INTEGER NOT NULL CHECK (virtual IN (0, 1)),
        started_at TEXT NOT NULL,
        ended_at TEXT,
        duration INTEGER,
        -- Milliseconds on the journal's own clock, which never goes back.
        recorded INTEGER NOT NULL,
        clock_set_back INTEGER NOT NULL CHECK (clock_set_back IN (0, 1)),
        state TEXT NOT NULL,
        code TEXT,
        bodies TEXT NOT NULL CHECK (bodies IN ('kept', 'removed', 'off')),
        body_bytes INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE INDEX journal_sessions_device ON journal_sessions (device, number) WHERE device IS NOT NULL;
      CREATE INDEX journal_sessions_kept ON journal_sessions (number) WHERE bodies = 'kept';
      CREATE INDEX journal_sessions_open ON journal_sessions (number) WHERE ended_at IS NULL;
      CREATE TABLE journal_messages (
        session INTEGER NOT NULL REFERENCES journal_sessions (number) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        at TEXT NOT NULL,
        direction TEXT NOT NULL CHECK (direction IN ('to-dms', 'to-handset')),
        package INTEGER NOT NULL,
        msg_id INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        sha256 TEXT NOT NULL,
        content_type TEXT NOT NULL,
        -- Whether there was one; its value is never kept.
        hmac INTEGER NOT NULL CHECK (hmac IN (0, 1)),
        summary TEXT NOT NULL,
        -- Where the body begins in the session's file.
        body_at INTEGER,
        PRIMARY KEY (session, number)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE journal_clock (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        elapsed INTEGER NOT NULL,
        wall INTEGER NOT NULL
      ) STRICT;
    `),
};

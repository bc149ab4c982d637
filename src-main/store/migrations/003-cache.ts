import type { Migration } from '../migrate.ts';

/** What the cache holds: contents by digest, and the packages that refer to them. */
export const cacheMigration: Migration = {
  number: 3,
  name: 'cache',
  up: (db) =>
    db.script(`
      CREATE TABLE cache_contents (
        -- SHA-256, lower-case hex; also the name of the file.
        digest TEXT PRIMARY KEY CHECK (length(digest) = 64),
        size INTEGER NOT NULL CHECK (size >= 0),
        state TEXT NOT NULL CHECK (state IN ('ready', 'quarantined')),
        reason TEXT,
        verified_at TEXT NOT NULL,
        last_used_at TEXT,
        CHECK ((state = 'quarantined') = (reason IS NOT NULL))
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE cache_packages (
        -- The order in which they came, whatever the wall clock did.
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        version TEXT NOT NULL,
        -- Empty: for any model.
        model TEXT NOT NULL,
        digest TEXT NOT NULL REFERENCES cache_contents (digest),
        source_kind TEXT NOT NULL CHECK (source_kind IN ('file', 'url')),
        source TEXT NOT NULL,
        trust TEXT NOT NULL CHECK (trust IN ('verified', 'unverified')),
        added_at TEXT NOT NULL
      ) STRICT;
      CREATE INDEX cache_packages_digest ON cache_packages (digest);
    `),
};

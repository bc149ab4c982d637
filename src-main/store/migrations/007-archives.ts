import type { Migration } from '../migrate.ts';

/** Components that were taken off handsets, named sets of components, and the packages that both need. */
export const archivesMigration: Migration = {
  number: 7,
  name: 'archives',
  up: (db) =>
    db.script(`
      CREATE TABLE archives (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        device TEXT NOT NULL,
        model TEXT,
        component TEXT NOT NULL,
        name TEXT,
        version TEXT NOT NULL,
        component_state TEXT NOT NULL CHECK (component_state IN ('active', 'inactive')),
        note TEXT,
        -- pending: its removal may have been ordered, and nobody knows yet how that ended.
        state TEXT NOT NULL CHECK (state IN ('pending', 'archived', 'restored')),
        made_at TEXT NOT NULL,
        archived_at TEXT,
        restored_at TEXT
      ) STRICT;
      CREATE INDEX archives_by_state ON archives (state);

      CREATE TABLE snapshots (
        number INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        -- The name as it is compared: letter case does not count.
        name_key TEXT NOT NULL UNIQUE,
        -- DevId; empty: it came from a file.
        device TEXT NOT NULL,
        model TEXT,
        taken_at TEXT NOT NULL,
        -- JSON, a list.
        components TEXT NOT NULL
      ) STRICT;

      CREATE TABLE kept_packages (
        -- Id of an archive or a snapshot.
        keeper TEXT NOT NULL,
        package TEXT NOT NULL,
        name TEXT NOT NULL,
        version TEXT NOT NULL,
        model TEXT NOT NULL,
        trust TEXT NOT NULL CHECK (trust IN ('verified', 'unverified')),
        digest TEXT NOT NULL,
        size INTEGER NOT NULL,
        PRIMARY KEY (keeper, package)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX kept_packages_by_digest ON kept_packages (digest);
    `),
};

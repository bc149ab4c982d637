import type { Migration } from '../migrate.ts';

/** Orders, their jobs (one a handset), the tries, and the reports that wait for a DM server. */
export const jobsMigration: Migration = {
  number: 4,
  name: 'jobs',
  up: (db) =>
    db.script(`
      CREATE TABLE orders (
        id TEXT PRIMARY KEY,
        operation TEXT NOT NULL CHECK (operation IN ('inventory', 'install', 'remove')),
        package TEXT,
        component TEXT,
        consent TEXT CHECK (consent IS NULL OR json_valid(consent)),
        allow_unverified INTEGER NOT NULL CHECK (allow_unverified IN (0, 1)),
        -- Origin of the DM server that gets the reports; NULL: none does.
        report_to TEXT,
        created_at TEXT NOT NULL,
        valid_until TEXT,
        CHECK ((operation = 'install') = (package IS NOT NULL)),
        CHECK ((operation = 'remove') = (component IS NOT NULL))
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE jobs (
        -- The order in which they came, whatever the wall clock did.
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        order_id TEXT NOT NULL REFERENCES orders (id),
        -- Where the handset was asked for: an address or a DevId.
        handset TEXT NOT NULL,
        device TEXT,
        package_version TEXT,
        package_sha256 TEXT,
        state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'waiting',
          'done', 'skipped', 'refused', 'postponed', 'failed', 'cancelled', 'expired')),
        -- The handset may have been told to begin: never again without a look at its inventory.
        begun INTEGER NOT NULL DEFAULT 0 CHECK (begun IN (0, 1)),
        -- When the handset said that it has begun (202).
        accepted_at TEXT,
        code TEXT,
        message TEXT,
        result_code INTEGER,
        created_at TEXT NOT NULL,
        updated_at TEXT NOT NULL,
        ended_at TEXT,
        CHECK ((state IN ('queued', 'running', 'waiting')) = (ended_at IS NULL))
      ) STRICT;
      CREATE INDEX jobs_open ON jobs (number) WHERE ended_at IS NULL;
      CREATE INDEX jobs_device ON jobs (device, number) WHERE device IS NOT NULL;
      CREATE TRIGGER jobs_end_once BEFORE UPDATE OF state ON jobs WHEN OLD.ended_at IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'a job ends once'); END;
      CREATE TABLE attempts (
        job TEXT NOT NULL REFERENCES jobs (id),
        number INTEGER NOT NULL,
        started_at TEXT NOT NULL,
        ended_at TEXT,
        code TEXT,
        PRIMARY KEY (job, number)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE reports (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        -- Idempotency-Key of every try.
        id TEXT NOT NULL UNIQUE,
        job TEXT NOT NULL UNIQUE REFERENCES jobs (id),
        origin TEXT,
        body TEXT NOT NULL CHECK (json_valid(body)),
        state TEXT NOT NULL CHECK (state IN ('waiting', 'unsupported', 'rejected', 'unaddressed', 'acknowledged')),
        tries INTEGER NOT NULL DEFAULT 0,
        -- Milliseconds since 1970.
        next_at INTEGER NOT NULL,
        code TEXT,
        message TEXT,
        acknowledged_at TEXT
      ) STRICT;
      CREATE INDEX reports_unsent ON reports (number) WHERE state IN ('waiting', 'unsupported');
    `),
};

import type { Migration } from '../migrate.ts';

/**
 * Orders to update, activate and deactivate software and to update firmware, and what an order changed. SQLite cannot
 * change a CHECK, and a table that others refer to cannot be dropped before them: all four are made anew, with all that
 * they hold.
 */
export const softwareOrdersMigration: Migration = {
  number: 6,
  name: 'software-orders',
  up: (db) => {
    db.script(TABLES);
    db.script(`
      INSERT INTO new_orders (id, operation, package, component, consent, allow_unverified, report_to, created_at, valid_until)
        SELECT id, operation, package, component, consent, allow_unverified, report_to, created_at, valid_until FROM orders;
      INSERT INTO new_jobs (number, id, order_id, handset, device, package_version, package_sha256, state, begun,
          accepted_at, code, message, result_code, created_at, updated_at, ended_at)
        SELECT number, id, order_id, handset, device, package_version, package_sha256, state, begun,
          accepted_at, code, message, result_code, created_at, updated_at, ended_at FROM jobs;
      INSERT INTO new_attempts (job, number, started_at, ended_at, code)
        SELECT job, number, started_at, ended_at, code FROM attempts;
      INSERT INTO new_reports (number, id, job, origin, body, state, tries, next_at, code, message, acknowledged_at)
        SELECT number, id, job, origin, body, state, tries, next_at, code, message, acknowledged_at FROM reports;`);
    // Numbers that were given are not given again, also those of rows that have gone.
    const counted = db.all<{ name: string; seq: number }>(
      "SELECT name, seq FROM sqlite_sequence WHERE name IN ('jobs', 'reports')",
    );
    db.script(`
      DROP TABLE reports;
      DROP TABLE attempts;
      DROP TABLE jobs;
      DROP TABLE orders;
      ALTER TABLE new_orders RENAME TO orders;
      ALTER TABLE new_jobs RENAME TO jobs;
      ALTER TABLE new_attempts RENAME TO attempts;
      ALTER TABLE new_reports RENAME TO reports;
      ${INDEXES}`);
    for (const { name, seq } of counted) {
      const { changes } = db.run('UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?', seq, name);
      if (changes === 0) db.run('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)', name, seq);
    }
  },
};

const TABLES = `
  CREATE TABLE new_orders (
    id TEXT PRIMARY KEY,
    operation TEXT NOT NULL CHECK (operation IN
      ('inventory', 'install', 'update', 'remove', 'activate', 'deactivate', 'firmware')),
    package TEXT,
    component TEXT,
    -- What is installed is left inactive.
    inactive INTEGER NOT NULL DEFAULT 0 CHECK (inactive IN (0, 1)),
    consent TEXT CHECK (consent IS NULL OR json_valid(consent)),
    allow_unverified INTEGER NOT NULL CHECK (allow_unverified IN (0, 1)),
    -- Origin of the DM server that gets the reports; NULL: none does.
    report_to TEXT,
    created_at TEXT NOT NULL,
    valid_until TEXT,
    CHECK ((operation IN ('install', 'update', 'firmware')) = (package IS NOT NULL)),
    CHECK ((operation IN ('remove', 'activate', 'deactivate')) = (component IS NOT NULL)),
    CHECK (inactive = 0 OR operation = 'install')
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE new_jobs (
    -- The order in which they came, whatever the wall clock did.
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    order_id TEXT NOT NULL REFERENCES new_orders (id),
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
    -- What was there when it began; until it ends.
    seen_before TEXT CHECK (seen_before IS NULL OR json_valid(seen_before)),
    -- The handset's word on the outcome, before the end is written; until it ends.
    heard TEXT CHECK (heard IS NULL OR json_valid(heard)),
    difference TEXT CHECK (difference IS NULL OR json_valid(difference)),
    created_at TEXT NOT NULL,
    updated_at TEXT NOT NULL,
    ended_at TEXT,
    CHECK ((state IN ('queued', 'running', 'waiting')) = (ended_at IS NULL))
  ) STRICT;
  CREATE TABLE new_attempts (
    job TEXT NOT NULL REFERENCES new_jobs (id),
    number INTEGER NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    code TEXT,
    PRIMARY KEY (job, number)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE new_reports (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Idempotency-Key of every try.
    id TEXT NOT NULL UNIQUE,
    job TEXT NOT NULL UNIQUE REFERENCES new_jobs (id),
    origin TEXT,
    body TEXT NOT NULL CHECK (json_valid(body)),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'unsupported', 'rejected', 'unaddressed', 'acknowledged')),
    tries INTEGER NOT NULL DEFAULT 0,
    -- Milliseconds since 1970.
    next_at INTEGER NOT NULL,
    code TEXT,
    message TEXT,
    acknowledged_at TEXT
  ) STRICT;`;

const INDEXES = `
  CREATE INDEX jobs_open ON jobs (number) WHERE ended_at IS NULL;
  CREATE INDEX jobs_device ON jobs (device, number) WHERE device IS NOT NULL;
  CREATE TRIGGER jobs_end_once BEFORE UPDATE OF state ON jobs WHEN OLD.ended_at IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'a job ends once'); END;
  CREATE INDEX reports_unsent ON reports (number) WHERE state IN ('waiting', 'unsupported');`;

import type { WriteDatabase } from '../database.ts';
import type { Migration } from '../migrate.ts';

/** One card a phone: the ways to it, the marks by which it is known at any port, and what a person decided. */
export const cardsMigration: Migration = {
  number: 8,
  name: 'cards',
  up: (db) => {
    db.script(`
      ALTER TABLE handsets ADD COLUMN firmware TEXT;
      -- NULL: not known yet.
      ALTER TABLE handsets ADD COLUMN speaks_dm INTEGER CHECK (speaks_dm IN (0, 1));
      -- What tells it from others of its model, without being its DevId.
      ALTER TABLE handsets ADD COLUMN serial TEXT;
      -- It has not said its DevId yet: its name here is made of maker, model and serial number.
      ALTER TABLE handsets ADD COLUMN provisional INTEGER NOT NULL DEFAULT 0 CHECK (provisional IN (0, 1));

      CREATE TABLE handset_ways (
        -- The address without what does not change the place, such as a baud rate: one phone is at a place at a time.
        place_key TEXT PRIMARY KEY,
        device TEXT NOT NULL REFERENCES handsets (device) ON DELETE CASCADE,
        address TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('tcp', 'serial', 'usb', 'bluetooth', 'http')),
        -- The physical port.
        place TEXT,
        confidence TEXT NOT NULL CHECK (confidence IN ('strong', 'weak')),
        last_seen TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX handset_ways_by_device ON handset_ways (device);

      CREATE TABLE handset_marks (
        -- usb:VID:PID:SERIAL: the same phone at any port.
        mark TEXT PRIMARY KEY,
        device TEXT NOT NULL REFERENCES handsets (device) ON DELETE CASCADE,
        -- Two phones were met under it, so it tells nothing.
        shared INTEGER NOT NULL DEFAULT 0 CHECK (shared IN (0, 1))
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX handset_marks_by_device ON handset_marks (device);

      -- Provisional names of what is known by its DevId now, or was joined with another card by a person.
      CREATE TABLE handset_former_names (
        name TEXT PRIMARY KEY,
        device TEXT NOT NULL REFERENCES handsets (device) ON DELETE CASCADE
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX handset_former_names_by_device ON handset_former_names (device);

      -- A person said that these are two phones.
      CREATE TABLE handset_differences (
        one TEXT NOT NULL REFERENCES handsets (device) ON DELETE CASCADE,
        other TEXT NOT NULL REFERENCES handsets (device) ON DELETE CASCADE,
        PRIMARY KEY (one, other),
        CHECK (one < other)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX handset_differences_by_other ON handset_differences (other);

    `);
    firstWays(db);
  },
};

const KINDS: readonly string[] = ['tcp', 'serial', 'usb', 'bluetooth', 'http'];

/** Where a handset was met last is its first way; a place belongs to who was met there last. */
function firstWays(db: WriteDatabase): void {
  const rows = db.all<{ device: string; last_address: string; last_seen: string }>(
    'SELECT device, last_address, last_seen FROM handsets WHERE last_address IS NOT NULL ORDER BY last_seen',
  );
  for (const { device, last_address: address, last_seen: seen } of rows) {
    const kind = address.slice(0, address.indexOf(':'));
    if (!KINDS.includes(kind)) continue;
    const place = kind === 'serial' ? address.replace(/@\d+$/, '') : address;
    db.run(
      `INSERT INTO handset_ways (place_key, device, address, kind, confidence, last_seen)
         VALUES (?, ?, ?, ?, 'strong', ?)
         ON CONFLICT (place_key) DO UPDATE SET device = excluded.device, address = excluded.address,
           last_seen = excluded.last_seen`,
      ...[place, device, address, kind, seen],
    );
  }
}

import type { Migration } from '../migrate.ts';

/** Settings, DMS profiles, handsets that were seen, and the nonces of the accounts we hold on handsets. */
export const settingsMigration: Migration = {
  number: 1,
  name: 'settings',
  up: (db) =>
    db.script(`
      CREATE TABLE settings (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL CHECK (json_valid(value))
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE dms_profiles (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        url TEXT NOT NULL,
        allowed_origins TEXT NOT NULL DEFAULT '[]' CHECK (json_valid(allowed_origins)),
        created_at TEXT NOT NULL,
        is_default INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1))
      ) STRICT, WITHOUT ROWID;
      CREATE UNIQUE INDEX dms_profiles_name ON dms_profiles (name);
      CREATE UNIQUE INDEX dms_profiles_default ON dms_profiles (is_default) WHERE is_default = 1;
      CREATE TABLE handsets (
        device TEXT PRIMARY KEY,
        alias TEXT,
        model TEXT,
        manufacturer TEXT,
        last_address TEXT,
        first_seen TEXT NOT NULL,
        last_seen TEXT NOT NULL,
        virtual INTEGER NOT NULL DEFAULT 0 CHECK (virtual IN (0, 1))
      ) STRICT, WITHOUT ROWID;
      CREATE UNIQUE INDEX handsets_alias ON handsets (alias) WHERE alias IS NOT NULL;
      CREATE TABLE accounts (
        device TEXT NOT NULL,
        server_id TEXT NOT NULL,
        client_nonce BLOB,
        server_nonce BLOB,
        PRIMARY KEY (device, server_id)
      ) STRICT, WITHOUT ROWID;
    `),
};

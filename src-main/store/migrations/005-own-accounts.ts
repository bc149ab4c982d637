import type { Migration } from '../migrate.ts';

/** What the PC's own DM server and each handset know of each other since a bootstrap. */
export const ownAccountsMigration: Migration = {
  number: 5,
  name: 'own-accounts',
  up: (db) =>
    db.script(`
      CREATE TABLE own_accounts (
        -- DevId; of one that was sent, the address where nobody knew yet whose it is.
        handset TEXT NOT NULL,
        -- A handset that was sent an account may not have taken it: what it took before still counts then.
        state TEXT NOT NULL CHECK (state IN ('sent', 'taken')),
        server_id TEXT NOT NULL,
        server_password TEXT NOT NULL,
        user TEXT NOT NULL,
        password TEXT NOT NULL,
        auth TEXT NOT NULL CHECK (auth IN ('none', 'basic', 'md5', 'mac')),
        -- The first ones; those of the next session are in accounts.
        server_nonce TEXT NOT NULL,
        client_nonce TEXT NOT NULL,
        made_at TEXT NOT NULL,
        PRIMARY KEY (handset, state)
      ) STRICT, WITHOUT ROWID;
    `),
};

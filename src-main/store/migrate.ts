import { PcAgentError } from '../base/errors.ts';
import type { Database, WriteDatabase } from './database.ts';

/** One step from a database of the number before; it runs in a transaction of its own. */
export interface Migration {
  /** From 1, rising; kept in the database as `user_version`. */
  readonly number: number;
  readonly name: string;
  readonly up: (db: WriteDatabase) => void;
}

/**
 * Brings a database to the newest number.
 * @throws PcAgentError `store/newer`: a later version of the program wrote it; nothing was changed.
 */
export function migrate(db: Database, migrations: readonly Migration[], file: string): void {
  const found = versionOf(db);
  const newest = migrations.at(-1)?.number ?? 0;
  if (found > newest) {
    throw new PcAgentError(
      'store/newer',
      `the database is of a newer version (${found}, this program knows ${newest})`,
      {
        retry: 'after-operator',
        details: { file, found, known: newest },
      },
    );
  }
  for (const { number, up } of migrations) {
    if (number <= found) continue;
    db.script('BEGIN IMMEDIATE');
    try {
      up(db);
      db.script(`PRAGMA user_version = ${number}`);
      db.script('COMMIT');
    } catch (error) {
      if (db.inTransaction) db.script('ROLLBACK');
      throw error;
    }
  }
}

function versionOf(db: Database): number {
  return db.get<{ user_version: number }>('PRAGMA user_version')?.user_version ?? 0;
}

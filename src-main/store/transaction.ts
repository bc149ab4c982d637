import type { Database, WriteDatabase } from './database.ts';

/** How one work of a transaction ended; `failed` was rolled back alone. */
export type WorkOutcome =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: unknown };

/**
 * Runs works one after the other in one transaction, each in a savepoint.
 * @returns how each ended, once the transaction is committed.
 * @throws what SQLite said when the transaction as a whole failed; then none of them has happened.
 */
export function runTransaction(
  db: Database,
  works: readonly ((db: WriteDatabase) => unknown)[],
): readonly WorkOutcome[] {
  // A lock taken at once: a transaction that began by reading could not become a writing one later.
  db.run('BEGIN IMMEDIATE');
  try {
    const outcomes = works.map((work) => runWork(db, work));
    db.run('COMMIT');
    return outcomes;
  } catch (error) {
    if (db.inTransaction) db.run('ROLLBACK');
    throw error;
  }
}

function runWork(db: Database, work: (db: WriteDatabase) => unknown): WorkOutcome {
  db.run('SAVEPOINT work');
  try {
    const value = work(db);
    if (isThenable(value)) throw new TypeError('a work on the store must not wait for anything');
    db.run('RELEASE work');
    return { kind: 'done', value };
  } catch (error) {
    // A full disk, among others, makes SQLite roll everything back by itself (sqlite.org/lang_transaction.html, 3.1).
    if (!db.inTransaction) throw error;
    db.run('ROLLBACK TO work');
    db.run('RELEASE work');
    return { kind: 'failed', error };
  }
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

import type { Clock } from '../base/clock.ts';
import { PcAgentError } from '../base/errors.ts';
import type { Database, ReadDatabase, WriteDatabase } from './database.ts';
import { GroupCommit } from './group-commit.ts';
import type { Migration } from './migrate.ts';
import { MIGRATIONS } from './migrations/index.ts';
import { type Connections, openConnections } from './open-database.ts';
import { storeError } from './store-error.ts';
import { TraceBatch } from './trace-batch.ts';
import { runTransaction, type WorkOutcome } from './transaction.ts';

/**
 * The one database. Works are synchronous functions, may be run after others that came earlier, and use `db` only
 * while they run. What goes wrong is a PcAgentError `store/*` (busy, full, read-only, corrupt, unreadable, closed) or
 * what the work itself threw.
 */
export interface Store {
  /** Reads the committed state, traces included. */
  read<T>(work: (db: ReadDatabase) => T): T;
  /** Resolves when the work is on the disk. A work that throws is rolled back alone and rejects with what it threw. */
  write<T>(work: (db: WriteDatabase) => T): Promise<T>;
  /** For what may be lost in a power cut: kept within 100 ms, never fails, waits for nothing. */
  trace(work: (db: WriteDatabase) => void): void;
  /** Writes what waits and closes. May be called again. */
  close(): Promise<void>;
}

export interface StoreOptions {
  /** The database; its folder is made when it is missing. */
  readonly file: string;
  readonly clock: Clock;
  /** Default: those of the program. */
  readonly migrations?: readonly Migration[];
  /** Traces could not be kept (disk full, a mistake). Default: nobody is told. */
  readonly onTraceLost?: (error: unknown, count: number) => void;
}

/**
 * Opens the database, makes it when it is missing and brings it to the newest version. One process at a time.
 * @throws PcAgentError `store/newer`, `/corrupt`, `/read-only`, `/full`, `/busy` or `/unreadable`.
 */
export function openStore(options: StoreOptions): Store {
  return new SqliteStore(openConnections(options.file, options.migrations ?? MIGRATIONS), options);
}

class SqliteStore implements Store {
  readonly #connections: Connections;
  readonly #file: string;
  readonly #group: GroupCommit;
  readonly #traces: TraceBatch;
  /** Works are running: the other writing connection would wait for the lock in vain. */
  #working = false;
  #closing: Promise<void> | undefined;

  constructor(connections: Connections, { file, clock, onTraceLost }: StoreOptions) {
    this.#connections = connections;
    this.#file = file;
    this.#group = new GroupCommit({
      clock,
      commit: (works) => {
        // A work may refer to what was traced before it.
        this.#traces.flush();
        return this.#run(connections.full, works);
      },
    });
    this.#traces = new TraceBatch({
      commit: (works) => this.#run(connections.normal, works),
      onLost: (error, count) => onTraceLost?.(error, count),
    });
  }

  read<T>(work: (db: ReadDatabase) => T): T {
    if (this.#closing !== undefined) throw closed();
    if (!this.#working) this.#traces.flush();
    try {
      return work(this.#connections.reader);
    } catch (error) {
      throw storeError(error, this.#file);
    }
  }

  write<T>(work: (db: WriteDatabase) => T): Promise<T> {
    if (this.#closing !== undefined) return Promise.reject(closed());
    return this.#group.add(work) as Promise<T>;
  }

  trace(work: (db: WriteDatabase) => void): void {
    if (this.#closing === undefined) this.#traces.add(work);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.#group.drained();
    this.#traces.close();
    const { full, normal, reader } = this.#connections;
    reader.close();
    normal.close();
    // The last connection to close brings the write-ahead log into the database and removes it.
    full.close();
  }

  #run(db: Database, works: readonly ((db: WriteDatabase) => unknown)[]): readonly WorkOutcome[] {
    // A trace within a work may come here from there.
    const within = this.#working;
    this.#working = true;
    try {
      return runTransaction(db, works).map((outcome) =>
        outcome.kind === 'failed' ? { kind: 'failed', error: storeError(outcome.error, this.#file) } : outcome,
      );
    } catch (error) {
      throw storeError(error, this.#file);
    } finally {
      this.#working = within;
    }
  }
}

function closed(): PcAgentError {
  return new PcAgentError('store/closed', 'the database has been closed');
}

import type { Store } from '../store/store.ts';
import { BodyFiles, type BodyWriter } from './body-files.ts';
import type { ElapsedTime } from './elapsed-time.ts';
import { expired, type KeptBodies, type Retention } from './retention.ts';

export interface BodyKeeperOptions {
  readonly store: Store;
  readonly folder: string;
  readonly time: ElapsedTime;
  readonly retention: Retention;
  /** Octets of the sessions that still run. */
  readonly running: () => number;
  readonly onProblem: (error: unknown) => void;
}

/** Knows how much is kept of the raw bodies and removes what may not stay. */
export class BodyKeeper {
  readonly files: BodyFiles;
  readonly #options: BodyKeeperOptions;
  #retention: Retention;
  /** Octets of the sessions that have ended. */
  #kept = 0;
  /** Sweeping frees nothing more until a session ends. */
  #exhausted = false;

  constructor(options: BodyKeeperOptions) {
    this.#options = options;
    this.#retention = options.retention;
    this.files = new BodyFiles(options.folder);
  }

  get off(): boolean {
    return this.#retention === 'off';
  }

  setRetention(retention: Retention): void {
    this.#retention = retention;
  }

  /** The file of a new session; `undefined`: its bodies are not kept. */
  create(session: number): BodyWriter | undefined {
    if (this.off) return undefined;
    try {
      return this.files.create(session);
    } catch (error) {
      this.#options.onProblem(error);
      return undefined;
    }
  }

  ended(session: number): void {
    this.#kept += this.files.size(session);
    this.#exhausted = false;
  }

  /** Whether so many octets more may be kept; makes room for them when it can. */
  hasRoom(bytes: number): boolean {
    if (this.#retention === 'off') return false;
    const limit = this.#retention.bytes;
    const taken = this.#options.running() + bytes;
    if (this.#kept + taken <= limit) return true;
    if (this.#exhausted) return false;
    // Some more than is needed, so that not every message sweeps.
    this.#sweep(limit - taken - limit / 16);
    this.#exhausted = this.#kept + taken > limit;
    return !this.#exhausted;
  }

  /** Removes what is too old or too much. */
  sweep(): void {
    this.#sweep(this.#retention === 'off' ? 0 : this.#retention.bytes - this.#options.running());
  }

  remove(session: number): boolean {
    try {
      this.files.remove(session);
    } catch (error) {
      this.#options.onProblem(error);
      return false;
    }
    this.#options.store.trace((db) => {
      db.run("UPDATE journal_sessions SET bodies = 'removed', body_bytes = 0 WHERE number = ?", session);
    });
    return true;
  }

  /** Removes files of sessions that never reached the database: a process was killed before they could. */
  removeStrays(): void {
    const { store, onProblem } = this.#options;
    const kept = store.read((db) =>
      db.all<{ number: number }>("SELECT number FROM journal_sessions WHERE bodies = 'kept'"),
    );
    try {
      this.files.keepOnly(new Set(kept.map(({ number }) => number)));
    } catch (error) {
      onProblem(error);
    }
  }

  #sweep(room: number): void {
    const { store, time } = this.#options;
    const kept = store.read((db) =>
      db.all<KeptBodies>(
        `SELECT number, recorded, body_bytes FROM journal_sessions
         WHERE bodies = 'kept' AND ended_at IS NOT NULL ORDER BY number DESC`,
      ),
    );
    const gone = expired(kept, this.#retention, { now: time.now(), room });
    const removed = gone.filter(({ number }) => this.remove(number));
    this.#kept = total(kept) - total(removed);
    this.#exhausted = false;
  }
}

function total(sessions: readonly KeptBodies[]): number {
  return sessions.reduce((sum, { body_bytes }) => sum + body_bytes, 0);
}

import { isPcAgentError } from '../base/errors.ts';
import type { WriteDatabase } from './database.ts';
import type { WorkOutcome } from './transaction.ts';

type Work = (db: WriteDatabase) => void;

export interface TraceBatchOptions {
  readonly commit: (works: readonly Work[]) => readonly WorkOutcome[];
  /** Traces that could not be kept, and why. */
  readonly onLost: (error: unknown, count: number) => void;
}

/** Milliseconds that a trace may wait for others. */
const PAUSE = 100;
const MAX_BATCH = 500;
/** While the database is locked no more than these are kept waiting. */
const MAX_WAITING = 10_000;

/** Gathers what need not be acknowledged. A trace is never a reason for anything else to fail. */
export class TraceBatch {
  readonly #options: TraceBatchOptions;
  #waiting: Work[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(options: TraceBatchOptions) {
    this.#options = options;
  }

  add(work: Work): void {
    this.#waiting.push(work);
    if (this.#waiting.length % MAX_BATCH === 0) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), PAUSE);
  }

  /** Commits what waits. While another process holds the lock it goes on waiting. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const works = this.#waiting;
    this.#waiting = [];
    try {
      for (const outcome of this.#options.commit(works)) {
        if (outcome.kind === 'failed') this.#options.onLost(outcome.error, 1);
      }
    } catch (error) {
      if (!isPcAgentError(error, 'store/busy')) {
        this.#options.onLost(error, works.length);
        return;
      }
      const lost = works.length - MAX_WAITING;
      if (lost > 0) this.#options.onLost(error, lost);
      this.#waiting = lost > 0 ? works.slice(lost) : works;
      this.#timer = setTimeout(() => this.flush(), PAUSE);
    }
  }

  /** Ends the waiting; what cannot be kept now is lost. */
  close(): void {
    this.flush();
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length > 0) this.#options.onLost(new Error('the store was closed'), this.#waiting.length);
    this.#waiting = [];
  }
}

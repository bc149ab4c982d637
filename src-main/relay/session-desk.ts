import { isAbort } from '../base/errors.ts';
import type { RelayOutcome } from './relay-outcome.ts';

export interface SessionDeskOptions {
  /** Sessions after which no more are taken; default without end. */
  readonly count?: number;
  /** A session ended in which the handset had said something. */
  readonly onOutcome: (outcome: RelayOutcome) => void;
}

/**
 * Admits the sessions that handsets start and knows when the last has ended. A connection on which nothing was said
 * is no session and takes no place.
 */
export class SessionDesk {
  readonly #options: SessionDeskOptions;
  readonly #running = new Set<Promise<void>>();
  readonly #full = Promise.withResolvers<void>();
  #ended = 0;
  #opened = 0;

  constructor(options: SessionDeskOptions) {
    this.#options = options;
    this.#full.promise.catch(() => undefined);
  }

  /** Resolves when `count` sessions have ended; rejects when one failed for a fault of our own. */
  get full(): Promise<void> {
    return this.#full.promise;
  }

  get running(): number {
    return this.#running.size;
  }

  /** Runs a session. @returns false when there is no place for it. */
  admit(session: (number: number) => Promise<RelayOutcome>): boolean {
    const count = this.#options.count ?? Number.POSITIVE_INFINITY;
    if (this.#ended + this.#running.size >= count) return false;
    this.#opened += 1;
    const run = this.#run(session(this.#opened)).catch((error: unknown) => {
      if (!isAbort(error)) this.#full.reject(error);
    });
    this.#running.add(run);
    void run.then(() => {
      this.#running.delete(run);
      if (this.#ended >= count) this.#full.resolve();
    });
    return true;
  }

  /** Resolves when nothing runs any more. */
  async drained(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #run(session: Promise<RelayOutcome>): Promise<void> {
    const outcome = await session;
    if (!outcome.heard) return;
    this.#ended += 1;
    this.#options.onOutcome(outcome);
  }
}

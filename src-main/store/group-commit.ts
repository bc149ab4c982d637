import type { Clock } from '../base/clock.ts';
import { isPcAgentError } from '../base/errors.ts';
import type { WriteDatabase } from './database.ts';
import type { WorkOutcome } from './transaction.ts';

type Work = (db: WriteDatabase) => unknown;

interface Waiting {
  readonly work: Work;
  readonly since: number;
  readonly settled: PromiseWithResolvers<unknown>;
}

export interface GroupCommitOptions {
  readonly clock: Clock;
  /** Commits works together and says how each ended; throws when all failed. */
  readonly commit: (works: readonly Work[]) => readonly WorkOutcome[];
}

/** No work waits longer than this for company. */
const MAX_WAIT = 5;
/** More go into the next transaction, so that the program is not held up for long. */
const MAX_GROUP = 512;
/** How long a lock of another process is borne, and how often it is tried again. */
const BUSY_LIMIT = 5000;
const BUSY_PAUSE = 20;

/**
 * Lets works share a commit, and with it the one wait for the disk. A group is closed by the first turn of the event
 * loop that brings no more work, so that a lone work hardly waits, and after 5 ms in any case.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions;
  readonly #waiting: Waiting[] = [];
  #scheduled = false;
  /** How many were there when the turn began. */
  #seen = 0;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  add(work: Work): Promise<unknown> {
    const settled = Promise.withResolvers<unknown>();
    this.#waiting.push({ work, since: this.#options.clock.monotonic(), settled });
    this.#schedule();
    return settled.promise;
  }

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    while (this.#waiting.length > 0) {
      await Promise.allSettled(this.#waiting.map(({ settled }) => settled.promise));
    }
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0) return;
    this.#scheduled = true;
    this.#seen = this.#waiting.length;
    setImmediate(this.#turn);
  }

  readonly #turn = (): void => {
    const count = this.#waiting.length;
    if (count > this.#seen && count < MAX_GROUP && this.#age() < MAX_WAIT) {
      this.#seen = count;
      setImmediate(this.#turn);
      return;
    }
    this.#commit();
  };

  #commit(): void {
    const group = this.#waiting.splice(0, MAX_GROUP);
    this.#scheduled = false;
    try {
      const outcomes = this.#options.commit(group.map(({ work }) => work));
      for (const [index, { settled }] of group.entries()) settle(settled, outcomes[index]);
    } catch (error) {
      if (isPcAgentError(error, 'store/busy') && this.#bears(group)) {
        this.#waiting.unshift(...group);
        this.#scheduled = true;
        setTimeout(this.#turn, BUSY_PAUSE);
        return;
      }
      for (const { settled } of group) settled.reject(error);
    }
    this.#schedule();
  }

  #age(): number {
    return this.#options.clock.monotonic() - (this.#waiting[0]?.since ?? 0);
  }

  #bears(group: readonly Waiting[]): boolean {
    return this.#options.clock.monotonic() - (group[0]?.since ?? 0) < BUSY_LIMIT;
  }
}

function settle(settled: PromiseWithResolvers<unknown>, outcome: WorkOutcome | undefined): void {
  if (outcome?.kind === 'done') settled.resolve(outcome.value);
  else settled.reject(outcome?.error);
}

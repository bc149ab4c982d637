import { type Duration, milliseconds } from '../base/durations.ts';

/**
 * Tells when a wait has taken longer than it may. Most waits end at once, one after the other: so the timer of one goes
 * on through the next ones, and looks when it is due how long the wait that runs then has taken.
 */
export class WaitTimer {
  readonly #passed: () => void;
  #timer: NodeJS.Timeout | undefined;
  #due = 0;
  #limit: Duration = milliseconds(0);
  #began = 0;
  #waiting = false;

  /** @param passed called at most once a wait */
  constructor(passed: () => void) {
    this.#passed = passed;
  }

  /** The limit of the wait that runs, or ran last. */
  get limit(): Duration {
    return this.#limit;
  }

  get waiting(): boolean {
    return this.#waiting;
  }

  /** Begins a wait, one at a time. */
  start(limit: Duration): void {
    this.#limit = limit;
    this.#began = performance.now();
    this.#waiting = true;
    if (this.#timer === undefined || this.#due > this.#began + limit) this.#wind(limit);
  }

  /** The wait is over. */
  end(): void {
    this.#waiting = false;
  }

  /** No more waits are expected. Another is possible all the same. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #wind(ms: number): void {
    clearTimeout(this.#timer);
    this.#due = performance.now() + ms;
    this.#timer = setTimeout(this.#onDue, ms);
  }

  readonly #onDue = (): void => {
    this.#timer = undefined;
    if (!this.#waiting) return;
    const left = this.#began + this.#limit - performance.now();
    if (left > 0) this.#wind(Math.ceil(left));
    else this.#passed();
  };
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../src-main/base/clock.ts';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

/** A clock that a test sets on by hand. */
export class HandClock implements Clock {
  #at = 0;
  readonly #sleepers = new Set<Sleeper>();

  now(): Date {
    return new Date(Date.UTC(2026, 0, 1) + this.#at);
  }

  monotonic(): number {
    return this.#at;
  }

  sleep(duration: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      const give = () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      };
      const wake = () => {
        signal.removeEventListener('abort', give);
        resolve();
      };
      const sleeper: Sleeper = { until: this.#at + duration, wake };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', give, { once: true });
    });
  }

  /** Lets time pass; who wakes up meanwhile has done its work when this resolves. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#at + milliseconds;
    for (;;) {
      await nextTurn();
      const next = [...this.#sleepers].toSorted((one, other) => one.until - other.until)[0];
      if (next === undefined || next.until > end) break;
      this.#at = Math.max(this.#at, next.until);
      this.#sleepers.delete(next);
      next.wake();
    }
    this.#at = end;
    await nextTurn();
  }
}

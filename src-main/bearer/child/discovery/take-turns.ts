import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../../../base/clock.ts';

/** Streams of handsets run in the same process: nothing keeps it longer. */
const MAX_TURN_MS = 4;

/** Lets the process do its other work every few milliseconds of a long piece of work. */
export class TakeTurns {
  readonly #clock: Clock;
  readonly #signal: AbortSignal;
  #began: number;

  constructor(clock: Clock, signal: AbortSignal) {
    this.#clock = clock;
    this.#signal = signal;
    this.#began = clock.monotonic();
  }

  /** @throws AbortError */
  async next(): Promise<void> {
    this.#signal.throwIfAborted();
    if (this.#clock.monotonic() - this.#began < MAX_TURN_MS) return;
    await nextTurn();
    this.#began = this.#clock.monotonic();
  }
}

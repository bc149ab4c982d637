import type { Duration } from '../../base/durations.ts';

export interface WhileFollowedOptions {
  /** From the beginning of one time to that of the next. */
  readonly every: Duration;
  /** Heeds the signal and has a time limit of its own. */
  readonly work: (signal: AbortSignal) => Promise<void>;
  readonly onProblem: (error: unknown) => void;
}

/** Work that is repeated while somebody follows, the first time at once. It keeps no process alive. */
export class WhileFollowed {
  readonly #options: WhileFollowedOptions;
  #stop: AbortController | undefined;
  #running: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: WhileFollowedOptions) {
    this.#options = options;
  }

  follow(on: boolean): void {
    if (this.#closed || on === (this.#stop !== undefined)) return;
    this.#stop?.abort();
    this.#stop = undefined;
    if (!on) return;
    this.#stop = new AbortController();
    this.#running = this.#run(this.#stop.signal, this.#running);
  }

  async close(): Promise<void> {
    this.follow(false);
    this.#closed = true;
    await this.#running;
  }

  async #run(signal: AbortSignal, before: Promise<void>): Promise<void> {
    await before;
    const { every, work, onProblem } = this.#options;
    while (!signal.aborted) {
      const began = performance.now();
      try {
        await work(signal);
      } catch (error) {
        if (!signal.aborted) onProblem(error);
      }
      await pause(every - (performance.now() - began), signal);
    }
  }
}

function pause(length: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return void resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, Math.max(0, length)).unref();
    signal.addEventListener('abort', done, { once: true });
  });
}

import type { AbortWatch } from '../../base/abort-watch.ts';

/** Wakes those who wait for a socket to be different; who is woken looks again for himself. */
export class SocketChanges {
  readonly #waiting = new Set<() => void>();

  readonly wake = (): void => {
    if (this.#waiting.size > 0) for (const wake of [...this.#waiting]) wake();
  };

  /** Resolves at the next `wake`; rejects with the signal's reason when it is aborted first. */
  next(signal: AbortSignal, watch: AbortWatch): Promise<void> {
    return new Promise((resolve, reject) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        watch.end();
        resolve();
      };
      this.#waiting.add(wake);
      watch.start(signal, (reason) => {
        this.#waiting.delete(wake);
        reject(reason);
      });
    });
  }
}

/**
 * Listens to a signal for one wait after the other. Nearly all waits of a session have the same signal, and to add and
 * remove a listener costs more than the wait itself: so the listener stays until a wait comes with another signal, or
 * until its owner closes the watch.
 */
export class AbortWatch {
  #signal: AbortSignal | undefined;
  #tell: ((reason: unknown) => void) | undefined;

  /** @param tell called once, when the signal is aborted before `end`. The caller has seen that it is not yet. */
  start(signal: AbortSignal, tell: (reason: unknown) => void): void {
    this.#tell = tell;
    if (signal === this.#signal) return;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  /** The wait is over. */
  end(): void {
    this.#tell = undefined;
  }

  /** No more waits are expected: the signal is let go of. Another `start` is possible all the same. */
  close(): void {
    this.#tell = undefined;
    this.#signal?.removeEventListener('abort', this.#onAbort);
    this.#signal = undefined;
  }

  readonly #onAbort = (): void => {
    const tell = this.#tell;
    this.#tell = undefined;
    tell?.(this.#signal?.reason);
  };
}

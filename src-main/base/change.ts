import { AbortWatch } from './abort-watch.ts';

/**
 * Lets one at a time wait until something is different; who is woken looks again for himself. It makes nothing anew for
 * a wait but the promise: a stream waits for every packet.
 */
export class Change {
  readonly #watch = new AbortWatch();
  #resolve: (() => void) | undefined;
  #reject: ((reason: unknown) => void) | undefined;

  /** Whoever waits looks again. */
  readonly wake = (): void => {
    if (this.#resolve === undefined) return;
    const resolve = this.#resolve;
    this.#end();
    resolve();
  };

  /**
   * Resolves at the next `wake`; rejects with the signal's reason when it is aborted first. The caller has seen that it
   * is not yet. @throws TypeError when somebody waits already
   */
  next(signal: AbortSignal): Promise<void> {
    if (this.#resolve !== undefined) return Promise.reject(new TypeError('somebody waits here already'));
    const next = new Promise<void>(this.#begin);
    this.#watch.start(signal, this.#onAbort);
    return next;
  }

  /** No more waits are expected: the signal is let go of. Another `next` is possible all the same. */
  close(): void {
    this.#watch.close();
  }

  readonly #begin = (resolve: () => void, reject: (reason: unknown) => void): void => {
    this.#resolve = resolve;
    this.#reject = reject;
  };

  readonly #onAbort = (reason: unknown): void => {
    const reject = this.#reject;
    this.#end();
    reject?.(reason);
  };

  #end(): void {
    this.#resolve = undefined;
    this.#reject = undefined;
    this.#watch.end();
  }
}

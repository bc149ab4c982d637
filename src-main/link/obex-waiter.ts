import { AbortWatch } from '../base/abort-watch.ts';
import { abortError } from '../obex/time-limit.ts';

/** A place where at most one waits for a value that somebody else brings. */
export class Waiter<T> {
  readonly #watch = new AbortWatch();
  #settle: { resolve(value: T): void; reject(error: unknown): void } | undefined;

  get waiting(): boolean {
    return this.#settle !== undefined;
  }

  /** @throws AbortError when `signal` is aborted first; TypeError when somebody waits already. */
  wait(signal: AbortSignal): Promise<T> {
    if (this.#settle !== undefined) return Promise.reject(new TypeError('somebody waits here already'));
    if (signal.aborted) return Promise.reject(abortError(signal));
    return new Promise<T>((resolve, reject) => {
      this.#settle = { resolve, reject };
      this.#watch.start(signal, () => this.reject(abortError(signal)));
    });
  }

  /** False when nobody waits. */
  resolve(value: T): boolean {
    const settle = this.#take();
    settle?.resolve(value);
    return settle !== undefined;
  }

  reject(error: unknown): boolean {
    const settle = this.#take();
    settle?.reject(error);
    return settle !== undefined;
  }

  /** Nobody is to wait here any more: lets go of the signal. Who waits now is no longer told of its abort. */
  close(): void {
    this.#watch.close();
  }

  #take() {
    const settle = this.#settle;
    this.#settle = undefined;
    this.#watch.end();
    return settle;
  }
}

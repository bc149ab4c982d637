import { abortError } from '../obex/time-limit.ts';

/** A place where at most one waits for a value that somebody else brings. */
export class Waiter<T> {
  #settle: { resolve(value: T): void; reject(error: unknown): void } | undefined;

  get waiting(): boolean {
    return this.#settle !== undefined;
  }

  /** @throws AbortError when `signal` is aborted first; TypeError when somebody waits already. */
  wait(signal: AbortSignal): Promise<T> {
    if (this.#settle !== undefined) return Promise.reject(new TypeError('somebody waits here already'));
    if (signal.aborted) return Promise.reject(abortError(signal));
    return new Promise<T>((resolve, reject) => {
      const onAbort = (): void => {
        this.reject(abortError(signal));
      };
      const done = (): void => {
        this.#settle = undefined;
        signal.removeEventListener('abort', onAbort);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      this.#settle = {
        resolve: (value) => {
          done();
          resolve(value);
        },
        reject: (error) => {
          done();
          reject(error);
        },
      };
    });
  }

  /** False when nobody waits. */
  resolve(value: T): boolean {
    const settle = this.#settle;
    settle?.resolve(value);
    return settle !== undefined;
  }

  reject(error: unknown): boolean {
    const settle = this.#settle;
    settle?.reject(error);
    return settle !== undefined;
  }
}

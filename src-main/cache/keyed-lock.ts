import { unlessAborted } from '../base/unless-aborted.ts';

/** One work at a time for each key, in the order of asking. */
export class KeyedLock {
  readonly #last = new Map<string, Promise<void>>();

  /** Whether somebody has the turn or waits for it. */
  held(key: string): boolean {
    return this.#last.has(key);
  }

  /** @throws what `work` throws; the signal's reason when it is aborted before the turn has come: `work` is left out. */
  async run<T>(key: string, work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    const end = await this.take(key, signal);
    try {
      return await work();
    } finally {
      end();
    }
  }

  /** Resolves when the turn has come, with what ends it. @throws the signal's reason */
  async take(key: string, signal?: AbortSignal): Promise<() => void> {
    const before = this.#last.get(key);
    const mine = Promise.withResolvers<void>();
    this.#last.set(key, mine.promise);
    const end = (): void => {
      mine.resolve();
      if (this.#last.get(key) === mine.promise) this.#last.delete(key);
    };
    try {
      await (signal === undefined || before === undefined ? before : unlessAborted(before, signal));
      return end;
    } catch (error) {
      // Whoever comes after still waits for those before.
      void before?.then(end);
      throw error;
    }
  }
}

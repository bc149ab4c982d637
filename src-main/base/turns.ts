import { unlessAborted } from './unless-aborted.ts';

/**
 * At most `most` works at the same time, the others in the order of asking; one that is not wanted any more gives up
 * waiting at once.
 * @throws the signal's reason
 */
export function turns(most: number): <T>(work: () => Promise<T>, signal: AbortSignal) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = most;
  const giveOn = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next();
  };
  return async (work, signal) => {
    signal.throwIfAborted();
    if (free > 0) free -= 1;
    else await turn(waiting, signal, giveOn);
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      giveOn();
    }
  };
}

async function turn(waiting: (() => void)[], signal: AbortSignal, giveOn: () => void): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  waiting.push(resolve);
  try {
    await unlessAborted(promise, signal);
  } catch (reason) {
    const at = waiting.indexOf(resolve);
    if (at >= 0) waiting.splice(at, 1);
    // It was this one's already when it was given up.
    else giveOn();
    throw reason;
  }
}

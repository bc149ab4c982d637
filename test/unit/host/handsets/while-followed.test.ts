import { describe, expect, it } from 'vitest';
import { milliseconds, seconds } from '../../../../src-main/base/durations.ts';
import { WhileFollowed } from '../../../../src-main/host/handsets/while-followed.ts';

const noProblem = (error: unknown) => {
  throw error;
};

describe('work while somebody follows', () => {
  it('is done at once and again and again, and never before', async () => {
    let times = 0;
    const thrice = Promise.withResolvers<void>();
    const loop = new WhileFollowed({
      every: milliseconds(1),
      work: async () => {
        times += 1;
        if (times === 3) thrice.resolve();
      },
      onProblem: noProblem,
    });
    expect(times).toBe(0);
    loop.follow(true);
    await thrice.promise;
    await loop.close();
    expect(times).toBeGreaterThanOrEqual(3);
  });

  it('is broken off when nobody follows any more, and begun anew for who comes next', async () => {
    const begun: AbortSignal[] = [];
    let told = Promise.withResolvers<void>();
    const loop = new WhileFollowed({
      every: seconds(3600),
      work: (signal) => {
        begun.push(signal);
        told.resolve();
        return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
      onProblem: noProblem,
    });
    loop.follow(true);
    loop.follow(true);
    await told.promise;
    loop.follow(false);
    expect(begun.map(({ aborted }) => aborted)).toEqual([true]);
    told = Promise.withResolvers<void>();
    loop.follow(true);
    await told.promise;
    await loop.close();
    loop.follow(true);
    expect(begun.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it('goes on after a failure, which is told', async () => {
    const problem = Promise.withResolvers<unknown>();
    const again = Promise.withResolvers<void>();
    let failed = false;
    const loop = new WhileFollowed({
      every: milliseconds(1),
      work: async () => {
        if (failed) return again.resolve();
        failed = true;
        throw new Error('no');
      },
      onProblem: problem.resolve,
    });
    loop.follow(true);
    expect(await problem.promise).toMatchObject({ message: 'no' });
    await again.promise;
    await loop.close();
  });
});

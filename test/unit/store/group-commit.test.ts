import { describe, expect, it } from 'vitest';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { GroupCommit } from '../../../src-main/store/group-commit.ts';

/** A committer that only counts; its clock moves by `step` whenever it is looked at. */
function counting(step = 0) {
  const groups: number[] = [];
  let time = 0;
  const clock = {
    now: () => new Date(0),
    monotonic: () => {
      time += step;
      return time;
    },
    sleep: () => Promise.reject(new Error('nobody sleeps here')),
  };
  const group = new GroupCommit({
    clock,
    commit: (works) => {
      groups.push(works.length);
      return works.map((work) => ({ kind: 'done', value: work(undefined as never) }));
    },
  });
  return { group, groups };
}

describe('a group', () => {
  it('takes everything that comes in one turn', async () => {
    const { group, groups } = counting();
    const results = await Promise.all([1, 2, 3].map((number) => group.add(() => number)));
    expect(results).toEqual([1, 2, 3]);
    expect(groups).toEqual([3]);
  });

  it('stays open while each turn brings more, and is closed by the first that brings none', async () => {
    const { group, groups } = counting();
    const all: Promise<unknown>[] = [];
    let turns = 0;
    const add = (): void => {
      turns += 1;
      // Before the group's own look at the turn, so that there is always news.
      if (turns < 10) setImmediate(add);
      all.push(group.add(() => turns));
    };
    add();
    await group.drained();
    await Promise.all(all);
    expect(groups).toEqual([10]);
  });

  it('is closed after 5 ms however much comes', async () => {
    const { group, groups } = counting(1);
    let turns = 0;
    const last = Promise.withResolvers<void>();
    const add = (): void => {
      turns += 1;
      if (turns < 100) setImmediate(add);
      else last.resolve();
      void group.add(() => turns);
    };
    add();
    await last.promise;
    await group.drained();
    expect(groups.length).toBeGreaterThan(10);
    expect(Math.max(...groups)).toBeGreaterThan(2);
    expect(Math.max(...groups)).toBeLessThanOrEqual(7);
  });

  it('has a limit, and the rest follows at once', async () => {
    const { group, groups } = counting();
    await Promise.all(Array.from({ length: 1200 }, (_, index) => group.add(() => index)));
    expect(groups).toEqual([512, 512, 176]);
  });

  it('fails as a whole when the commit fails, and the next one is not touched by that', async () => {
    let fails = true;
    const { clock } = {
      clock: { now: () => new Date(0), monotonic: () => 0, sleep: () => Promise.reject(new Error()) },
    };
    const group = new GroupCommit({
      clock,
      commit: (works) => {
        if (fails) throw new PcAgentError('store/full', 'full');
        return works.map(() => ({ kind: 'done', value: 'ok' }));
      },
    });
    const results = await Promise.allSettled([group.add(() => 1), group.add(() => 2)]);
    expect(results).toMatchObject([{ reason: { code: 'store/full' } }, { reason: { code: 'store/full' } }]);
    fails = false;
    expect(await group.add(() => 3)).toBe('ok');
  });
});

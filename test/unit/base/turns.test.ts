import { expect, it } from 'vitest';
import { turns } from '../../../src-main/base/turns.ts';

const never = new AbortController().signal;

it('does so many works at once, the others in the order of asking, and one that fails makes room', async () => {
  const inTurn = turns(2);
  const begun: number[] = [];
  const works = Array.from({ length: 4 }, () => Promise.withResolvers<number>());
  const done = works.map(({ promise }, at) =>
    inTurn(() => {
      begun.push(at);
      return promise;
    }, never),
  );
  const [first, second] = works;
  expect(begun).toEqual([0, 1]);
  first?.reject(new Error('no'));
  await expect(done[0]).rejects.toThrow('no');
  await new Promise(setImmediate);
  expect(begun).toEqual([0, 1, 2]);
  second?.resolve(2);
  expect(await done[1]).toBe(2);
  for (const { resolve } of works) resolve(7);
  expect(await Promise.all(done.slice(2))).toEqual([7, 7]);
  expect(begun).toEqual([0, 1, 2, 3]);
});

it('gives up waiting when it is told to, also in the moment when its turn has come', async () => {
  const inTurn = turns(1);
  const busy = Promise.withResolvers<void>();
  const holding = inTurn(() => busy.promise, never);
  const stops = [new AbortController(), new AbortController()] as const;
  const waiting = stops.map(({ signal }) => inTurn(async () => 'done', signal));
  const last = inTurn(async () => 'done', never);
  stops[0].abort();
  await expect(waiting[0]).rejects.toMatchObject({ name: 'AbortError' });
  // Behind the step that gives the turn on, and before the one that begins with it.
  void busy.promise.then(() => stops[1].abort());
  busy.resolve();
  await holding;
  await expect(waiting[1]).rejects.toMatchObject({ name: 'AbortError' });
  expect(await last).toBe('done');
  await expect(inTurn(async () => 'never', AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
  expect(await inTurn(async () => 'free', never)).toBe('free');
});

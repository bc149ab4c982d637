/** Asking many things at once. */
import { expect, it, onTestFinished } from 'vitest';
import { nodeClock } from '../../../../src-main/base/node/clock.ts';
import type { AttachedThing } from '../../../../src-main/bearer/discovery.ts';
import { KeyedLock } from '../../../../src-main/cache/keyed-lock.ts';
import { Asker } from '../../../../src-main/host/handsets/asker.ts';
import { HandClock } from '../../../support/hand-clock.ts';

it('asks eight at a time, and forgets those that go while they wait', async () => {
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const asker = new Asker({
    turns: new KeyedLock(),
    clock: nodeClock,
    identify: async (thing) => {
      asked.push(thing.id);
      await new Promise<void>((resolve) => answers.push(resolve));
      return { strong: false, via: thing.id };
    },
    keysOf: ({ id }) => [id],
    otherKeysOf: () => [],
    answered: async () => undefined,
    changed: () => undefined,
    onProblem: (error) => expect.unreachable(String(error)),
  });
  onTestFinished(() => asker.close());
  const things = Array.from(
    { length: 24 },
    (_, n): AttachedThing => ({ id: `usb:1-${n}`, place: `1-${n}`, functions: [] }),
  );
  for (const thing of things) asker.ask(thing);
  await expect.poll(() => asked.length).toBe(8);
  for (const { id } of things.slice(16)) asker.leave(id);
  for (const answer of answers.splice(0)) answer();
  await expect.poll(() => asked.length).toBe(16);
  for (const answer of answers.splice(0)) answer();
  await asker.settled(AbortSignal.timeout(60_000));
  expect(asked).toEqual(things.slice(0, 16).map(({ id }) => id));
});

it('asks nobody at a line on which we wait for a handset that calls', async () => {
  const clock = new HandClock();
  let waits = true;
  const asked: string[] = [];
  const asker = new Asker({
    ...{ clock, turns: new KeyedLock(), occupied: (key) => waits && key === 'serial:/dev/ttyUSB0' },
    identify: async ({ id }) => {
      asked.push(id);
      return { strong: false, via: id };
    },
    keysOf: ({ id }) => [id],
    otherKeysOf: () => [],
    answered: async () => undefined,
    changed: () => undefined,
    onProblem: (error) => expect.unreachable(String(error)),
  });
  onTestFinished(() => asker.close());
  asker.ask({ id: 'serial:/dev/ttyUSB0', place: 'ttyUSB0', functions: [] });
  await clock.pass(10_000);
  await asker.settled(AbortSignal.timeout(60_000));
  expect(asked).toEqual([]);
  waits = false;
  await clock.pass(1_000);
  expect(asked).toEqual(['serial:/dev/ttyUSB0']);
});

it.each([
  ['alone', 0, [0, 5, 20, 80]],
  ['in a crowd, where it may have wanted for time alone', 2, [0, 5, 10, 15, 20, 25, 30, 35, 50, 110]],
])('asks one that is silent again at growing intervals %s', async (_where, others, seconds) => {
  const clock = new HandClock();
  const asked: number[] = [];
  const asker = new Asker({
    ...{ clock, turns: new KeyedLock(), keysOf: ({ id }) => [id], otherKeysOf: () => [] },
    identify: async ({ id }, signal) => {
      if (id === 'silent') asked.push(clock.monotonic() / 1000);
      else await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      return { strong: false, via: id };
    },
    answered: async () => 'bearer/unusable',
    changed: () => undefined,
    onProblem: (error) => expect.unreachable(String(error)),
  });
  onTestFinished(() => asker.close());
  for (let n = 0; n < others; n += 1) asker.ask({ id: `hangs ${n}`, place: `${n}`, functions: [] });
  asker.ask({ id: 'silent', place: 'silent', functions: [] });
  await clock.pass(120_000);
  expect(asked).toEqual(seconds);
});

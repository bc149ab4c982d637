import type { Clock } from '../../src-main/base/clock.ts';

/** Time that passes as soon as nothing else happens: a wait takes as many rounds of the event loop as it needs. */
export function patientClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  let now = 0;
  return {
    slept,
    now: () => new Date(0),
    monotonic: () => now,
    sleep: async (duration, signal) => {
      for (let round = 0; round < 20; round += 1) {
        await new Promise(setImmediate);
        signal.throwIfAborted();
      }
      slept.push(duration);
      now += duration;
    },
  };
}

import type { Clock } from '../../src-main/base/clock.ts';

interface Sleeper {
  readonly until: number;
  readonly duration: number;
  readonly wake: () => void;
}

/** Rounds of the event loop without anybody new who sleeps, after which nothing else is happening. */
const PATIENCE = 20;

/** Time that passes as soon as nothing else happens: then the next one who sleeps is woken, whatever is due. */
export function patientClock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  const sleepers = new Set<Sleeper>();
  let now = 0;
  let changes = 0;
  let running = false;
  const run = async (): Promise<void> => {
    running = true;
    while (sleepers.size > 0) {
      const before = changes;
      for (let round = 0; round < PATIENCE && changes === before; round += 1) await new Promise(setImmediate);
      const [next] = [...sleepers].sort((one, other) => one.until - other.until);
      if (changes !== before || next === undefined) continue;
      now = Math.max(now, next.until);
      slept.push(next.duration);
      next.wake();
    }
    running = false;
  };
  return {
    slept,
    now: () => new Date(now),
    monotonic: () => now,
    sleep: (duration, signal) =>
      new Promise((resolve, reject) => {
        signal.throwIfAborted();
        const leave = (): void => {
          changes += 1;
          sleepers.delete(sleeper);
          signal.removeEventListener('abort', give);
        };
        const give = (): void => {
          leave();
          reject(signal.reason);
        };
        const wake = (): void => {
          leave();
          resolve();
        };
        const sleeper: Sleeper = { until: now + duration, duration, wake };
        sleepers.add(sleeper);
        changes += 1;
        signal.addEventListener('abort', give, { once: true });
        if (!running) void run();
      }),
  };
}

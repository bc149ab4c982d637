import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../clock.ts';

export const nodeClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
  sleep: (duration, signal) => sleep(duration, undefined, { signal }),
};

import type { Clock } from '../clock.ts';
import type { Duration } from '../durations.ts';

/**
 * Whether `work` has come to an end, a failure too, within this time by the clock; what it comes to later is not waited
 * for. Never fails.
 */
export async function settledWithin(limit: Duration, work: Promise<unknown>, clock: Clock): Promise<boolean> {
  const over = new AbortController();
  const isOver = (): boolean => true;
  const isLate = (): boolean => false;
  const settled = await Promise.race([work.then(isOver, isOver), clock.sleep(limit, over.signal).then(isLate, isLate)]);
  over.abort();
  return settled;
}

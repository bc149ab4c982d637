import type { Duration } from '../durations.ts';

/** Whether `work` is over in this time; whatever it comes to later is not waited for. @throws what `work` throws in time */
export async function isOverIn(limit: Duration, work: Promise<void>): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(late.resolve, limit, false);
  try {
    return await Promise.race([work.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

import type { Clock } from '../clock.ts';
import type { Duration } from '../durations.ts';

/**
 * Does `work` with a signal that is aborted together with the given one, and when the time is over by the clock. Which of
 * the two it was the given signal tells.
 * @throws whatever `work` does
 */
export async function withinLimit<T>(
  limit: Duration,
  { clock, signal }: { readonly clock: Clock; readonly signal: AbortSignal },
  work: (limited: AbortSignal) => Promise<T>,
): Promise<T> {
  const [over, done] = [new AbortController(), new AbortController()];
  const late = clock.sleep(limit, AbortSignal.any([signal, done.signal])).then(
    () => over.abort(),
    () => undefined,
  );
  try {
    return await work(AbortSignal.any([signal, over.signal]));
  } finally {
    done.abort();
    await late;
  }
}

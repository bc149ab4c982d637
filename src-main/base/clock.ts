import type { Duration } from './durations.ts';

/** Time as the product sees it; tests put a clock of their own in its place. */
export interface Clock {
  /** Wall time, for what people read. */
  now(): Date;
  /** Monotonic milliseconds, for time limits. */
  monotonic(): number;
  /** Resolves after `duration`; rejects with AbortError when `signal` is aborted first. */
  sleep(duration: Duration, signal: AbortSignal): Promise<void>;
}

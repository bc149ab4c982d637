import type { Clock } from '../../base/clock.ts';
import { type Duration, seconds } from '../../base/durations.ts';
import type { PcAgentError } from '../../base/errors.ts';

/** Between two looks: the system tells Node neither of its interfaces nor of its ports. */
const LOOK_EVERY: Duration = seconds(2);

/** Resolves with why a place has gone, as soon as `look` says it. @throws the signal's reason */
export async function placeGone(
  look: () => PcAgentError | undefined | Promise<PcAgentError | undefined>,
  { clock, signal }: { readonly clock: Pick<Clock, 'sleep'>; readonly signal: AbortSignal },
): Promise<PcAgentError> {
  for (;;) {
    await clock.sleep(LOOK_EVERY, signal);
    const why = await look();
    if (why !== undefined) return why;
  }
}

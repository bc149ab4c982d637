import type { Clock } from '../base/clock.ts';
import { milliseconds, seconds } from '../base/durations.ts';
import { isPcAgentError } from '../base/errors.ts';
import type { Emit } from '../contract/events.ts';
import type { HandsetPlace } from './ports.ts';

/** Between two looks whether the handset is back. */
const LOOK_EVERY = milliseconds(500);
const LOOK_LIMIT = seconds(2);

export interface ReturnWait {
  readonly clock: Clock;
  readonly place: HandsetPlace;
  /** How the link was lost. */
  readonly code: string;
  /** By the monotonic clock. */
  readonly deadline: number;
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/**
 * Waits for a handset whose link was lost until it can be reached at its address.
 * @returns false when it did not come back in time. @throws AbortError
 */
export async function awaitReturn({ clock, place, code, deadline, emit, signal }: ReturnWait): Promise<boolean> {
  const until = new Date(clock.now().getTime() + Math.max(0, deadline - clock.monotonic())).toISOString();
  const event = { type: 'interruption', handset: place.address.text, code, until } as const;
  emit({ ...event, state: 'lost' });
  let back = false;
  while (!back && clock.monotonic() < deadline) {
    await clock.sleep(LOOK_EVERY, signal);
    back = await isThere(place, signal);
  }
  emit({ ...event, state: back ? 'back' : 'given-up' });
  return back;
}

async function isThere({ bearer, address }: HandsetPlace, signal: AbortSignal): Promise<boolean> {
  const limit = AbortSignal.timeout(LOOK_LIMIT);
  try {
    const stream = await bearer.dial(address, { signal: AbortSignal.any([signal, limit]) });
    await stream.close();
    return true;
  } catch (error) {
    if (!isPcAgentError(error, 'bearer') && !limit.aborted) throw error;
    signal.throwIfAborted();
    return false;
  }
}

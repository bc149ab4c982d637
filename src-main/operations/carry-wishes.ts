import { isAbort, isPcAgentError, type PcAgentError } from '../base/errors.ts';
import { NONCE_FORMS } from '../dm/notification/verify-notification.ts';
import type { TriggerNotification } from '../dms/trigger.ts';
import type { RelayOutcome } from '../relay/relay-outcome.ts';
import { NOTIFICATION_IGNORED } from '../relay/relay-session.ts';

/** A server that wants ever more sessions gets no more of them in one go. */
const MOST_SESSIONS = 50;

export interface CarryingSteps {
  /**
   * What the DM server wants next; `undefined`: nothing.
   * @param ignored id of the last notification, when the handset took no notice of it
   */
  readonly next: (ignored: string | undefined) => Promise<TriggerNotification | undefined>;
  readonly relay: (notification: Uint8Array) => Promise<RelayOutcome>;
  /** Whether a further session may follow one that failed. */
  readonly goesOn: (outcome: RelayOutcome) => Promise<boolean>;
}

/** The sessions that were carried, and why there are no more of them. */
export interface Carried {
  readonly outcomes: readonly RelayOutcome[];
  readonly cancelled: boolean;
  /** What came in the way of a further one. */
  readonly trouble?: PcAgentError;
}

/**
 * One session after the other, while the DM server wants one and they can be carried. What was carried counts,
 * whatever comes after it.
 * @throws what came in the way of the first one
 */
export async function carryWishes({ next, relay, goesOn }: CarryingSteps): Promise<Carried> {
  const outcomes: RelayOutcome[] = [];
  let ignored: string | undefined;
  for (let ignoredInTurn = 0; outcomes.length < MOST_SESSIONS; ) {
    try {
      const wish = await next(ignored);
      if (wish === undefined) break;
      const outcome = await relay(wish.body);
      outcomes.push(outcome);
      if (outcome.cancelled) return { outcomes, cancelled: true };
      ignored = outcome.code === NOTIFICATION_IGNORED ? wish.id : undefined;
      ignoredInTurn = ignored === undefined ? 0 : ignoredInTurn + 1;
      // The server may have another nonce to try.
      if (ignoredInTurn > 0 && ignoredInTurn < NONCE_FORMS.length) continue;
      const stands = outcome.state !== 'failed' && outcome.state !== 'aborted';
      if (!(await goesOn(outcome)) && !stands) break;
    } catch (error) {
      if (outcomes.length === 0) throw error;
      if (isAbort(error)) return { outcomes, cancelled: true };
      if (isPcAgentError(error)) return { outcomes, cancelled: false, trouble: error };
      throw error;
    }
  }
  return { outcomes, cancelled: false };
}

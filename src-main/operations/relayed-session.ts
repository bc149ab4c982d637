import { deviceKey } from '../base/device-key.ts';
import { seconds } from '../base/durations.ts';
import { PcAgentError } from '../base/errors.ts';
import type { DmsProfile } from '../dms/profile.ts';
import { pollTrigger, type TriggerNotification } from '../dms/trigger.ts';
import type { Engine } from './engine.ts';
import type { HandsetPlace } from './ports.ts';

/** How long the DM server may take to ask for a session, and for another one when work is left. */
const TRIGGER_LIMIT = seconds(60);

/** Between whom sessions are carried. */
export interface Carriage {
  readonly profile: DmsProfile;
  readonly device: string;
  readonly place: HandsetPlace;
}

/** What became of the last session that the DM server asked for, where it led to nothing. */
export interface LastSession {
  /** Id of its notification, when the handset took no notice of it. */
  readonly ignored?: string | undefined;
  /** Its SessionID, when its link was lost for good. */
  readonly lost?: string | undefined;
}

/** The next session that the DM server wants. @throws PcAgentError `dms/no-notification` when it wants none in time */
export async function nextNotification(
  engine: Engine,
  carriage: Carriage,
  last: LastSession,
  signal: AbortSignal,
): Promise<TriggerNotification> {
  const url = triggerAddress(carriage);
  const stop = new AbortController();
  const limit = AbortSignal.timeout(TRIGGER_LIMIT);
  const { agent, ledger, clock } = engine;
  const wishes = pollTrigger({
    ...{ url, agent, ledger, clock },
    initiator: 'relay',
    ignored: () => last.ignored,
    lost: () => last.lost,
    signal: AbortSignal.any([signal, stop.signal, limit]),
  });
  try {
    for await (const wish of wishes) if (isWishFor(wish, carriage)) return wish;
  } catch (error) {
    if (!limit.aborted || signal.aborted) throw error;
    throw new PcAgentError('dms/no-notification', 'the DM server has the job and does not ask for a session', {
      retry: 'later',
      details: { seconds: TRIGGER_LIMIT / 1000 },
    });
  } finally {
    stop.abort();
  }
  throw new TypeError('the poll for notifications ended without an error');
}

/** A server that does not look at who is asked for gives the notifications of all its handsets. */
export function isWishFor(wish: Pick<TriggerNotification, 'device'>, { device }: Pick<Carriage, 'device'>): boolean {
  return deviceKey(wish.device) === deviceKey(device);
}

/** Where the DM server says which sessions it wants with the handset (contract, section 6). */
export function triggerAddress({ profile, device }: Pick<Carriage, 'profile' | 'device'>): URL {
  const url = new URL('/api/v1/notifications', profile.url);
  url.searchParams.set('device', device);
  return url;
}

import { deviceKey } from '../base/device-key.ts';
import { seconds } from '../base/durations.ts';
import { isAbort, isPcAgentError, PcAgentError } from '../base/errors.ts';
import type { DmsProfile } from '../dms/profile.ts';
import { pollTrigger, type TriggerNotification } from '../dms/trigger.ts';
import { isVirtualDevice } from '../handset/registry.ts';
import { relayDialled } from '../relay/dialled-session.ts';
import type { RelayOutcome } from '../relay/relay-outcome.ts';
import type { RelaySetting } from '../relay/relay-setting.ts';
import type { Engine, WorkContext } from './engine.ts';
import { journalledSession } from './journalled-session.ts';
import type { HandsetPlace } from './ports.ts';

/** How long the DM server may take to ask for a session, and for another one when work is left. */
const TRIGGER_LIMIT = seconds(60);
/** Nothing happens in a session for so long: it has stalled (contract, section 5). */
const IDLE_LIMIT = seconds(120);

/** Between whom sessions are carried. */
export interface Carriage {
  readonly profile: DmsProfile;
  readonly device: string;
  readonly place: HandsetPlace;
}

/** Who is at this address: one session of our own, in which nothing else is asked. */
export async function identify(engine: Engine, place: HandsetPlace, context: WorkContext): Promise<string> {
  const { device, manufacturer, model } = await engine.ownServer.run([], place, context);
  if (device === undefined) {
    throw new PcAgentError('handset/id-unknown', 'the handset did not say who it is: name it with --device', {
      retry: 'after-operator',
    });
  }
  await engine.handsets.met({ device, address: place.address.text, manufacturer, model });
  return device;
}

/** Relays one session, which the notification asks for, when handset and device have their turn. */
export async function relayOne(
  engine: Engine,
  carriage: Carriage,
  notification: Uint8Array,
  context: WorkContext,
): Promise<RelayOutcome> {
  const { place } = carriage;
  const { signal } = context;
  const relay = async (): Promise<RelayOutcome> => {
    signal.throwIfAborted();
    return relayJournalled(engine, carriage, notification, context);
  };
  // Always in this order; our own server takes the two turns in it too.
  return engine.turns.run(
    place.address.text,
    () => engine.turns.run(`device ${carriage.device}`, relay, signal),
    signal,
  );
}

async function relayJournalled(
  engine: Engine,
  carriage: Carriage,
  notification: Uint8Array,
  context: WorkContext,
): Promise<RelayOutcome> {
  const { place, device } = carriage;
  const virtual = isVirtualDevice(device);
  const dms = carriage.profile.url.href;
  const session = journalledSession(
    engine,
    { kind: 'relay', handset: place.address.text, device, dms, virtual },
    context,
  );
  const setting: RelaySetting = {
    profile: carriage.profile,
    idle: IDLE_LIMIT,
    agent: engine.agent,
    ledger: engine.ledger,
    emit: session.emit,
    signal: context.signal,
    onPassing: session.onPassing,
    onMessage: session.onMessage,
    onCompared: session.onCompared,
  };
  try {
    const { bearer, address } = place;
    const outcome = await relayDialled(setting, {
      ...{ bearer, address },
      notifications: [notification],
      label: `unread-${device}`,
    });
    session.ended({ state: outcome.state, code: outcome.code });
    if (outcome.heard) await engine.handsets.met({ device, address: address.text });
    return outcome;
  } catch (error) {
    session.ended(
      isAbort(error)
        ? { state: 'aborted', code: 'relay/cancelled' }
        : { state: 'failed', code: isPcAgentError(error) ? error.code : undefined },
    );
    throw error;
  }
}

/** The next session that the DM server wants. @throws PcAgentError `dms/no-notification` when it wants none in time */
export async function nextNotification(
  engine: Engine,
  carriage: Carriage,
  ignored: string | undefined,
  signal: AbortSignal,
): Promise<TriggerNotification> {
  const url = triggerAddress(carriage);
  const stop = new AbortController();
  const limit = AbortSignal.timeout(TRIGGER_LIMIT);
  const { agent, ledger, clock } = engine;
  const wishes = pollTrigger({
    ...{ url, agent, ledger, clock },
    initiator: 'relay',
    ignored: () => ignored,
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

import { milliseconds, seconds } from '../base/durations.ts';
import { isAbort, isPcAgentError, PcAgentError } from '../base/errors.ts';
import type { JobResult, OperationResult } from '../contract/results.ts';
import { NONCE_FORMS } from '../dm/notification/verify-notification.ts';
import { createDmsJobs, type DmsJobClient, type DmsJobRequest, type DmsJobState } from '../dms/jobs.ts';
import type { DmsProfile } from '../dms/profile.ts';
import { profileFor } from '../dms/profile-store.ts';
import { pollTrigger, type TriggerNotification } from '../dms/trigger.ts';
import { isVirtualDevice } from '../handset/registry.ts';
import { relayDialled } from '../relay/dialled-session.ts';
import type { RelayOutcome } from '../relay/relay-outcome.ts';
import { NOTIFICATION_IGNORED } from '../relay/relay-session.ts';
import type { RelaySetting } from '../relay/relay-setting.ts';
import type { Engine, WorkContext } from './engine.ts';
import { journalledSession } from './journalled-session.ts';
import type { HandsetPlace } from './ports.ts';
import { withoutSecrets } from './views.ts';

/** How long the DM server may take to ask for a session, and for another one when work is left. */
const TRIGGER_LIMIT = seconds(60);
/** How long a job may be open once its session is over: the DM server writes down what it learnt. */
const SETTLE_LIMIT = seconds(5);
const GLANCE = milliseconds(50);
/** Nothing happens in a session for so long: it has stalled (contract, section 5). */
const IDLE_LIMIT = seconds(120);

export interface RelayedWork {
  readonly dms: string;
  readonly place: HandsetPlace;
  readonly operation: OperationResult['operation'];
  /** Without the device, which is found out. One job each. */
  readonly requests: readonly Omit<DmsJobRequest, 'device'>[];
}

/** Jobs are posted to the DM server, which asks for a session; the session is relayed. */
export async function relayedWork(engine: Engine, work: RelayedWork, context: WorkContext): Promise<OperationResult> {
  const profile = profileFor(work.dms, engine.profiles);
  const device = work.place.device ?? (await identify(engine, work.place, context));
  const { agent, ledger } = engine;
  const client = createDmsJobs({ dms: profile.url, agent, ledger, initiator: work.operation });
  const jobs: PostedJob[] = [];
  for (const request of work.requests) {
    jobs.push({ request, id: await client.post({ ...request, device }, context.signal) });
  }
  const carried = await carry(engine, { profile, device, place: work.place, jobs, client }, context);
  const inventory = carried.states.findLast((state) => state?.inventory !== undefined)?.inventory;
  return {
    operation: work.operation,
    device,
    handset: work.place.address.text,
    virtual: isVirtualDevice(device),
    dms: withoutSecrets(profile.url.href),
    sessions: carried.outcomes.map(({ id }) => id),
    jobs: jobs.map((job, index) => jobResult(job, carried.states[index], carried)),
    ...(inventory === undefined ? {} : { components: inventory }),
  };
}

/** Who is at this address: one session of our own, in which nothing else is asked. */
async function identify(engine: Engine, place: HandsetPlace, context: WorkContext): Promise<string> {
  const { device, manufacturer, model } = await engine.ownServer.run([], place, context);
  if (device === undefined) {
    throw new PcAgentError('handset/id-unknown', 'the handset did not say who it is: name it with --device', {
      retry: 'after-operator',
    });
  }
  await engine.handsets.met({ device, address: place.address.text, manufacturer, model });
  return device;
}

interface PostedJob {
  readonly id: string;
  readonly request: RelayedWork['requests'][number];
}

interface Carrying {
  readonly profile: DmsProfile;
  readonly device: string;
  readonly place: HandsetPlace;
  readonly jobs: readonly PostedJob[];
  readonly client: DmsJobClient;
}

interface Carried {
  readonly outcomes: readonly RelayOutcome[];
  readonly states: readonly (DmsJobState | undefined)[];
  readonly cancelled: boolean;
}

/** Relays whenever the DM server asks, until its jobs are settled or a session fails. */
async function carry(engine: Engine, carrying: Carrying, context: WorkContext): Promise<Carried> {
  const { jobs, client } = carrying;
  const outcomes: RelayOutcome[] = [];
  let states: readonly (DmsJobState | undefined)[] = [];
  let ignored: string | undefined;
  for (let ignoredInTurn = 0; ; ) {
    let outcome: RelayOutcome;
    try {
      const wish = await nextNotification(engine, carrying, ignored, context.signal);
      outcome = await relayOne(engine, carrying, wish.body, context);
      ignored = outcome.code === NOTIFICATION_IGNORED ? wish.id : undefined;
    } catch (error) {
      if (isAbort(error) && outcomes.length > 0) return { outcomes, states, cancelled: true };
      // The DM server wants no further session: what it says of the jobs stands.
      if (isPcAgentError(error, 'dms/no-notification') && outcomes.length > 0) break;
      throw error;
    }
    outcomes.push(outcome);
    ignoredInTurn = ignored === undefined ? 0 : ignoredInTurn + 1;
    // The server may have another nonce to try.
    if (ignoredInTurn > 0 && ignoredInTurn < NONCE_FORMS.length && !outcome.cancelled) continue;
    if (outcome.cancelled) return { outcomes, states, cancelled: true };
    states = await settled(engine, client, jobs, context.signal);
    const open = states.some((state) => state === undefined || isOpen(state));
    if (!open || outcome.state === 'failed' || outcome.state === 'aborted') break;
  }
  return { outcomes, states, cancelled: false };
}

async function relayOne(
  engine: Engine,
  carrying: Carrying,
  notification: Uint8Array,
  context: WorkContext,
): Promise<RelayOutcome> {
  const { place } = carrying;
  const { signal } = context;
  const relay = async (): Promise<RelayOutcome> => {
    signal.throwIfAborted();
    return relayJournalled(engine, carrying, notification, context);
  };
  // Always in this order; our own server takes the two turns in it too.
  return engine.turns.run(
    place.address.text,
    () => engine.turns.run(`device ${carrying.device}`, relay, signal),
    signal,
  );
}

async function relayJournalled(
  engine: Engine,
  carrying: Carrying,
  notification: Uint8Array,
  context: WorkContext,
): Promise<RelayOutcome> {
  const { place, device } = carrying;
  const virtual = isVirtualDevice(device);
  const dms = carrying.profile.url.href;
  const session = journalledSession(
    engine,
    { kind: 'relay', handset: place.address.text, device, dms, virtual },
    context,
  );
  const setting: RelaySetting = {
    profile: carrying.profile,
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

async function nextNotification(
  engine: Engine,
  carrying: Carrying,
  ignored: string | undefined,
  signal: AbortSignal,
): Promise<TriggerNotification> {
  const { profile, device } = carrying;
  const url = new URL('/api/v1/notifications', profile.url);
  url.searchParams.set('device', device);
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
    for await (const wish of wishes) return wish;
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

async function settled(
  { clock }: Engine,
  client: DmsJobClient,
  jobs: readonly PostedJob[],
  signal: AbortSignal,
): Promise<readonly DmsJobState[]> {
  const limit = clock.monotonic() + SETTLE_LIMIT;
  for (;;) {
    const states = await Promise.all(jobs.map(({ id }) => client.get(id, signal)));
    if (!states.some(isOpen) || clock.monotonic() > limit) return states;
    await clock.sleep(GLANCE, signal);
  }
}

function isOpen({ state }: DmsJobState): boolean {
  return state === 'queued' || state === 'running';
}

function jobResult({ id, request }: PostedJob, state: DmsJobState | undefined, carried: Carried): JobResult {
  const base = {
    job: id,
    ...(request.package === undefined ? {} : { package: request.package }),
    ...(request.component === undefined ? {} : { component: request.component }),
    ...(state?.resultCode === undefined ? {} : { resultCode: state.resultCode }),
  };
  if (state?.state === 'done') return { ...base, state: 'done' };
  if (carried.cancelled) return { ...base, state: 'cancelled', code: 'host/cancelled', message: 'broken off here' };
  const session = carried.outcomes.at(-1);
  if (state?.state === 'failed') {
    const code = session?.state === 'failed' ? session.code : undefined;
    const result = state.resultCode === undefined ? '' : ` with result code ${state.resultCode}`;
    return {
      ...base,
      state: 'failed',
      code: code ?? 'dms/job-failed',
      message: state.message ?? `the DM server calls the job failed${result}`,
    };
  }
  return {
    ...base,
    state: 'failed',
    code: session?.code ?? 'dms/job-open',
    message: session?.message ?? 'the session is over and the DM server has not settled the job',
  };
}

import { milliseconds, seconds } from '../base/durations.ts';
import { isAbort, isPcAgentError } from '../base/errors.ts';
import type { JobResult, OperationResult } from '../contract/results.ts';
import { NONCE_FORMS } from '../dm/notification/verify-notification.ts';
import { createDmsJobs, type DmsJobClient, type DmsJobRequest, type DmsJobState } from '../dms/jobs.ts';
import { profileFor } from '../dms/profile-store.ts';
import { isVirtualDevice } from '../handset/registry.ts';
import { boundedDifference } from '../jobs/bounded-difference.ts';
import { NOTHING_TO_DO } from '../offline/work-result.ts';
import type { RelayOutcome } from '../relay/relay-outcome.ts';
import { NOTIFICATION_IGNORED } from '../relay/relay-session.ts';
import type { Engine, WorkContext } from './engine.ts';
import type { HandsetPlace } from './ports.ts';
import { type Carriage, identify, nextNotification, relayOne } from './relayed-session.ts';
import { withoutSecrets } from './views.ts';

/** How long a job may be open once its session is over: the DM server writes down what it learnt. */
const SETTLE_LIMIT = seconds(5);
const GLANCE = milliseconds(50);
/** Characters of what a DM server says was in the way. */
const MAX_PROBLEM = 300;

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

interface PostedJob {
  readonly id: string;
  readonly request: RelayedWork['requests'][number];
}

interface Carrying extends Carriage {
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
    ...differenceOf(state),
  };
  if (state?.state === 'done') {
    return isIdle(request, state) ? { ...base, ...skipped(state) } : { ...base, state: 'done' };
  }
  if (carried.cancelled) return { ...base, state: 'cancelled', code: 'host/cancelled', message: 'broken off here' };
  const session = carried.outcomes.at(-1);
  if (state?.state === 'failed') {
    const code = session?.state === 'failed' ? session.code : undefined;
    const result = state.resultCode === undefined ? '' : ` with result code ${state.resultCode}`;
    return {
      ...base,
      state: 'failed',
      code: code ?? 'dms/job-failed',
      message: withProblem(state.message ?? `the DM server calls the job failed${result}`, state),
    };
  }
  return {
    ...base,
    state: 'failed',
    code: session?.code ?? 'dms/job-open',
    message: session?.message ?? 'the session is over and the DM server has not settled the job',
  };
}

/** An update for which the handset was told nothing. */
function isIdle({ operation }: PostedJob['request'], { resultCode, softwareFacts }: DmsJobState): boolean {
  if (operation !== 'update' || resultCode !== undefined) return false;
  const { added = [], removed = [], changed = [] } = softwareFacts?.difference ?? {};
  return added.length + removed.length + changed.length === 0;
}

function skipped({ message }: DmsJobState): Pick<JobResult, 'state' | 'code' | 'message'> {
  return { state: 'skipped', code: NOTHING_TO_DO, ...(message === undefined ? {} : { message }) };
}

/** What the DM server saw of it before and after. */
function differenceOf(state: DmsJobState | undefined): Pick<JobResult, 'difference'> {
  const difference = state?.softwareFacts?.difference;
  if (difference !== undefined) return { difference: boundedDifference(difference) };
  const { before, after } = state?.firmwareFacts ?? {};
  if (before === undefined || after === undefined) return {};
  const changed = before === after ? [] : [{ id: 'firmware', field: 'version', before, after }];
  return { difference: { added: [], removed: [], changed } };
}

function withProblem(message: string, { softwareFacts }: DmsJobState): string {
  return softwareFacts?.problem === undefined ? message : `${message}: ${softwareFacts.problem.slice(0, MAX_PROBLEM)}`;
}

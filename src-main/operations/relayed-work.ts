import { milliseconds, seconds } from '../base/durations.ts';
import { isAbort, isPcAgentError } from '../base/errors.ts';
import { isVirtualDevice } from '../base/imei.ts';
import { withoutSecrets } from '../base/node/shown-address.ts';
import type { JobResult, OperationResult } from '../contract/results.ts';
import { createDmsJobs, type DmsJobClient, type DmsJobRequest, type DmsJobState } from '../dms/jobs.ts';
import type { DmsProfile } from '../dms/profile.ts';
import { boundedDifference } from '../jobs/bounded-difference.ts';
import { NOTHING_TO_DO } from '../offline/work-result.ts';
import type { RelayOutcome } from '../relay/relay-outcome.ts';
import { type Carried, carryWishes } from './carry-wishes.ts';
import type { Engine, WorkContext } from './engine.ts';
import type { HandsetPlace } from './ports.ts';
import { RelayedLine } from './relayed-line.ts';
import { type Carriage, nextNotification } from './relayed-session.ts';
import { whoIsThere } from './who-is-there.ts';

/** How long a job may be open once its session is over: the DM server writes down what it learnt. */
const SETTLE_LIMIT = seconds(5);
const GLANCE = milliseconds(50);
/** Characters of what a DM server says was in the way. */
const MAX_PROBLEM = 300;

export interface RelayedWork {
  readonly profile: DmsProfile;
  readonly place: HandsetPlace;
  readonly operation: OperationResult['operation'];
  /** Without the device, which is found out. One job each. */
  readonly requests: readonly Omit<DmsJobRequest, 'device'>[];
}

/** Jobs are posted to the DM server, which asks for a session; the session is relayed. */
export async function relayedWork(engine: Engine, work: RelayedWork, context: WorkContext): Promise<OperationResult> {
  const { profile } = work;
  const device = work.place.device ?? (await whoIsThere(engine, work.place, context));
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

interface CarriedJobs extends Carried {
  /** What the DM server said of its jobs last. */
  readonly states: readonly (DmsJobState | undefined)[];
}

/** Relays whenever the DM server asks, until its jobs are settled or a session fails that nothing can follow. */
async function carry(engine: Engine, carrying: Carrying, context: WorkContext): Promise<CarriedJobs> {
  const { jobs, client } = carrying;
  const { signal } = context;
  const line = new RelayedLine(engine, carrying, context);
  let states: readonly DmsJobState[] | undefined;
  let begun = false;
  const carried = await carryWishes({
    async next(ignored) {
      if (begun && ignored === undefined && line.lost === undefined) {
        states = await settled(engine, client, jobs, signal);
        if (!states.some(isOpen)) return undefined;
      }
      try {
        return await nextNotification(engine, carrying, { ignored, lost: line.lost }, signal);
      } catch (error) {
        // The DM server wants no further session: what it says of the jobs stands.
        if (begun && isPcAgentError(error, 'dms/no-notification')) return undefined;
        throw error;
      }
    },
    relay(notification) {
      begun = true;
      return line.relay(notification);
    },
    goesOn: (outcome) => line.goesOn(outcome),
  });
  const last = carried.outcomes.at(-1);
  if (carried.cancelled || carried.trouble !== undefined || !isFailed(last))
    return { ...carried, states: states ?? [] };
  try {
    return { ...carried, states: await settled(engine, client, jobs, signal) };
  } catch (error) {
    // The sessions are over: what is known of them counts.
    if (isAbort(error)) return { ...carried, cancelled: true, states: states ?? [] };
    if (isPcAgentError(error)) return { ...carried, trouble: error, states: states ?? [] };
    throw error;
  }
}

function isFailed(outcome: RelayOutcome | undefined): boolean {
  return outcome?.state === 'failed' || outcome?.state === 'aborted';
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

function jobResult({ id, request }: PostedJob, state: DmsJobState | undefined, carried: CarriedJobs): JobResult {
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
    code: carried.trouble?.code ?? session?.code ?? 'dms/job-open',
    message:
      carried.trouble?.message ?? session?.message ?? 'the session is over and the DM server has not settled the job',
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

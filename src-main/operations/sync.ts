import { milliseconds, seconds } from '../base/durations.ts';
import { isPcAgentError } from '../base/errors.ts';
import { isVirtualDevice } from '../base/imei.ts';
import { withoutSecrets } from '../base/node/shown-address.ts';
import type { ParamsOf } from '../contract/requests.ts';
import type { JobResult, OperationResult } from '../contract/results.ts';
import { createJobList, isOpenJob, isWaitingJob, type JobListClient, type ListedJob } from '../dms/job-list.ts';
import { profileFor } from '../dms/profile-store.ts';
import { lookForNotifications, type TriggerNotification } from '../dms/trigger.ts';
import { assertOnline } from '../net/ledger.ts';
import type { RelayOutcome } from '../relay/relay-outcome.ts';
import { type Carried, carryWishes } from './carry-wishes.ts';
import type { Engine, WorkContext } from './engine.ts';
import { findPlace } from './handset-place.ts';
import { RelayedLine } from './relayed-line.ts';
import { type Carriage, isWishFor, type LastSession, nextNotification, triggerAddress } from './relayed-session.ts';
import { whoIsThere } from './who-is-there.ts';

/** How long the DM server may take to think of a session before it counts as wanting none. */
const GLANCE = seconds(1);
/** Jobs of one handset that are looked at. */
const JOBS = 500;
/** What says that a server has no list of jobs, or none that is of use. */
const NO_LIST = ['dms/answer-unexpected', 'dms/http-status', 'dms/answer-too-large', 'dms/answer-malformed'] as const;
/** How long a job may be at work once the sessions are over: the DM server writes down what it learnt. */
const SETTLE_LIMIT = seconds(3);
const SETTLE_LOOK = milliseconds(100);

/**
 * Carries the sessions that a DM server wants with a handset, until it wants no more. What became of its jobs is what
 * the server itself says of them; a server that has no list of jobs is judged by the sessions.
 */
export async function sync(engine: Engine, params: ParamsOf<'sync'>, context: WorkContext): Promise<OperationResult> {
  const profile = profileFor(params.dms, engine.profiles);
  const { agent, ledger } = engine;
  // The handset is left in peace when nobody could be asked what to do with it.
  assertOnline(ledger, profile.url.hostname);
  const place = await findPlace(engine, params, context);
  const jobs = createJobList({ dms: profile.url, agent, ledger, initiator: 'sync' });
  const device = place.device ?? (await whoIsThere(engine, place, context));
  const before = await listed(jobs, device, context.signal);
  const carrying = { profile, device, place, jobs };
  const line = new RelayedLine(engine, carrying, context);
  const carried = await carryWishes({
    next: (ignored) => nextWish(engine, carrying, { ignored, lost: line.lost }, context.signal),
    relay: (notification) => line.relay(notification),
    goesOn: (outcome) => line.goesOn(outcome),
  });
  const after = await settled(engine, jobs, device, carried, context.signal);
  return {
    operation: 'sync',
    device,
    handset: place.address.text,
    virtual: isVirtualDevice(device),
    dms: withoutSecrets(profile.url.href),
    sessions: carried.outcomes.map(({ id }) => id),
    jobs: resultsOf(before, after, carried),
  };
}

interface Carrying extends Carriage {
  readonly jobs: JobListClient;
}

/** What the server wants next: at once, or, while jobs of the handset wait with it, within the time that it may take. */
async function nextWish(
  engine: Engine,
  carrying: Carrying,
  last: LastSession,
  signal: AbortSignal,
): Promise<TriggerNotification | undefined> {
  const { agent, ledger } = engine;
  const url = triggerAddress(carrying);
  const { ignored, lost } = last;
  const news = { ignored: () => ignored, lost: () => lost };
  const look = { url, agent, ledger, initiator: 'sync', signal, ...news, wait: GLANCE };
  const wish = (await lookForNotifications(look)).find((each) => isWishFor(each, carrying));
  if (wish !== undefined) return wish;
  // A wish that was handed out lately is not handed out again at once.
  const jobs = await listed(carrying.jobs, carrying.device, signal);
  if (jobs?.some(isWaitingJob) !== true) return undefined;
  try {
    return await nextNotification(engine, carrying, last, signal);
  } catch (error) {
    if (isPcAgentError(error, 'dms/no-notification')) return undefined;
    throw error;
  }
}

/** The server's jobs of a handset; `undefined`: it has no list of them. */
async function listed(
  jobs: JobListClient,
  device: string,
  signal: AbortSignal,
): Promise<readonly ListedJob[] | undefined> {
  try {
    return await jobs.list(device, JOBS, signal);
  } catch (error) {
    if (NO_LIST.some((code) => isPcAgentError(error, code))) return undefined;
    throw error;
  }
}

async function settled(
  { clock }: Engine,
  jobs: JobListClient,
  device: string,
  { outcomes, cancelled, trouble }: Carried,
  signal: AbortSignal,
): Promise<readonly ListedJob[] | undefined> {
  if (outcomes.length === 0 || cancelled || trouble !== undefined) return undefined;
  const limit = clock.monotonic() + SETTLE_LIMIT;
  for (;;) {
    let found: readonly ListedJob[] | undefined;
    try {
      found = await listed(jobs, device, signal);
    } catch (error) {
      // The sessions are over: what is known of them counts.
      if (isPcAgentError(error)) return undefined;
      throw error;
    }
    if (found?.some(({ state }) => state === 'running') !== true || clock.monotonic() > limit) return found;
    await clock.sleep(SETTLE_LOOK, signal);
  }
}

function resultsOf(
  before: readonly ListedJob[] | undefined,
  after: readonly ListedJob[] | undefined,
  carried: Carried,
): JobResult[] {
  const { outcomes, cancelled, trouble } = carried;
  if (outcomes.length === 0) {
    return [{ state: 'skipped', code: 'dms/no-work', message: 'the DM server wants no session with this handset' }];
  }
  if (cancelled) return [{ state: 'cancelled', code: 'host/cancelled', message: 'broken off here' }];
  if (trouble !== undefined) return [{ state: 'failed', code: trouble.code, message: trouble.message }];
  const over = new Set(before?.filter((job) => !isOpenJob(job)).map(({ id }) => id));
  // Those that were open, and those that came meanwhile; what waits for somebody's approval was not this work's.
  const touched = after?.filter((job) => !over.has(job.id) && (job.state !== 'queued' || isWaitingJob(job))) ?? [];
  if (touched.length > 0) return touched.toReversed().map((job) => jobResult(job, outcomes.at(-1)));
  return outcomes.slice(-1).map(sessionResult);
}

function jobResult(job: ListedJob, session: RelayOutcome | undefined): JobResult {
  const base = {
    job: job.id,
    ...(job.package === undefined ? {} : { package: job.package }),
    ...(job.component === undefined ? {} : { component: job.component }),
    ...(job.resultCode === undefined ? {} : { resultCode: job.resultCode }),
  };
  const code = session?.state === 'failed' || session?.state === 'aborted' ? session.code : undefined;
  switch (job.state) {
    case 'done':
      return { ...base, state: 'done' };
    case 'failed': {
      const result = job.resultCode === undefined ? '' : ` with result code ${job.resultCode}`;
      const message = job.message ?? `the DM server calls the job failed${result}`;
      return { ...base, state: 'failed', code: code ?? 'dms/job-failed', message };
    }
    case 'queued':
    case 'running': {
      const message = session?.message ?? 'the sessions are over and the DM server has not settled the job';
      return { ...base, state: 'failed', code: code ?? 'dms/job-open', message };
    }
  }
}

/** Where the DM server says nothing of jobs. */
function sessionResult({ state, code, message }: RelayOutcome): JobResult {
  if (state === 'done' || state === 'ended-unread') return { state: 'done' };
  return { state: 'failed', code: code ?? 'dms/job-open', ...(message === undefined ? {} : { message }) };
}

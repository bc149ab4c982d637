import type { Clock } from '../base/clock.ts';
import { seconds } from '../base/durations.ts';
import { PcAgentError } from '../base/errors.ts';
import { nodeDigest, nodeRandom } from '../base/node/digest.ts';
import type { Cache } from '../cache/cache.ts';
import { KeyedLock } from '../cache/keyed-lock.ts';
import type { JobResult } from '../contract/results.ts';
import { type HandsetRegistry, isVirtualDevice } from '../handset/registry.ts';
import type { Job } from '../jobs/job.ts';
import { isEnd } from '../jobs/job-state.ts';
import type { JobStore } from '../jobs/job-store.ts';
import type { Journal } from '../journal/journal.ts';
import type { NonceKeeper } from '../management-server/nonces.ts';
import { type RunJobsOutcome, runJobs } from '../offline/run-jobs.ts';
import type { WorkContext } from './engine.ts';
import { ownAccount } from './own-account.ts';
import type { HandsetPlace, OwnOrder, OwnOutcome, OwnServer } from './ports.ts';

export interface OwnServerOptions {
  readonly clock: Clock;
  readonly jobs: JobStore;
  readonly cache: Cache;
  readonly handsets: HandsetRegistry;
  readonly journal: Journal;
  readonly nonces: NonceKeeper;
}

/** Sessions in which a handset that has begun is asked how it ended, and the time between two. */
const MAX_LOOKS = 4;
const LOOK_AGAIN = seconds(5);

/** The PC's own DM server on what the host keeps: orders become jobs, which outlive this process. */
export function createOwnServer(options: OwnServerOptions): OwnServer {
  /** Two sessions with one handset at a time would disturb each other. */
  const turns = new KeyedLock();
  return {
    run: (orders, place, context) =>
      turns.run(place.address.text, () => {
        context.signal.throwIfAborted();
        return work(options, orders, place, context);
      }),
  };
}

async function work(
  options: OwnServerOptions,
  orders: readonly OwnOrder[],
  place: HandsetPlace,
  context: WorkContext,
): Promise<OwnOutcome> {
  const { jobs: store, clock } = options;
  const ids = await take(options, orders, place);
  const sessions: string[] = [];
  for (let look = 1; ; look += 1) {
    const open = ids.map((id) => known(store, id)).filter(({ state }) => !isEnd(state));
    const { session, after } = await oneSession(options, open, place, context);
    sessions.push(session.id);
    const { device, facts } = session;
    const jobs = ids.map((id) => known(store, id));
    const awaited = jobs.some(({ state }) => state === 'waiting');
    if (!awaited || session.cancelled || look === MAX_LOOKS) {
      if (orders.length === 0 && !session.ok) {
        throw new PcAgentError(session.code ?? 'dm/failed', session.message ?? 'the session failed', {
          retry: 'later',
        });
      }
      const manufacturer = facts?.devInfo.get('./DevInfo/Man');
      const model = facts?.devInfo.get('./DevInfo/Mod');
      return {
        device,
        manufacturer,
        model,
        sessions,
        jobs: jobs.map(resultOf),
        components: after?.map((entry) => ({ ...entry })),
      };
    }
    await clock.sleep(LOOK_AGAIN, context.signal).catch(() => undefined);
  }
}

/**
 * Makes jobs of orders. Work that was ordered before and is still open (its process died) is taken up instead of being
 * ordered again.
 */
async function take(
  { jobs: store }: OwnServerOptions,
  orders: readonly OwnOrder[],
  { address, device }: HandsetPlace,
): Promise<readonly string[]> {
  const open = store.list({ open: true }).filter((job) => job.handset === address.text && job.state !== 'running');
  const ids: string[] = [];
  for (const order of orders) {
    const same = open.find(
      (job) =>
        job.operation === order.operation &&
        job.operation !== 'inventory' &&
        job.package === order.package &&
        job.component === order.component &&
        (job.device === undefined || device === undefined || job.device === device),
    );
    if (same !== undefined) ids.push(same.id);
    else
      for (const job of await store.order({ ...order, handsets: [{ handset: address.text, device }] }))
        ids.push(job.id);
  }
  return ids;
}

async function oneSession(
  options: OwnServerOptions,
  jobs: readonly Job[],
  place: HandsetPlace,
  context: WorkContext,
): Promise<RunJobsOutcome> {
  const { jobs: store, cache, handsets, journal, nonces } = options;
  const { bearer, address } = place;
  const probably = place.device ?? handsets.list().find((each) => each.address === address.text)?.device;
  const virtual = probably !== undefined && isVirtualDevice(probably);
  const account = ownAccount(nonces, probably);
  const dms = account.serverId;
  const record = journal.sessionStarted({
    kind: 'management-server',
    handset: address.text,
    device: place.device,
    dms,
    virtual,
  });
  try {
    const outcome = await runJobs({
      ...{ jobs, store },
      packages: {
        find: (id) => cache.show(id),
        bytes: (digest) => cache.bytes(digest, context.signal),
      },
      manage: {
        via: { kind: 'dial', bearer, address },
        device: place.device,
        ...{ account, nonces },
        digest: nodeDigest,
        random: nodeRandom,
        signal: context.signal,
        emit: virtual ? (event) => context.emit({ ...event, virtual }) : context.emit,
        onMessage(envelope, direction, summary) {
          record.message(envelope, direction, summary);
          context.onMessage(envelope, direction, summary);
        },
      },
    });
    const { ok, code, cancelled, device } = outcome.session;
    const broken = cancelled || code === 'dm/aborted';
    record.sessionEnded({ state: ok ? 'done' : broken ? 'aborted' : 'failed', code, device });
    return outcome;
  } finally {
    // Nothing happens when it has ended above.
    record.sessionEnded({ state: 'failed', code: 'job/interrupted' });
  }
}

function resultOf(job: Job): JobResult {
  const { id, state, code, message, resultCode } = job;
  const base = {
    job: id,
    ...(job.package === undefined ? {} : { package: job.package }),
    ...(job.component === undefined ? {} : { component: job.component }),
    ...(resultCode === undefined ? {} : { resultCode }),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
  };
  if (isEnd(state)) return { ...base, state };
  return {
    ...base,
    state: 'waiting',
    code: 'scomo/completion-awaited',
    message: 'the handset has begun and has not said yet how it ended',
  };
}

function known(store: JobStore, id: string): Job {
  const job = store.get(id);
  if (job === undefined) throw new TypeError('a job that was taken is not there');
  return job;
}

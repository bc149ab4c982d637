import type { Clock } from '../base/clock.ts';
import { milliseconds, seconds } from '../base/durations.ts';
import { PcAgentError } from '../base/errors.ts';
import { isVirtualDevice } from '../base/imei.ts';
import { nodeDigest, nodeRandom } from '../base/node/digest.ts';
import type { Bearers } from '../bearer/bearers.ts';
import type { Cache } from '../cache/cache.ts';
import type { KeyedLock } from '../cache/keyed-lock.ts';
import type { JobResult } from '../contract/results.ts';
import { ReadAhead } from '../dm/large-object/read-ahead.ts';
import type { HandsetRegistry } from '../handset/registry.ts';
import type { Job } from '../jobs/job.ts';
import { isLinkLost } from '../jobs/job-rows.ts';
import { isEnd } from '../jobs/job-state.ts';
import type { JobStore } from '../jobs/job-store.ts';
import type { Journal } from '../journal/journal.ts';
import { connect } from '../management-server/manage-handset.ts';
import { type RunJobsOutcome, runJobs } from '../offline/run-jobs.ts';
import type { OfferedPackage } from '../offline/suitable-package.ts';
import type { WorkContext } from './engine.ts';
import { probableDevice } from './handset-place.ts';
import { journalledSession } from './journalled-session.ts';
import { clientOf, type KeepsSession } from './keeps-session.ts';
import type { PackageShelf } from './listening/package-shelf.ts';
import { isNobody, Onward, OTHER_HANDSET, type Seen } from './onward.ts';
import type { OwnAccounts } from './own-accounts.ts';
import type { HandsetPlace, OwnOrder, OwnOutcome, OwnServer } from './ports.ts';
import { servedPackage } from './served-package.ts';

export interface OwnServerOptions {
  readonly clock: Clock;
  readonly jobs: JobStore;
  readonly cache: Cache;
  readonly handsets: HandsetRegistry;
  readonly journal: Journal;
  readonly accounts: OwnAccounts;
  /** What handsets fetch by themselves. */
  readonly shelf: Pick<PackageShelf, 'offer'>;
  /** Of sessions with one address, and of those with one handset wherever it is met. */
  readonly turns: KeyedLock;
  readonly bearers: Pick<Bearers, 'for'>;
  /** Whose DM client goes on with a session over another link. */
  readonly keepsSession: KeepsSession;
  readonly seen?: Seen;
}

/** An order that its process did not begin is taken up when it is given again within a day; then it expires. */
const VALID_FOR = seconds(24 * 3600);
/** Sessions in which a handset that has begun is asked how it ended, and the time between two. */
const MAX_LOOKS = 4;
const LOOK_AGAIN = seconds(5);
/** How long a handset may take to fetch what it was told to. */
const OFFER_LIFE = seconds(3600);
/** What a handset that works on its firmware is given before it is asked again how far it is. */
const MOMENT = milliseconds(300);

/** The PC's own DM server on what the host keeps: orders become jobs, which outlive this process. */
export function createOwnServer(options: OwnServerOptions): OwnServer {
  return {
    async run(orders, place, context) {
      const onward = new Onward({ ...options, ...context });
      try {
        await onward.enter(place);
        context.signal.throwIfAborted();
        return await work(options, orders, place, { ...context, onward });
      } finally {
        onward.leave();
      }
    },
  };
}

interface OnwardContext extends WorkContext {
  readonly onward: Onward;
}

async function work(
  options: OwnServerOptions,
  orders: readonly OwnOrder[],
  place: HandsetPlace,
  context: OnwardContext,
): Promise<OwnOutcome> {
  const { jobs: store } = options;
  const { ids, device: expected } = await take(options, orders, place);
  const sessions: string[] = [];
  const patience = new Patience(options, context);
  let at: HandsetPlace = { ...place, device: expected };
  for (;;) {
    const open = ids.map((id) => known(store, id)).filter(({ state }) => !isEnd(state));
    const held = await oneSession(options, open, at, context);
    const { session, after } = held.outcome;
    sessions.push(session.id);
    const { device, facts } = session;
    const next = await patience.next(ids, held);
    if (next !== undefined) at = next;
    else {
      const jobs = ids.map((id) => known(store, id));
      if (orders.length === 0 && !session.ok) {
        throw new PcAgentError(session.code ?? 'dm/failed', session.message ?? 'the session failed', {
          retry: 'later',
        });
      }
      const said = {
        manufacturer: facts?.devInfo.get('./DevInfo/Man'),
        model: facts?.devInfo.get('./DevInfo/Mod'),
      };
      if (device !== undefined) {
        const address = held.place.address.text;
        const left = context.onward.lost || (!session.ok && isLinkLost(session.code));
        await options.handsets.met({ device, address, ...said, left });
      }
      return {
        device,
        ...said,
        sessions,
        jobs: jobs.map(resultOf),
        components: after?.map((entry) => ({ ...entry })),
      };
    }
  }
}

/** A session as it was held. */
interface Held {
  readonly outcome: RunJobsOutcome;
  /** Where it was in the end. */
  readonly place: HandsetPlace;
  /** Its messages. */
  readonly reached: number;
}

/** Whether after a session there is another one: the handset has not said how its work ended, or its link was lost. */
class Patience {
  readonly #options: OwnServerOptions;
  readonly #context: OnwardContext;
  #looks = 0;

  constructor(options: OwnServerOptions, context: OnwardContext) {
    this.#options = options;
    this.#context = context;
  }

  /** Where the next session is held; `undefined`: there is none. */
  async next(ids: readonly string[], held: Held): Promise<HandsetPlace | undefined> {
    const { jobs: store, clock } = this.#options;
    const { onward, signal } = this.#context;
    const { session } = held.outcome;
    const open = ids.map((id) => known(store, id)).filter(({ state }) => !isEnd(state));
    if ((ids.length > 0 && open.length === 0) || session.cancelled) return undefined;
    const { code = 'dm/session-cut' } = session;
    if (!session.ok && mayGoOn(onward, code)) return this.#elsewhere(open, held, code);
    onward.wentThrough();
    this.#looks += 1;
    if (this.#looks >= MAX_LOOKS || !open.some(({ state }) => state === 'waiting')) return undefined;
    return clock.sleep(LOOK_AGAIN, signal).then(
      () => held.place,
      () => undefined,
    );
  }

  /** Work that the handset had not begun has failed when there is no way to it. */
  async #elsewhere(open: readonly Job[], held: Held, code: string): Promise<HandsetPlace | undefined> {
    const { jobs: store } = this.#options;
    const { signal, onward, reconnect } = this.#context;
    const { place, reached } = held;
    const { session } = held.outcome;
    if (code === OTHER_HANDSET) onward.isStranger(place);
    // Whoever was there: it goes on with the same handset only.
    const device = place.device ?? session.device;
    try {
      const next = await onward.next({ place: { ...place, device }, device, code, reached });
      if (next !== undefined) return { ...next, device };
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    const message = reconnect === undefined ? session.message : 'the handset did not come back in time';
    for (const { id, state } of open) {
      if (state !== 'queued') continue;
      if (signal.aborted) await store.cancel(id);
      else await store.finish(id, { state: 'failed', code, message });
    }
    return undefined;
  }
}

/** The link was lost, or has been before and the handset is not where its work was to go on. */
function mayGoOn(onward: Onward, code: string | undefined): boolean {
  if (isLinkLost(code)) return true;
  return onward.lost && (code === OTHER_HANDSET || isNobody(code));
}

interface Taken {
  readonly ids: readonly string[];
  /** Who has to be there. */
  readonly device: string | undefined;
}

/**
 * Makes jobs of orders. An order that was given before and is still open (its process died) is taken up instead of
 * being given again; when its handset was known, that one has to be there.
 */
async function take(options: OwnServerOptions, orders: readonly OwnOrder[], place: HandsetPlace): Promise<Taken> {
  const { jobs: store, clock } = options;
  const { address } = place;
  const open = store.list({ open: true }).filter((job) => job.handset === address.text && job.state !== 'running');
  const probably = probableDevice(place, options.handsets);
  const validUntil = new Date(clock.now().getTime() + VALID_FOR).toISOString();
  const ids: string[] = [];
  let { device } = place;
  for (const order of orders) {
    const same = open.find((job) => isSame(job, order) && (job.device === undefined || job.device === probably));
    if (same !== undefined) {
      ids.push(same.id);
      device ??= same.device;
      continue;
    }
    const made = await store.order({
      ...order,
      validUntil,
      handsets: [{ handset: address.text, device: place.device }],
    });
    ids.push(...made.map(({ id }) => id));
  }
  return { ids, device };
}

/** Whether an open job is what is ordered now. What a handset has begun is, however it was allowed. */
function isSame(job: Job, order: OwnOrder): boolean {
  if (job.operation === 'inventory' || job.operation !== order.operation) return false;
  if (job.package !== order.package || job.component !== order.component) return false;
  if (job.inactive !== (order.inactive === true)) return false;
  const allowed =
    job.allowUnverified === (order.allowUnverified === true) &&
    job.consent?.policy === order.consent?.policy &&
    job.reportTo === order.reportTo;
  return job.begun || allowed;
}

async function oneSession(
  options: OwnServerOptions,
  jobs: readonly Job[],
  place: HandsetPlace,
  context: OnwardContext,
): Promise<Held> {
  const { jobs: store, cache, handsets, turns } = options;
  const { bearer, address } = place;
  const { onward } = context;
  let at = place;
  let reached = 0;
  const probably = probableDevice(place, options.handsets);
  const virtual = probably !== undefined && isVirtualDevice(probably);
  const [{ account, nonces }, ...others] = options.accounts.candidates(probably, address.text);
  const session = journalledSession(
    options,
    { kind: 'management-server', handset: address.text, device: place.device, dms: account.serverId, virtual },
    context,
  );
  let endTurn: (() => void) | undefined;
  try {
    const outcome = await runJobs({
      ...{ jobs, store },
      // Whether it goes on is seen when the link is lost: by then there is another way, or there is none.
      resume: (code) => mayGoOn(onward, code),
      pause: () => options.clock.sleep(MOMENT, context.signal),
      // It may be met at another address at the same time: before it is looked at, that session has to be over.
      // By it an order whose process dies is known again, so it must be on the disk as early as the order's own device.
      onDevice: async (device) => {
        await handsets.met({ device, address: at.address.text, speaksDm: true });
        endTurn ??= await turns.take(`device ${device}`, context.signal);
      },
      packages: {
        find: (id) => context.packages?.get(id) ?? cache.show(id),
        head: (digest, length) => cache.head(digest, length),
        open: async (digest) => {
          const { size, read } = await cache.pieces(digest, context.signal);
          return new ReadAhead(size, read);
        },
        ...(context.download === true ? { offer: (found) => offered(options, found, context.signal) } : {}),
      },
      manage: {
        via: { kind: 'dial', bearer, address },
        device: place.device,
        ...{ account, nonces, others },
        onProven: (proven, known) => options.accounts.proven(proven, at.address.text, known),
        digest: nodeDigest,
        random: nodeRandom,
        signal: context.signal,
        emit: session.emit,
        reopen: async (loss, lost) => {
          const { device } = lost;
          if (!options.keepsSession(clientOf(lost.facts, handsets.find(device)))) return undefined;
          const missing = { place: at, device, code: loss.code, reached };
          const manage = { signal: context.signal };
          const found = await onward.open(missing, (there, signal) => connect({ ...manage, signal }, there), true);
          if (found === undefined) return undefined;
          at = { ...found.place, device: at.device };
          return { link: found.opened, wentOn: () => onward.wentOn('repeated', at, session.emit, lost.id) };
        },
        onPassing(direction, summary) {
          if (direction === 'to-dms') onward.wentOn('new-session', at, session.emit, summary.sessionId);
          session.onPassing(direction, summary);
        },
        onMessage(envelope, direction, summary) {
          reached += 1;
          session.onMessage(envelope, direction, summary);
        },
      },
    });
    const { ok, code, cancelled, device } = outcome.session;
    const broken = cancelled || code === 'dm/aborted';
    session.ended({
      state: ok ? 'done' : broken ? 'aborted' : 'failed',
      code,
      device,
      virtual: device !== undefined && isVirtualDevice(device),
    });
    return { outcome, place: at, reached };
  } finally {
    endTurn?.();
    // Nothing happens when it has ended above.
    session.ended({ state: 'failed', code: 'job/interrupted' });
  }
}

/** A handset may fetch it when its session is over: the offer outlives that. @returns its descriptor's address */
async function offered(
  { cache, shelf }: OwnServerOptions,
  found: OfferedPackage,
  signal: AbortSignal,
): Promise<string> {
  const offer = shelf.offer(await servedPackage(cache, found, signal));
  const timer = setTimeout(offer.close, OFFER_LIFE).unref();
  void offer.notified.then(() => {
    clearTimeout(timer);
    return offer.close();
  });
  return offer.descriptor;
}

function resultOf(job: Job): JobResult {
  const { id, state, code, message, resultCode, difference } = job;
  const base = {
    job: id,
    ...(job.package === undefined ? {} : { package: job.package }),
    ...(job.component === undefined ? {} : { component: job.component }),
    ...(resultCode === undefined ? {} : { resultCode }),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(difference === undefined ? {} : { difference }),
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

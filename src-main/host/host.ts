import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { type Duration, seconds } from '../base/durations.ts';
import { nodeRandom } from '../base/node/digest.ts';
import { type Cache, openCache } from '../cache/cache.ts';
import { KeyedLock } from '../cache/keyed-lock.ts';
import type { HostState, Task } from '../contract/host-state.ts';
import { createProfileStore } from '../dms/profile-store.ts';
import { createHandsetRegistry } from '../handset/registry.ts';
import type { Job } from '../jobs/job.ts';
import { createJobStore } from '../jobs/job-store.ts';
import { createOutbox } from '../jobs/outbox/outbox.ts';
import { postReport } from '../jobs/outbox/post-report.ts';
import { createOutboxSender, type OutboxSender } from '../jobs/outbox/sender.ts';
import { openJournal } from '../journal/journal.ts';
import { createHttpAgent } from '../net/http-agent.ts';
import { createMemoryLedger, type MemoryLedger } from '../net/ledger.ts';
import type { Engine, WorkContext } from '../operations/engine.ts';
import { createNonceKeeper } from '../operations/own-account.ts';
import { createOwnServer } from '../operations/own-server.ts';
import type { OwnServer } from '../operations/ports.ts';
import { handsetView, packageView, profileView } from '../operations/views.ts';
import { makePlaces, type Places } from '../settings/places.ts';
import { openSettings, type Settings } from '../settings/settings.ts';
import { openStore, type Store } from '../store/store.ts';
import type { HostConnection } from './connection.ts';
import { hostEndpoint } from './endpoint.ts';
import { createHandlers } from './handlers.ts';
import { HostPage } from './host-page.ts';
import type { LiveFeed } from './live-feed.ts';
import { openLocalServer } from './local-server.ts';
import { takeHostLock } from './lock.ts';
import { ownConnection } from './own-connection.ts';
import type { PageServer } from './page-server.ts';
import { RequestDesk } from './request-desk.ts';
import { StateFeed } from './state-feed.ts';

export interface HostOptions {
  readonly places: Places;
  readonly clock: Clock;
  /** Sends waiting reports while it runs; a command that stays offline does not. */
  readonly sendReports: boolean;
  /** It is no mere command: who comes later need not wait for its end. Default false. */
  readonly stays?: boolean;
  /** Something for people that belongs to no request. */
  readonly note: (text: string) => void;
  /** Sees each message of a session right after its event, beside the page. */
  readonly onMessage?: WorkContext['onMessage'];
  /** Default: the PC's own DM server. */
  readonly ownServer?: OwnServer;
}

/** The one process that owns the data folder, and everything in it that works with it. */
export interface Host {
  /** For the face in this process. */
  readonly connection: HostConnection;
  /** What happens here, as the page shows it. */
  readonly feed: LiveFeed;
  /** Work of all faces that is not over. */
  readonly tasks: readonly Task[];
  /** @throws PcAgentError `cli/page-missing`, `cli/port-busy` */
  openPage(options: { readonly folder: string; readonly port: number }): Promise<PageServer>;
  /** Takes no more requests and resolves when those of all faces are done; breaks them off when `signal` is aborted. */
  leave(signal: AbortSignal): Promise<void>;
  /** Breaks off what is under way and lets go of everything, last of the lock. May be called again. */
  close(): Promise<void>;
}

/** Jobs that were not begun in time end then, or when the host starts. */
const EXPIRE_EVERY: Duration = seconds(600);

type Closer = () => void | Promise<void>;

/**
 * Opens the data folder and serves it.
 * @throws PcAgentError `host/running` with the owner's pid, `host/socket-failed`, `store/*`, `cache/*`, `settings/*`
 */
export async function openHost(options: HostOptions): Promise<Host> {
  const opened: Closer[] = [];
  try {
    return await compose(options, opened);
  } catch (error) {
    await closeAll(opened);
    throw error;
  }
}

async function compose(options: HostOptions, opened: Closer[]): Promise<Host> {
  const { places, clock, note } = options;
  const host = randomUUID();
  const startedAt = clock.now();
  makePlaces(places);
  const lock = takeHostLock(places.state, startedAt, options.stays);
  opened.push(() => lock.release());
  const store = openStore({
    file: join(places.state, 'pc-agent.db'),
    clock,
    onTraceLost: (error, count) => note(`${count} records of the journal could not be kept: ${textOf(error)}`),
  });
  opened.push(() => store.close());
  const settings = openSettings(store);
  const ledger = createMemoryLedger({ offline: settings.get('offline') });
  const agent = createHttpAgent();
  opened.push(() => agent.close());
  const page = new HostPage(() => clock.now());
  const feed: StateFeed = new StateFeed({ host, read: () => stateOf(engine, desk) });
  const engine = await openEngine({ options, store, settings, ledger, agent, feed, opened });
  const desk: RequestDesk = new RequestDesk({
    feed,
    now: () => clock.now(),
    onEvent: page.onEvent,
    handlers: createHandlers({
      engine,
      startedAt: startedAt.toISOString(),
      offline: () => ledger.offline,
      async setOffline(offline) {
        // At once; should it not get to the disk, the request says so.
        ledger.setOffline(offline);
        feed.change({ kind: 'offline', offline });
        engine.sender.wake();
        await settings.set('offline', offline);
      },
      newAddress: () => page.newAddress(),
      onMessage: (envelope, direction, summary) => {
        page.onMessage(envelope, direction, summary);
        options.onMessage?.(envelope, direction, summary);
      },
    }),
  });
  const faces = { desk, feed, now: () => clock.now() };
  const local = await openLocalServer({ ...faces, endpoint: hostEndpoint(places.runtime) });
  opened.push(() => local.close());
  opened.push(() => page.close());
  opened.push(async () => {
    desk.leave();
    desk.breakOff();
    await desk.idle();
  });
  let closing: Promise<void> | undefined;
  return {
    connection: ownConnection(desk, feed),
    feed: page.feed,
    get tasks() {
      return desk.tasks;
    },
    openPage: (pageOptions) => page.open({ ...pageOptions, clock, faces }),
    async leave(signal) {
      desk.leave();
      const breakOff = () => desk.breakOff();
      if (signal.aborted) breakOff();
      signal.addEventListener('abort', breakOff, { once: true });
      await desk.idle();
      signal.removeEventListener('abort', breakOff);
    },
    close() {
      closing ??= closeAll(opened);
      return closing;
    },
  };
}

interface Opening {
  readonly options: HostOptions;
  readonly store: Store;
  readonly settings: Settings;
  readonly ledger: MemoryLedger;
  readonly agent: Engine['agent'];
  readonly feed: StateFeed;
  readonly opened: Closer[];
}

async function openEngine({ options, store, settings, ledger, agent, feed, opened }: Opening): Promise<Engine> {
  const { places, clock, note } = options;
  const journal = openJournal({
    store,
    clock,
    folder: join(places.state, 'journal'),
    retention: settings.get('journalBodies'),
    onProblem: (error) => note(`the journal could not keep a message: ${textOf(error)}`),
  });
  opened.push(() => journal.close());
  const handsets = createHandsetRegistry({
    store,
    clock,
    onChange: (record) => feed.change({ kind: 'handset', handset: handsetView(record) }),
  });
  const outbox = createOutbox(store, clock);
  const tellReports = () => feed.change({ kind: 'reports', waiting: outbox.unsent() });
  const sender = createOutboxSender({
    ...{ outbox, clock },
    random: nodeRandom,
    post: (report, signal) => postReport(report, { agent, ledger, clock, signal }),
    onTry: tellReports,
    onError: (error) => note(`a report could not be kept: ${textOf(error)}`),
  });
  const jobs = createJobStore({
    ...{ store, clock },
    onReport() {
      tellReports();
      sender.wake();
    },
  });
  await jobs.recover();
  let packages: Pick<Cache, 'show'> | undefined;
  const cache = await openCache({
    ...{ store, ledger, clock },
    folder: places.content,
    http: agent,
    inUse: (digest) => jobs.list({ open: true }).some((job) => needs(job, digest, packages)),
  });
  packages = cache;
  const turns = new KeyedLock();
  const ownServer =
    options.ownServer ??
    createOwnServer({ clock, jobs, cache, handsets, journal, turns, nonces: createNonceKeeper(store) });
  const expiring = setInterval(() => void jobs.expire().catch(() => undefined), EXPIRE_EVERY);
  opened.push(() => clearInterval(expiring));
  if (options.sendReports) opened.push(startSender(sender));
  return {
    ...{ clock, handsets, cache, journal, agent, ledger, ownServer, turns, outbox, sender },
    profiles: createProfileStore(store, clock),
    changed: (change) => feed.change(change),
  };
}

/**
 * Whether an open job will want this content. A cache that is being opened asks for such as no package refers to, so
 * then there is no package to look up.
 */
function needs(job: Job, digest: string, packages: Pick<Cache, 'show'> | undefined): boolean {
  if (job.packageSha256 !== undefined) return job.packageSha256 === digest;
  return job.package !== undefined && packages?.show(job.package)?.digest === digest;
}

/** Sends reports until the host ends. */
function startSender(sender: OutboxSender): Closer {
  const stop = new AbortController();
  const running = sender.run(stop.signal);
  running.catch(() => undefined);
  return async () => {
    stop.abort();
    await running;
  };
}

function stateOf(engine: Engine, desk: RequestDesk): HostState {
  return {
    offline: engine.ledger.offline,
    handsets: engine.handsets.list().map(handsetView),
    profiles: engine.profiles.list().map(profileView),
    packages: engine.cache.list().map(packageView),
    tasks: desk.tasks,
    reportsWaiting: engine.outbox.unsent(),
  };
}

/** In reverse order; a failure to close one leaves none of the others open. */
async function closeAll(opened: Closer[]): Promise<void> {
  const failures: unknown[] = [];
  for (let close = opened.pop(); close !== undefined; close = opened.pop()) {
    try {
      await close();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { join } from 'node:path';
import { createArchiveStore } from '../archive/archive-store.ts';
import { allKeptPackages, keepersIn } from '../archive/kept-packages.ts';
import { PackageFinder } from '../archive/package-finder.ts';
import { createSnapshotStore } from '../archive/snapshot-store.ts';
import { type Duration, seconds } from '../base/durations.ts';
import { nodeRandom } from '../base/node/digest.ts';
import { createAir } from '../bearer/air/create-air.ts';
import { withPhones } from '../bearer/air/phone-discovery.ts';
import type { Bearers } from '../bearer/bearers.ts';
import { childBearers } from '../bearer/child/child-bearers.ts';
import { type Cache, openCache } from '../cache/cache.ts';
import { KeyedLock } from '../cache/keyed-lock.ts';
import { createProfileStore } from '../dms/profile-store.ts';
import { identifyHandset } from '../handset/identify/identify-handset.ts';
import { createHandsetRegistry, type HandsetRegistryOptions } from '../handset/registry.ts';
import type { Job } from '../jobs/job.ts';
import { createJobStore } from '../jobs/job-store.ts';
import { createOutbox } from '../jobs/outbox/outbox.ts';
import { postReport } from '../jobs/outbox/post-report.ts';
import { createOutboxSender, type OutboxSender } from '../jobs/outbox/sender.ts';
import { openJournal } from '../journal/journal.ts';
import type { MemoryLedger } from '../net/ledger.ts';
import type { Engine } from '../operations/engine.ts';
import { LinkRates } from '../operations/link-rates.ts';
import { PackageShelf } from '../operations/listening/package-shelf.ts';
import type { Seen } from '../operations/onward.ts';
import { createNonceKeeper } from '../operations/own-account.ts';
import { createOwnAccounts } from '../operations/own-accounts.ts';
import { createOwnServer } from '../operations/own-server.ts';
import { UploadDesk } from '../operations/uploads.ts';
import type { Settings } from '../settings/settings.ts';
import type { Store } from '../store/store.ts';
import { type Closer, textOf } from './closers.ts';
import { HandsetDesk } from './handsets/handset-desk.ts';
import { keepsSession } from './handsets/keeps-session.ts';
import type { HostOptions } from './host.ts';
import type { StateFeed } from './state-feed.ts';

/** Jobs that were not begun in time end then, or when the host starts. */
const EXPIRE_EVERY: Duration = seconds(600);

export interface EngineOpening {
  readonly options: HostOptions;
  readonly store: Store;
  readonly settings: Settings;
  readonly ledger: MemoryLedger;
  readonly agent: Engine['agent'];
  readonly feed: StateFeed;
  /** A job has begun or ended. */
  readonly onJob: () => void;
  readonly opened: Closer[];
}

export interface OpenEngine {
  readonly engine: Engine;
  readonly handsetDesk: HandsetDesk;
}

/** Everything that operations work with. @throws PcAgentError `store/*`, `cache/*` */
export async function openEngine(opening: EngineOpening): Promise<OpenEngine> {
  const { options, store, settings, ledger, agent, feed, opened } = opening;
  const { places, clock, note } = options;
  const changed: Engine['changed'] = (change) => feed.change(change);
  const journal = openJournal({
    store,
    clock,
    folder: join(places.state, 'journal'),
    retention: settings.get('journalBodies'),
    onProblem: (error) => note(`the journal could not keep a message: ${textOf(error)}`),
  });
  opened.push(() => journal.close());
  let desk: HandsetDesk | undefined;
  const onChange: HandsetRegistryOptions['onChange'] = (record, how) => desk?.onChange(record, how);
  const handsets = createHandsetRegistry({
    ...{ store, clock, onChange },
    onGone: (record, into) => desk?.onForgotten(record, into),
    standingOf: (address) => desk?.standingOf(address),
  });
  const { jobs, outbox, sender } = await openJobs(opening);
  let packages: Pick<Cache, 'show'> | undefined;
  const cache = await openCache({
    ...{ store, ledger, clock },
    folder: places.content,
    http: agent,
    inUse: (digest) => jobs.list({ open: true }).some((job) => needs(job, digest, packages)),
    neededBy: keepersIn(store),
  });
  packages = cache;
  const archives = createArchiveStore(store, clock);
  await archives.settle((device) => jobs.list({ device }));
  const turns = new KeyedLock();
  const { startBearers } = options;
  const air = options.air ?? createAir({ clock });
  opened.push(() => air.close());
  const child = childBearers({ note, ...(startBearers === undefined ? {} : { start: startBearers }) });
  opened.push(() => child.close());
  const bearers: Bearers = { ...child, discovery: withPhones(child.discovery, air, { clock }) };
  const accounts = createOwnAccounts(store, createNonceKeeper(store), clock);
  const shelf = new PackageShelf();
  const waitedAt = new Set<string>();
  const seen: Seen = (address, presence) => desk?.seen(address, presence);
  const ownServer =
    options.ownServer?.(handsets) ??
    createOwnServer({
      ...{ clock, jobs, cache, handsets, journal, turns, accounts, shelf },
      bearers,
      keepsSession,
      seen,
    });
  const uploads = new UploadDesk(cache, clock);
  opened.push(() => uploads.close());
  const rates = new LinkRates(clock);
  const handsetDesk = new HandsetDesk({
    ...{ handsets, cache, turns, changed, note, clock },
    occupied: (key) => waitedAt.has(key),
    folder: join(places.state, 'virtual'),
    discovery: bearers.discovery,
    identify: (thing, signal) => identifyHandset(thing, { bearers, clock, signal }),
    rate: (address) => rates.rate(address),
  });
  desk = handsetDesk;
  opened.push(() => handsetDesk.close());
  const expiring = setInterval(() => void jobs.expire().catch(() => undefined), EXPIRE_EVERY);
  opened.push(() => clearInterval(expiring));
  if (options.sendReports) opened.push(startSender(sender));
  const engine: Engine = {
    ...{
      clock,
      handsets,
      bearers,
      air,
      keepsSession,
      cache,
      journal,
      settings,
      uploads,
      agent,
      ledger,
      ownServer,
      seen,
      turns,
      jobs,
      outbox,
      sender,
      accounts,
    },
    lookAround: handsetDesk.lookAround,
    rates,
    shelf,
    waitedAt,
    profiles: createProfileStore(store, clock),
    archives,
    snapshots: createSnapshotStore(store),
    finder: new PackageFinder(cache, () => allKeptPackages(store)),
    changed,
  };
  return { engine, handsetDesk };
}

async function openJobs({ options, store, ledger, agent, feed, onJob }: EngineOpening) {
  const { clock, note } = options;
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
    onChange: onJob,
  });
  await jobs.recover();
  return { jobs, outbox, sender };
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

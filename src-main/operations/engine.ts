import type { ArchiveStore } from '../archive/archive-store.ts';
import type { PackageFinder } from '../archive/package-finder.ts';
import type { SnapshotStore } from '../archive/snapshot-store.ts';
import type { Clock } from '../base/clock.ts';
import type { Duration } from '../base/durations.ts';
import type { Air } from '../bearer/air/air.ts';
import type { Bearers } from '../bearer/bearers.ts';
import type { Cache } from '../cache/cache.ts';
import type { KeyedLock } from '../cache/keyed-lock.ts';
import type { Emit } from '../contract/events.ts';
import type { HostChange } from '../contract/host-state.ts';
import type { ProfileStore } from '../dms/profile-store.ts';
import type { HandsetRegistry } from '../handset/registry.ts';
import type { JobStore } from '../jobs/job-store.ts';
import type { Outbox } from '../jobs/outbox/outbox.ts';
import type { OutboxSender } from '../jobs/outbox/sender.ts';
import type { Journal } from '../journal/journal.ts';
import type { HttpAgent } from '../net/http-agent.ts';
import type { Ledger } from '../net/ledger.ts';
import type { OfferedPackage } from '../offline/suitable-package.ts';
import type { Settings } from '../settings/settings.ts';
import type { KeepsSession } from './keeps-session.ts';
import type { LinkRates } from './link-rates.ts';
import type { PackageShelf } from './listening/package-shelf.ts';
import type { Seen } from './onward.ts';
import type { OwnAccounts } from './own-accounts.ts';
import type { OwnServer } from './ports.ts';
import type { SessionAudience } from './session-audience.ts';
import type { UploadDesk } from './uploads.ts';

/** What operations work with; the host puts it together. */
export interface Engine {
  readonly clock: Clock;
  readonly handsets: HandsetRegistry;
  readonly bearers: Bearers;
  /** Bluetooth beside carrying bytes. */
  readonly air: Air;
  /** Whose DM client goes on with a session over another link. */
  readonly keepsSession: KeepsSession;
  readonly profiles: ProfileStore;
  readonly cache: Cache;
  readonly journal: Journal;
  readonly settings: Settings;
  /** How fast links to handsets were. */
  readonly rates: LinkRates;
  readonly uploads: UploadDesk;
  /** What handsets with a network link to this computer may download now. */
  readonly shelf: PackageShelf;
  /** Serial lines on which we wait for somebody who calls, by the keys of their turns. */
  readonly waitedAt: Set<string>;
  readonly ownServer: OwnServer;
  /** Looks where a handset is, when nobody watches the ports; for some seconds at most. @throws AbortError */
  readonly lookAround: (device: string, signal: AbortSignal) => Promise<void>;
  /** Told what work sees of an address at which it has its turn. */
  readonly seen: Seen;
  /** What it and the handsets know of each other. */
  readonly accounts: OwnAccounts;
  /** Sessions with one address are one after the other: two at a time would disturb each other. */
  readonly turns: KeyedLock;
  readonly jobs: JobStore;
  /** Components that were taken off handsets to be put back. */
  readonly archives: ArchiveStore;
  /** Sets of components under names. */
  readonly snapshots: SnapshotStore;
  /** Which package of the cache a component came from. */
  readonly finder: PackageFinder;
  readonly outbox: Outbox;
  readonly sender: OutboxSender;
  readonly agent: HttpAgent;
  readonly ledger: Ledger;
  /** Tells the faces of a row that is new, differs or has gone. */
  readonly changed: (change: HostChange) => void;
}

/** What each piece of work gets. */
export interface WorkContext {
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** How long a handset whose link was lost is waited for. Default: not at all. */
  readonly reconnect?: Duration | undefined;
  /** The handset fetches packages over its network link to this computer. Default: they are sent in the session. */
  readonly download?: boolean;
  /** Packages that the PC's own server takes instead of those that the cache has under their ids; by id. */
  readonly packages?: ReadonlyMap<string, OfferedPackage>;
  /** Looks on at the sessions. */
  readonly audience: SessionAudience;
}

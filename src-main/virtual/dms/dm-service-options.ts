import type { Digest, Random } from '../../base/digest.ts';
import type { Emit } from '../../contract/events.ts';
import type { Account } from '../../dm/account.ts';
import type { FaultChoice } from '../faults/fault.ts';
import type { JobStore } from './job-store.ts';
import type { KnownDevices } from './known-devices.ts';
import type { NotificationQueue } from './notifications.ts';
import type { PackageSource } from './packages.ts';
import type { DmsProfile } from './profiles.ts';
import type { SessionSide } from './session-side.ts';

export interface DmServiceOptions {
  readonly accounts: readonly Account[];
  readonly jobs: JobStore;
  readonly notifications: NotificationQueue;
  readonly packages: PackageSource;
  readonly devices: KnownDevices;
  /** Default: only the jobs count. */
  readonly side?: SessionSide;
  readonly faults: readonly FaultChoice[];
  /** Default: standard. */
  readonly profile?: DmsProfile;
  readonly digest: Digest;
  readonly random: Random;
  readonly emit: Emit;
  /** Between two questions how far a handset's firmware has come, in milliseconds; default 200. */
  readonly watchPause?: number;
  /** Of a session of a handset that begins another one, in milliseconds without a message; default 5 s. */
  readonly leftAfter?: number;
  /** Our own DM address; known once the server listens. */
  readonly url: () => string;
}

export function firstOf(accounts: readonly Account[]): Account {
  const account = accounts[0];
  if (account === undefined) throw new TypeError('a server has at least one account');
  return account;
}

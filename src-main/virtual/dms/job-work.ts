import type { ByteSource } from '../../base/byte-source.ts';
import { deviceKey } from '../../base/device-key.ts';
import type { Work } from '../../dm/server/work.ts';
import { isSuccessfulResult } from '../../scomo/names.ts';
import type { OperationComplete } from '../../scomo/operation-complete.ts';
import { findScomoRoot, readInventory } from '../../scomo/procedure/inventory.ts';
import type { PackedComponent } from '../../scomo/software-package.ts';
import { Status } from '../../syncml/status.ts';
import { refusalOf } from './command-reply.ts';
import type { Job } from './job.ts';
import { runCommands } from './job-commands.ts';
import { type FirmwareWorkOptions, firmwareWork, noteFirmware, readFirmwareVersion } from './job-firmware.ts';
import { askPerson } from './job-question.ts';
import { messageOf, noteSoftware, softwareWork } from './job-software.ts';
import type { JobStore } from './job-store.ts';
import type { InventoryEntry } from './software-facts.ts';

export interface LoadedPackage {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** Handset model that it is for; empty when it is for any. */
  readonly model?: string;
  /** Of a package with several components. */
  readonly components?: readonly PackedComponent[];
  readonly content: ByteSource;
}

export interface JobWorkOptions {
  readonly jobs: readonly Job[];
  readonly store: JobStore;
  /** This session begins to do a job. */
  readonly onStart: (job: Job) => void;
  /** Packages of the install jobs, by id; what the next message needs is at hand, since the machine does no I/O. */
  readonly packages: ReadonlyMap<string, LoadedPackage>;
  /** ServerID that the handset knows this server by. */
  readonly server: string;
  /** Told what is installed, each time it was read. */
  readonly onInventory: (inventory: readonly InventoryEntry[]) => void;
  /** Told which firmware there is, each time it was read. */
  readonly onFirmware: (version: string) => void;
  /** Whether it is unknown, or was read long ago. */
  readonly asksFirmware: () => boolean;
  /** Whether what is installed after the jobs has to be known. */
  readonly isRuled: () => boolean;
  /** Jobs that come of what is installed; none when it was asked often enough. */
  readonly due: () => readonly Job[];
  /** What a job of firmware needs. */
  readonly forFirmware: Omit<FirmwareWorkOptions, 'store' | 'packages' | 'onFirmware'> & {
    /** Jobs whose report came before the work began. */
    readonly reported: readonly string[];
  };
  readonly forSoftware: {
    /** Jobs whose completion alert came before the work began. */
    readonly reported: readonly string[];
    /** The handset has accepted the operation of a job, whose alert is due. */
    readonly onAccepted: (job: string) => void;
  };
}

/** The work of one session: the jobs that wait for this handset, and a look at its inventory when none does. */
export function* jobWork(options: JobWorkOptions): Work {
  const { jobs, store, forFirmware, forSoftware } = options;
  for (const id of forFirmware.reported) {
    const object = store.get(id)?.firmwareFacts?.object;
    if (object !== undefined) yield* noteFirmware(id, object, store, options.onFirmware);
  }
  const isRuled = options.isRuled();
  const forSome = jobs.length === 0 || isRuled || jobs.some(isOfSoftware) || forSoftware.reported.length > 0;
  const root = forSome ? yield* findScomoRoot() : undefined;
  if (root !== undefined) for (const id of forSoftware.reported) yield* noteSoftware(id, root, options);
  for (const job of jobs) yield* runJob(job, root, options);
  const isLook = jobs.length === 0 || jobs.some(({ operation }) => operation === 'inventory');
  if (isLook && options.asksFirmware()) {
    const version = yield* readFirmwareVersion();
    if (version !== undefined) options.onFirmware(version);
  }
  if (root === undefined || (jobs.length > 0 && !isRuled)) return;
  options.onInventory((yield* readInventory(root)).map(({ uri: _uri, ...entry }) => entry));
  // Again after them, so that it is known what they have brought.
  for (let due = options.due(); due.length > 0; due = options.due()) {
    for (const job of due) yield* runJob(job, root, options);
  }
}

function* runJob(job: Job, root: string | undefined, options: JobWorkOptions): Work {
  const { store, onStart } = options;
  // Another session of this handset may have taken it meanwhile.
  if (!store.start(job.id)) return;
  onStart(job);
  if (!isOfSoftware(job)) yield* runOther(job, options);
  else if (root !== undefined) yield* softwareWork(job, root, options);
  else store.finish(job.id, { state: 'failed', message: 'the handset has no SCOMO object' });
}

function isOfSoftware({ operation }: Job): boolean {
  return operation !== 'ask' && operation !== 'commands' && operation !== 'firmware';
}

/** A question to the person at the handset, commands as they are wanted, or an update of the firmware. */
function* runOther(job: Job, options: JobWorkOptions): Work {
  const { id, operation, question, commands } = job;
  const { store, server } = options;
  const { onFirmware, packages } = options;
  if (operation === 'firmware') yield* firmwareWork(job, { ...options.forFirmware, store, packages, onFirmware });
  if (question !== undefined) {
    const answer = yield* askPerson(question);
    // A No is an answer too.
    const answered = answer.code === Status.Ok || answer.code === Status.NotModified;
    const message = `the handset has no answer (status ${answer.code})`;
    store.finish(id, answered ? { state: 'done', answer } : { state: 'failed', answer, message });
  }
  if (commands !== undefined) {
    const replies = yield* runCommands(commands);
    const message = refusalOf(commands, replies, server);
    store.finish(id, message === undefined ? { state: 'done', replies } : { state: 'failed', replies, message });
  }
}

/**
 * A completion alert ends the job whose id it carries as Correlator, in whatever session of that handset it comes. One
 * for what was never ordered there changes nothing. @returns the id of the job that has ended now
 */
export function settleByAlert(complete: OperationComplete, device: string, store: JobStore): string | undefined {
  const job = complete.correlator === undefined ? undefined : store.get(complete.correlator);
  if (job === undefined || !isOfSoftware(job) || job.state === 'queued') return undefined;
  if (deviceKey(job.device) !== deviceKey(device)) return undefined;
  const state = isSuccessfulResult(complete.resultCode) ? 'done' : 'failed';
  const message = state === 'done' ? {} : { message: messageOf(complete.resultCode) };
  return store.finish(job.id, { state, resultCode: complete.resultCode, ...message }) ? job.id : undefined;
}

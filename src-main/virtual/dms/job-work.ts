import type { ByteSource } from '../../base/byte-source.ts';
import type { Work } from '../../dm/server/work.ts';
import { isSuccessfulResult, ResultCode } from '../../scomo/names.ts';
import type { OperationComplete } from '../../scomo/operation-complete.ts';
import { deliverAndInstall, type OperationOutcome, removeComponent } from '../../scomo/procedure/deliver.ts';
import { findScomoRoot, readInventory } from '../../scomo/procedure/inventory.ts';
import { Status } from '../../syncml/status.ts';
import { refusalOf } from './command-reply.ts';
import type { InventoryEntry, Job, JobStore } from './job.ts';
import { runCommands } from './job-commands.ts';
import { type FirmwareWorkOptions, firmwareWork, noteFirmware } from './job-firmware.ts';
import { askPerson } from './job-question.ts';

export interface LoadedPackage {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly content: ByteSource;
}

export interface JobWorkOptions {
  readonly jobs: readonly Job[];
  readonly store: JobStore;
  /** Packages of the install jobs, by id; what the next message needs is at hand, since the machine does no I/O. */
  readonly packages: ReadonlyMap<string, LoadedPackage>;
  /** ServerID that the handset knows this server by. */
  readonly server: string;
  /** Told what is installed, each time it was read. */
  readonly onInventory: (inventory: readonly InventoryEntry[]) => void;
  /** What a job of firmware needs. */
  readonly forFirmware: Omit<FirmwareWorkOptions, 'store' | 'packages'> & {
    /** Jobs whose report came before the work began. */
    readonly reported: readonly string[];
  };
}

/** The work of one session: the jobs that wait for this handset, or a look at its inventory when none does. */
export function* jobWork(options: JobWorkOptions): Work {
  const { jobs, store, forFirmware } = options;
  for (const id of forFirmware.reported) {
    const object = store.get(id)?.firmwareFacts?.object;
    if (object !== undefined) yield* noteFirmware(id, object, store);
  }
  const root = jobs.length === 0 || jobs.some(isOfSoftware) ? yield* findScomoRoot() : undefined;
  if (jobs.length === 0 && root !== undefined) yield* inventory(root, options);
  for (const job of jobs) {
    if (!isOfSoftware(job)) {
      store.start(job.id);
      yield* runOther(job, options);
    } else if (root === undefined) {
      store.finish(job.id, { state: 'failed', message: 'the handset has no SCOMO object' });
    } else {
      store.start(job.id);
      yield* runJob(job, root, options);
    }
  }
}

function isOfSoftware({ operation }: Job): boolean {
  return operation !== 'ask' && operation !== 'commands' && operation !== 'firmware';
}

/** A question to the person at the handset, commands as they are wanted, or an update of the firmware. */
function* runOther(job: Job, options: JobWorkOptions): Work {
  const { id, operation, question, commands } = job;
  const { store, server } = options;
  if (operation === 'firmware') yield* firmwareWork(job, { ...options.forFirmware, store, packages: options.packages });
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

function* inventory(root: string, options: JobWorkOptions) {
  const entries = yield* readInventory(root);
  options.onInventory(entries.map(({ uri: _uri, ...entry }) => entry));
  return entries;
}

function* runJob(job: Job, root: string, options: JobWorkOptions): Work {
  const { store } = options;
  switch (job.operation) {
    case 'inventory': {
      const entries = yield* inventory(root, options);
      store.finish(job.id, { state: 'done', inventory: entries.map(({ uri: _uri, ...entry }) => entry) });
      return;
    }
    case 'install': {
      const pkg = options.packages.get(job.package ?? '');
      if (pkg === undefined) {
        store.finish(job.id, { state: 'failed', message: `there is no package ${job.package ?? ''}` });
        return;
      }
      const wanted = { ...pkg, type: 'application/octet-stream' };
      const outcome = yield* deliverAndInstall(root, wanted, { correlator: job.id });
      settle(job, outcome, options);
      return;
    }
    case 'remove': {
      const entries = yield* inventory(root, options);
      const found = entries.find((entry) => entry.id === job.component);
      if (found === undefined) {
        store.finish(job.id, { state: 'failed', message: `${job.component ?? ''} is not installed` });
        return;
      }
      settle(job, yield* removeComponent(found.uri, { correlator: job.id }), options);
    }
  }
}

/** An operation that was accepted ends with its alert; the others end here. */
function settle(job: Job, outcome: OperationOutcome, { store, server }: JobWorkOptions): void {
  if (outcome.kind === 'done') store.finish(job.id, { state: 'done', resultCode: ResultCode.Successful });
  if (outcome.kind === 'refused') {
    store.finish(job.id, {
      state: 'failed',
      message:
        outcome.code === Status.PermissionDenied
          ? `the handset does not allow ${outcome.step} to the server ${server} (status ${outcome.code})`
          : `the handset refused ${outcome.step} with status ${outcome.code}`,
    });
  }
}

/** A completion alert ends the job whose id it carries as Correlator, in whatever session it comes. */
export function settleByAlert(complete: OperationComplete, store: JobStore): void {
  const job = complete.correlator === undefined ? undefined : store.get(complete.correlator);
  if (job === undefined) return;
  const state = isSuccessfulResult(complete.resultCode) ? 'done' : 'failed';
  store.finish(job.id, { state, resultCode: complete.resultCode });
}

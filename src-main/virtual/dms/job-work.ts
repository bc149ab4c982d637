import type { ByteSource } from '../../base/byte-source.ts';
import type { Work } from '../../dm/server/work.ts';
import { isSuccessfulResult, ResultCode } from '../../scomo/names.ts';
import type { OperationComplete } from '../../scomo/operation-complete.ts';
import { deliverAndInstall, type OperationOutcome, removeComponent } from '../../scomo/procedure/deliver.ts';
import { findScomoRoot, readInventory } from '../../scomo/procedure/inventory.ts';
import type { InventoryEntry, Job, JobStore } from './job.ts';

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
  /** Told what is installed, each time it was read. */
  readonly onInventory: (inventory: readonly InventoryEntry[]) => void;
}

/** The work of one session: the jobs that wait for this handset, or a look at its inventory when none does. */
export function* jobWork(options: JobWorkOptions): Work {
  const { jobs, store } = options;
  const root = yield* findScomoRoot();
  if (root === undefined) {
    for (const job of jobs) store.finish(job.id, { state: 'failed', message: 'the handset has no SCOMO object' });
    return;
  }
  if (jobs.length === 0) yield* inventory(root, options);
  for (const job of jobs) {
    store.start(job.id);
    yield* runJob(job, root, options);
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
      settle(job, outcome, store);
      return;
    }
    case 'remove': {
      const entries = yield* inventory(root, options);
      const found = entries.find((entry) => entry.id === job.component);
      if (found === undefined) {
        store.finish(job.id, { state: 'failed', message: `${job.component ?? ''} is not installed` });
        return;
      }
      settle(job, yield* removeComponent(found.uri, { correlator: job.id }), store);
    }
  }
}

/** An operation that was accepted ends with its alert; the others end here. */
function settle(job: Job, outcome: OperationOutcome, store: JobStore): void {
  if (outcome.kind === 'done') store.finish(job.id, { state: 'done', resultCode: ResultCode.Successful });
  if (outcome.kind === 'refused') {
    store.finish(job.id, {
      state: 'failed',
      message: `the handset refused ${outcome.step} with status ${outcome.code}`,
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

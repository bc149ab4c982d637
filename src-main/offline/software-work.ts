import { carriedLength } from '../dm/large-object/carrier.ts';
import type { Procedure } from '../dm/server/work.ts';
import type { Job } from '../jobs/job.ts';
import { DeliveredStatus, DeployedStatus } from '../scomo/names.ts';
import { ask, getCommand } from '../scomo/procedure/commands.ts';
import { deliverAndInstall } from '../scomo/procedure/deliver.ts';
import { orderDownload } from '../scomo/procedure/download.ts';
import type { OperationOutcome } from '../scomo/procedure/execute.ts';
import { type InventoryEntry, readInventory } from '../scomo/procedure/inventory.ts';
import { operate } from '../scomo/procedure/operate.ts';
import { itemText } from '../syncml/item-data.ts';
import type { Item } from '../syncml/model.ts';
import { executeOptions } from './execute-options.ts';
import { isFulfilled, nothingToUpdate } from './fulfilled.ts';
import type { SoftwareContext } from './job-context.ts';
import { missingNeed, type PackageParts, softwareParts } from './package-parts.ts';
import { seenComponents } from './seen.ts';
import { type OfferedPackage, suitablePackage } from './suitable-package.ts';
import {
  AWAITED,
  alreadyThere,
  ended,
  endedBy,
  endedUnloaded,
  endOfCompletion,
  NOTHING_TO_DO,
  remarkOn,
  resultOf,
  type WorkResult,
} from './work-result.ts';

/** Does one job for the software of a handset, as far as it gets in this session. */
export function* softwareWork(job: Job, context: SoftwareContext): Procedure<WorkResult> {
  switch (job.operation) {
    case 'inventory':
    case 'firmware':
      return ended('done');
    case 'install':
    case 'update':
      return yield* putOffline(job, context);
    case 'remove':
    case 'activate':
    case 'deactivate':
      return yield* changeOffline(job, job.operation, context);
  }
}

function* putOffline(job: Job, context: SoftwareContext): Procedure<WorkResult> {
  const { session, root, inventory, packages } = context;
  let found: OfferedPackage;
  let read: Extract<PackageParts, { kind: 'software' }>;
  try {
    const model = session.facts.devInfo.get('./DevInfo/Mod');
    found = suitablePackage(packages, { id: job.package ?? '', model, allowUnverified: job.allowUnverified });
    context.onPackage(found);
    read = softwareParts(context.parts, found.id, model);
  } catch (error) {
    return job.begun ? AWAITED : endedBy(error);
  }
  if (isFulfilled(job, inventory, read)) {
    return alreadyThere(job, job.operation === 'update' ? 'is up to date' : 'is already installed');
  }
  if (!job.begun) {
    const idle = job.operation === 'update' ? nothingToUpdate(found.id, read, inventory) : undefined;
    if (idle !== undefined) return ended('skipped', NOTHING_TO_DO, idle);
    const missing = missingNeed(read.parts, inventory);
    if (missing !== undefined) return ended('failed', 'offline/needs-missing', missing);
  }
  const inactive = staysInactive(job, read, inventory);
  if (packages.offer !== undefined) return yield* fetchedByHandset(job, { ...context, found, inactive });
  const carried = carriedLength(found.size, session.encoding);
  if (carried > (session.maxObject ?? Number.POSITIVE_INFINITY)) return ended('failed', 'offline/too-large', TOO_LARGE);
  // The content is verified while the handset answers this, and only when it is needed.
  const content = session.load(() => packages.open(found.digest));
  const before = yield* begunBefore(job, root, found.id);
  if (before !== undefined) return before;
  const loaded = content();
  if (loaded.kind !== 'loaded') return endedUnloaded(loaded);
  const { id, name, version } = found;
  const pkg = { id, name, version, type: 'application/octet-stream', content: loaded.value };
  const then = inactive ? 'install-inactive' : 'install';
  const stop = session.each(() => loaded.value.refill());
  try {
    context.onTouch(seenComponents(inventory));
    return yield* completed(
      job,
      yield* deliverAndInstall(root, pkg, { ...executeOptions(job, context), then }),
      context,
    );
  } finally {
    stop();
    loaded.value.release();
  }
}

interface Fetched extends SoftwareContext {
  readonly found: OfferedPackage;
  /** It is left inactive. */
  readonly inactive: boolean;
}

/** The handset fetches the package by itself, and says afterwards how that ended. */
function* fetchedByHandset(job: Job, context: Fetched): Procedure<WorkResult> {
  const { session, root, inventory, packages, found, inactive, onWatch } = context;
  // The content is verified while the handset answers this, and only when it is needed.
  const offer = session.load(async () => packages.offer?.(found));
  const before = yield* begunBefore(job, root, found.id);
  if (before !== undefined) return before;
  const loaded = offer();
  if (loaded.kind !== 'loaded') return endedUnloaded(loaded);
  context.onTouch(seenComponents(inventory));
  const { id, name, version } = found;
  const outcome = yield* orderDownload(root, {
    ...executeOptions(job, context),
    ...{ id, name, version, onWatch, url: loaded.value ?? '' },
    operation: inactive ? 'download-install-inactive' : 'download-install',
    isComplete: () => session.completionOf(job.id) !== undefined,
  });
  return yield* completed(job, outcome, context);
}

/** What a job has come to that an earlier session began; `undefined`: it is for this one to do. */
function* begunBefore(job: Job, root: string, packageId: string): Procedure<WorkResult | undefined> {
  const delivered = yield* ask(getCommand(`${root}/Inventory/Delivered?list=StructData`));
  if (!job.begun) return undefined;
  const status = deliveredStatus(delivered.items, packageId);
  if (status === DeliveredStatus.InstallProgressing) return AWAITED;
  if (!job.accepted) return undefined;
  return hasFailed(status) ? ended('failed', 'scomo/operation-failed', FAILED_STATUS) : AWAITED;
}

/** What is updated and was not in use is not in use afterwards either. */
function staysInactive(
  job: Job,
  { parts }: Extract<PackageParts, { kind: 'software' }>,
  inventory: readonly InventoryEntry[],
): boolean {
  if (job.operation !== 'update') return job.inactive;
  const there = inventory.filter(({ id }) => parts.some((part) => part.id === id));
  return there.length > 0 && there.every(({ state }) => state === 'inactive');
}

type Change = 'remove' | 'activate' | 'deactivate';

const DONE: Readonly<Record<Change, string>> = {
  remove: 'is not installed',
  activate: 'is active already',
  deactivate: 'is inactive already',
};

/** Statuses of a component: the operation goes on, and it has failed. */
const STATUS: Readonly<Record<Change, { readonly progressing: number; readonly failed: number }>> = {
  remove: { progressing: DeployedStatus.RemoveProgressing, failed: DeployedStatus.RemoveFailed },
  activate: { progressing: DeployedStatus.ActivateProgressing, failed: DeployedStatus.ActivateFailed },
  deactivate: { progressing: DeployedStatus.DeactivateProgressing, failed: DeployedStatus.DeactivateFailed },
};

function* changeOffline(job: Job, change: Change, context: SoftwareContext): Procedure<WorkResult> {
  const { inventory, parts } = context;
  if (isFulfilled(job, inventory, parts)) return alreadyThere(job, DONE[change]);
  const found = inventory.find(({ id }) => id === job.component);
  if (found === undefined) return ended('failed', 'offline/not-installed', `${job.component ?? 'it'} is not installed`);
  if (job.begun && found.status === STATUS[change].progressing) return AWAITED;
  if (job.accepted) {
    const failed = found.status === STATUS[change].failed;
    return failed ? ended('failed', 'scomo/operation-failed', `the handset marks ${found.id} as failed`) : AWAITED;
  }
  context.onTouch(seenComponents(inventory));
  return yield* completed(job, yield* operate(found.uri, change, executeOptions(job, context)), context);
}

/** Waits for the completion alert as long as there is something to say in this session. */
function* completed(job: Job, outcome: OperationOutcome, context: SoftwareContext): Procedure<WorkResult> {
  if (outcome.kind !== 'accepted') return resultOf(outcome, context.server);
  context.onAccepted();
  const remark = remarkOn(outcome.consent);
  if (remark !== undefined) context.onRemark(remark);
  const { session, root } = context;
  if (session.completionOf(job.id) === undefined) yield* readInventory(root);
  const complete = session.completionOf(job.id);
  return complete === undefined ? AWAITED : { kind: 'ended', end: endOfCompletion(complete, remark) };
}

/** The highest `Status` among the delivered packages of this id, where the handset gives any. */
function deliveredStatus(items: readonly Item[], packageId: string): number {
  const leaves = new Map(items.map((item) => [item.source?.uri ?? '', itemText(item, undefined) ?? '']));
  let highest = 0;
  for (const [uri, text] of leaves) {
    if (!uri.endsWith('/PkgID') || text.trim() !== packageId) continue;
    const status = Number(leaves.get(`${uri.slice(0, -'/PkgID'.length)}/Status`) ?? 0);
    if (status > highest) highest = status;
  }
  return highest;
}

const TOO_LARGE = 'the handset takes no package of this size';
const FAILED_STATUS = 'the handset marks the package as one whose installation failed';

function hasFailed(status: number): boolean {
  return status === DeliveredStatus.InstallFailedWithData || status === DeliveredStatus.InstallFailedWithoutData;
}

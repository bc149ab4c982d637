/** The works of jobs: DM procedures that look at the handset before they change anything on it. */
import { carriedLength } from '../dm/large-object/carrier.ts';
import type { Procedure } from '../dm/server/work.ts';
import type { Job } from '../jobs/job.ts';
import type { ManagedSession } from '../management-server/managed-session.ts';
import { DeliveredStatus } from '../scomo/names.ts';
import { ask, getCommand } from '../scomo/procedure/commands.ts';
import { deliverAndInstall, removeComponent } from '../scomo/procedure/deliver.ts';
import type { ExecuteOptions, OperationOutcome } from '../scomo/procedure/execute.ts';
import { type InventoryEntry, readInventory } from '../scomo/procedure/inventory.ts';
import { itemText } from '../syncml/item-data.ts';
import type { Item } from '../syncml/model.ts';
import { type OfferedPackage, type PackageSource, suitablePackage } from './suitable-package.ts';
import { AWAITED, ended, endedBy, endOf, remarkOn, resultOf, type WorkResult } from './work-result.ts';

export interface JobWorkContext {
  /** ServerID of our account on the handset. */
  readonly server: string;
  readonly session: ManagedSession;
  /** URI of the handset's SCOMO object. */
  readonly root: string;
  /** What was installed when the session began. */
  readonly inventory: readonly InventoryEntry[];
  readonly packages: PackageSource;
  /** The package was chosen. */
  readonly onPackage: (found: OfferedPackage) => void;
  /** The next package may set the operation going. */
  readonly onBegin: () => void;
  /** The handset says that it has begun. */
  readonly onAccepted: () => void;
  /** Something to be said of the outcome whatever it is. */
  readonly onRemark: (remark: string) => void;
}

/** Does one job, as far as it gets in this session. */
export function* jobWork(job: Job, context: JobWorkContext): Procedure<WorkResult> {
  switch (job.operation) {
    case 'inventory':
      return ended('done');
    case 'install':
      return yield* installOffline(job, context);
    case 'remove':
      return yield* removeOffline(job, context);
  }
}

/** Whether what a job wanted is there already. */
export function isFulfilled(job: Job, inventory: readonly InventoryEntry[]): boolean {
  if (job.operation === 'remove') return !inventory.some(({ id }) => id === job.component);
  return isInstalled(inventory, job.package, job.packageVersion);
}

/** Why a job is left out whose wish is fulfilled. */
export const NOTHING_TO_DO = 'offline/nothing-to-do';

/** Whether this very version is there and in use. */
export function isInstalled(
  inventory: readonly Pick<InventoryEntry, 'id' | 'version' | 'state'>[],
  packageId: string | undefined,
  wanted: string | undefined,
): boolean {
  return inventory.some(({ id, version, state }) => id === packageId && version === wanted && state === 'active');
}

function* installOffline(job: Job, context: JobWorkContext): Procedure<WorkResult> {
  const { session, root, inventory, packages } = context;
  let found: OfferedPackage;
  try {
    const model = session.facts.devInfo.get('./DevInfo/Mod');
    found = suitablePackage(packages, { id: job.package ?? '', model, allowUnverified: job.allowUnverified });
  } catch (error) {
    return job.begun ? AWAITED : endedBy(error);
  }
  context.onPackage(found);
  if (isFulfilled({ ...job, packageVersion: found.version }, inventory))
    return alreadyThere(job, 'is already installed');
  const carried = carriedLength(found.size, session.encoding);
  if (carried > (session.maxObject ?? Number.POSITIVE_INFINITY)) return ended('failed', 'offline/too-large', TOO_LARGE);
  // The content is verified while the handset answers this, and only when it is needed.
  const content = session.load(() => packages.open(found.digest));
  const delivered = yield* ask(getCommand(`${root}/Inventory/Delivered?list=StructData`));
  if (job.begun) {
    const status = deliveredStatus(delivered.items, found.id);
    if (status === DeliveredStatus.InstallProgressing) return AWAITED;
    if (job.accepted) return hasFailed(status) ? ended('failed', 'scomo/operation-failed', FAILED_STATUS) : AWAITED;
  }
  const loaded = content();
  if (loaded.kind !== 'loaded') return endedBy(loaded.kind === 'failed' ? loaded.error : new TypeError('not loaded'));
  const { id, name, version } = found;
  const pkg = { id, name, version, type: 'application/octet-stream', content: loaded.value };
  const stop = session.each(() => loaded.value.refill());
  try {
    return yield* completed(job, yield* deliverAndInstall(root, pkg, executeOptions(job, context)), context);
  } finally {
    stop();
    loaded.value.release();
  }
}

function* removeOffline(job: Job, context: JobWorkContext): Procedure<WorkResult> {
  const found = context.inventory.find(({ id }) => id === job.component);
  if (found === undefined) return alreadyThere(job, 'is not installed');
  if (job.accepted) return AWAITED;
  return yield* completed(job, yield* removeComponent(found.uri, executeOptions(job, context)), context);
}

/** What an earlier try has done is done; what nobody did here was not needed. */
function alreadyThere(job: Job, what: string): WorkResult {
  if (job.begun) return ended('done', undefined, 'seen in the inventory');
  return ended('skipped', NOTHING_TO_DO, `${job.package ?? job.component ?? 'it'} ${what}`);
}

function executeOptions(job: Job, { onBegin }: JobWorkContext): ExecuteOptions {
  const { consent } = job;
  return { correlator: job.id, onExec: onBegin, ...(consent === undefined ? {} : { consent }) };
}

/** Waits for the completion alert as long as there is something to say in this session. */
function* completed(job: Job, outcome: OperationOutcome, context: JobWorkContext): Procedure<WorkResult> {
  if (outcome.kind !== 'accepted') return resultOf(outcome, context.server);
  context.onAccepted();
  const remark = remarkOn(outcome.consent);
  if (remark !== undefined) context.onRemark(remark);
  const { session, root } = context;
  if (session.completionOf(job.id) === undefined) yield* readInventory(root);
  const complete = session.completionOf(job.id);
  return complete === undefined ? AWAITED : { kind: 'ended', end: endOf(complete, remark) };
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

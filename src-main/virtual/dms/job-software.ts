import type { Procedure, Work } from '../../dm/server/work.ts';
import { inventoryDifference } from '../../scomo/inventory-difference.ts';
import { ResultCode } from '../../scomo/names.ts';
import { deliverAndInstall } from '../../scomo/procedure/deliver.ts';
import { type DeliveredEntry, readDelivered } from '../../scomo/procedure/delivered.ts';
import { orderDownload } from '../../scomo/procedure/download.ts';
import type { ExecuteOptions, OperationOutcome } from '../../scomo/procedure/execute.ts';
import { readInventory } from '../../scomo/procedure/inventory.ts';
import { operate } from '../../scomo/procedure/operate.ts';
import { resultRow } from '../../scomo/result-codes.ts';
import type { PackedComponent } from '../../scomo/software-package.ts';
import { compareVersions } from '../../scomo/version-order.ts';
import { Status } from '../../syncml/status.ts';
import type { Job, JobOutcome } from './job.ts';
import type { JobWorkOptions, LoadedPackage } from './job-work.ts';
import type { InventoryEntry } from './software-facts.ts';

/** Where to look, and what was there when the work began. */
interface Place {
  readonly root: string;
  readonly uris: ReadonlyMap<string, string>;
  readonly inventory: readonly InventoryEntry[];
}

/** Does a job for the software of a handset, as far as it gets in this session. */
export function* softwareWork(job: Job, root: string, options: JobWorkOptions): Work {
  const { store } = options;
  const entries = yield* readInventory(root);
  const inventory = entries.map(({ uri: _uri, ...entry }) => entry);
  options.onInventory(inventory);
  if (job.operation === 'inventory') {
    store.finish(job.id, { state: 'done', inventory });
    return;
  }
  const place: Place = { root, inventory, uris: new Map(entries.map(({ id, uri }) => [id, uri])) };
  const earlier = job.softwareFacts?.before;
  store.amend(job.id, { softwareFacts: { before: earlier ?? inventory } });
  if (earlier !== undefined && isDoneSince(job, earlier, place, options)) {
    store.finish(job.id, { state: 'done', message: 'it was done before the link of its session was lost' });
    return yield* noteSoftware(job.id, root, options);
  }
  const outcome = yield* run(job, place, options);
  if (typeof outcome === 'string') store.finish(job.id, { state: 'failed', message: outcome });
  else if (outcome !== undefined) settle(job, outcome, options);
  if (store.get(job.id)?.state !== 'running') yield* noteSoftware(job.id, root, options);
}

/** Whether the handset did it in an earlier session, whose link was lost with its answer: it is not told to again. */
function isDoneSince(
  job: Job,
  earlier: readonly InventoryEntry[],
  { inventory }: Place,
  options: Pick<JobWorkOptions, 'packages'>,
): boolean {
  return fulfils(job, inventory, options) && !fulfils(job, earlier, options);
}

/** Of what does harm when it is done twice, or cannot be. */
function fulfils(
  job: Job,
  inventory: readonly InventoryEntry[],
  { packages }: Pick<JobWorkOptions, 'packages'>,
): boolean {
  if (job.operation === 'remove')
    return job.component !== undefined && !inventory.some(({ id }) => id === job.component);
  const pkg = job.operation === 'install' ? packages.get(job.package ?? '') : undefined;
  if (pkg === undefined || job.software?.install === false) return false;
  const wanted = job.software?.activate === false ? 'inactive' : 'active';
  return componentsOf(pkg).every((part) =>
    inventory.some(({ id, version, state }) => id === part.id && version === part.version && state === wanted),
  );
}

/** What the inventory says after an operation has ended, and what was in the way. */
export function* noteSoftware(
  id: string,
  root: string,
  { store, onInventory }: Pick<JobWorkOptions, 'store' | 'onInventory'>,
): Work {
  const job = store.get(id);
  const before = job?.softwareFacts?.before;
  if (job === undefined || before === undefined) return;
  const after = (yield* readInventory(root)).map(({ uri: _uri, ...entry }) => entry);
  onInventory(after);
  const { added, removed, changed } = inventoryDifference<InventoryEntry>(before, after);
  const failed = job.state === 'failed' && job.package !== undefined && job.resultCode !== undefined;
  const problem = failed
    ? (yield* readDelivered(root)).findLast((entry) => entry.pkgId === job.package && entry.problem !== undefined)
        ?.problem
    : undefined;
  store.amend(id, {
    softwareFacts: {
      difference: { added: [...added], removed: [...removed], changed: [...changed] },
      ...(problem === undefined ? {} : { problem }),
    },
  });
}

/** What a result code means, for the message of a job that failed. */
export function messageOf(resultCode: number): string {
  return `the handset ended it with ${resultCode}: ${resultRow(resultCode)?.meaning ?? 'a code that no table has'}`;
}

/** An outcome, why nothing could be ordered, or `undefined` when there was nothing to do. */
function* run(job: Job, place: Place, options: JobWorkOptions): Procedure<OperationOutcome | string | undefined> {
  switch (job.operation) {
    case 'install':
      return yield* install(job, place, options);
    case 'update':
      return yield* update(job, place, options);
    case 'remove':
      if (job.component === undefined) return yield* removePackage(job, place);
      return yield* change(job, place, 'remove');
    case 'activate':
    case 'deactivate':
      return yield* change(job, place, job.operation);
    default:
      return `${job.operation} is no operation on software`;
  }
}

function* change(
  job: Job,
  { uris }: Place,
  operation: 'activate' | 'deactivate' | 'remove',
): Procedure<OperationOutcome | string> {
  const uri = uris.get(job.component ?? '');
  return uri === undefined
    ? `${job.component ?? ''} is not installed`
    : yield* operate(uri, operation, executeOptions(job));
}

function* removePackage(job: Job, { root }: Place): Procedure<OperationOutcome | string> {
  const found = yield* deliveredPackage(job, root);
  return found === undefined
    ? `the handset does not have the package ${job.package ?? ''}`
    : yield* operate(found.uri, 'remove', executeOptions(job));
}

function* install(job: Job, { root }: Place, options: JobWorkOptions): Procedure<OperationOutcome | string> {
  const { delivery = 'object', install = true, activate = true, descriptor = false } = job.software ?? {};
  const inactive = activate === false;
  if (delivery === 'present') {
    const found = yield* deliveredPackage(job, root);
    if (found === undefined) return `the handset does not have the package ${job.package ?? ''}`;
    return yield* operate(found.uri, inactive ? 'install-inactive' : 'install', executeOptions(job));
  }
  const pkg = options.packages.get(job.package ?? '');
  if (pkg === undefined) return `there is no package ${job.package ?? ''}`;
  const model = options.forFirmware.facts.devInfo.get('./DevInfo/Mod');
  if ((pkg.model ?? '') !== '' && pkg.model !== model) {
    return `${pkg.id} is for the model ${pkg.model}, and this is ${model ?? 'another one'}`;
  }
  if (delivery === 'object') {
    const then = !install ? 'none' : inactive ? 'install-inactive' : 'install';
    const wanted = { ...pkg, type: 'application/octet-stream' };
    return yield* deliverAndInstall(root, wanted, { ...executeOptions(job), then });
  }
  const url = job.software?.url ?? options.forFirmware.urlOf(pkg.id, descriptor);
  if (url === undefined) return `there is no address of ${pkg.id}`;
  const operation = inactive ? 'download-install-inactive' : 'download-install';
  return yield* orderDownload(root, {
    ...executeOptions(job),
    ...{ id: pkg.id, name: pkg.name, version: pkg.version, url },
    operation: install ? operation : 'download',
    onWatch: options.forFirmware.onWatch,
    isComplete: () => options.store.get(job.id)?.state !== 'running',
  });
}

/** Only what is installed and older is updated: a handset that is up to date gets no command. */
function* update(job: Job, place: Place, options: JobWorkOptions): Procedure<OperationOutcome | string | undefined> {
  const pkg = options.packages.get(job.package ?? '');
  if (pkg === undefined) return `there is no package ${job.package ?? ''}`;
  const parts = componentsOf(pkg);
  const versions = new Map(place.inventory.map(({ id, version }) => [id, version]));
  if (!parts.some(({ id }) => versions.has(id))) return `${pkg.id} is not installed`;
  const isOutdated = parts.some(({ id, version }) => {
    const there = versions.get(id);
    return there === undefined || compareVersions(there, version) < 0;
  });
  if (isOutdated) return yield* install(job, place, options);
  options.store.finish(job.id, { state: 'done', message: `${pkg.id} is up to date` });
  return undefined;
}

/** What a package installs. */
function componentsOf(pkg: LoadedPackage): readonly Pick<PackedComponent, 'id' | 'version'>[] {
  return pkg.components ?? [{ id: pkg.id, version: pkg.version }];
}

function* deliveredPackage(job: Job, root: string): Procedure<DeliveredEntry | undefined> {
  return (yield* readDelivered(root)).findLast(({ pkgId }) => pkgId === job.package);
}

function executeOptions({ id, software }: Job): ExecuteOptions {
  return { correlator: id, ...(software?.consent === undefined ? {} : { consent: software.consent }) };
}

/** An operation that was accepted ends with its alert; the others end here. */
function settle(job: Job, outcome: OperationOutcome, { store, server, forSoftware }: JobWorkOptions): void {
  if (outcome.kind === 'accepted') forSoftware.onAccepted(job.id);
  else store.finish(job.id, endOf(outcome, server));
}

function endOf(outcome: Exclude<OperationOutcome, { readonly kind: 'accepted' }>, server: string): JobOutcome {
  switch (outcome.kind) {
    case 'done':
      return { state: 'done', resultCode: ResultCode.Successful };
    case 'declined':
    case 'postponed':
      return { state: 'failed', message: `the person at the handset did not agree (status ${outcome.code})` };
    case 'refused':
      return {
        state: 'failed',
        message:
          outcome.code === Status.PermissionDenied
            ? `the handset does not allow ${outcome.step} to the server ${server} (status ${outcome.code})`
            : `the handset refused ${outcome.step} with status ${outcome.code}`,
      };
  }
}

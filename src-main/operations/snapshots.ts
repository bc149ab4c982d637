import { compareComponents } from '../archive/compare-components.ts';
import type { KeptPackage } from '../archive/kept-packages.ts';
import type { PackageSurvey } from '../archive/package-finder.ts';
import type { SnapshotComponent, SnapshotRecord } from '../archive/snapshot-store.ts';
import { PcAgentError } from '../base/errors.ts';
import { isVirtualDevice } from '../base/imei.ts';
import type { ParamsOf, ResultOf } from '../contract/requests.ts';
import type { ComponentView, OperationResult } from '../contract/results.ts';
import { type Comparison, SnapshotDocument, type SnapshotView } from '../contract/software-views.ts';
import { packageOf } from './archive.ts';
import { assertOwnServer, bringAbout, inTurn, lookAt } from './bring-about.ts';
import type { Engine, WorkContext } from './engine.ts';
import { findPlace } from './handset-place.ts';
import { assertSameModel, keptPackage, keptPackageCode } from './kept-source.ts';
import type { HandsetPlace } from './ports.ts';
import { assertInstallable, offeredPackages, sourcesOf } from './snapshot-sources.ts';

/**
 * Looks at a handset and keeps its set of components under a name, with the packages of the cache that it takes to put
 * it back.
 * @throws PcAgentError `snapshot/exists`, `snapshot/too-many`, `snapshot/data-invalid`
 */
export async function takeSnapshot(
  engine: Engine,
  params: ParamsOf<'snapshots.take'>,
  context: WorkContext,
): Promise<ResultOf<'snapshots.take'>> {
  assertOwnServer(params);
  // Before a session is spent on it.
  assertFree(engine, params.name);
  const place = await findPlace(engine, params, context);
  const { device, model, components } = await lookAt(engine, place, context);
  const survey = await engine.finder.survey();
  const packages = new Map<string, KeptPackage>();
  const listed: SnapshotComponent[] = [];
  for (const component of components) {
    const found = survey.find({ ...component, pkgId: packageOf(component) });
    if (found !== undefined) packages.set(found.id, keptPackage(found));
    listed.push(listedComponent(component, found));
  }
  const takenAt = engine.clock.now().toISOString();
  const document = checkedDocument({
    ...{ format: 'pc-agent-snapshot', formatVersion: 1, name: params.name, takenAt, components: listed },
    ...(model === undefined ? {} : { model }),
  });
  return { snapshot: await keep(engine, document, device, [...packages.values()]) };
}

/** A file of another PC; of the packages that it names, those that the cache has are kept for it. */
export async function importSnapshot(
  engine: Engine,
  { document }: ParamsOf<'snapshots.import'>,
): Promise<ResultOf<'snapshots.import'>> {
  const checked = checkedDocument(document);
  const packages = sourcesOf(await engine.finder.survey(), { components: checked.components, packages: [] });
  return { snapshot: await keep(engine, checked, '', [...packages.kept.values()]) };
}

/** @throws PcAgentError `snapshot/unknown` */
export function exportSnapshot(
  engine: Engine,
  { snapshot }: ParamsOf<'snapshots.export'>,
): ResultOf<'snapshots.export'> {
  const { name, model, takenAt, components } = knownSnapshot(engine, snapshot);
  return {
    document: {
      ...{ format: 'pc-agent-snapshot', formatVersion: 1, name, takenAt, components: [...components] },
      ...(model === undefined ? {} : { model }),
    },
  };
}

export async function listSnapshots(engine: Engine): Promise<ResultOf<'snapshots.list'>> {
  const survey = await engine.finder.survey();
  return { snapshots: engine.snapshots.list().map((each) => snapshotView(engine, each, survey)) };
}

/** @throws PcAgentError `snapshot/unknown` */
export async function removeSnapshot(
  engine: Engine,
  { snapshot }: ParamsOf<'snapshots.remove'>,
): Promise<ResultOf<'snapshots.remove'>> {
  const { id } = knownSnapshot(engine, snapshot);
  await engine.snapshots.drop(id);
  await engine.cache.sweep();
  return { removed: id };
}

/** A handset's inventory of now beside a snapshot. @throws PcAgentError `snapshot/unknown` */
export async function compareSnapshot(
  engine: Engine,
  params: ParamsOf<'snapshots.compare'>,
  context: WorkContext,
): Promise<Comparison> {
  assertOwnServer(params);
  const snapshot = knownSnapshot(engine, params.snapshot);
  const place = await findPlace(engine, params, context);
  const { device, components } = await lookAt(engine, place, context);
  const { wanted } = sourcesOf(await engine.finder.survey(), snapshot);
  return compareComponents(wanted, components, device);
}

/**
 * Puts a snapshot on the handset that it is of, or on another one of that model.
 * @throws PcAgentError `snapshot/unknown`, `snapshot/other-model`, `snapshot/package-absent`, `cache/quarantined`,
 * `cache/unverified`, all before anything on the handset is changed.
 */
export async function restoreSnapshot(
  engine: Engine,
  params: ParamsOf<'snapshots.restore'>,
  context: WorkContext,
): Promise<OperationResult> {
  assertOwnServer(params);
  knownSnapshot(engine, params.snapshot);
  const place = await findPlace(engine, params, context);
  return inTurn(engine, place, context, () => putBack(engine, params, place, context));
}

async function putBack(
  engine: Engine,
  params: ParamsOf<'snapshots.restore'>,
  place: HandsetPlace,
  context: WorkContext,
): Promise<OperationResult> {
  const snapshot = knownSnapshot(engine, params.snapshot);
  const seen = await lookAt(engine, place, context);
  assertSameModel('snapshot/other-model', snapshot, seen);
  const { wanted, kept } = sourcesOf(await engine.finder.survey(), snapshot);
  await engine.snapshots.keep(snapshot.id, [...kept.values()]);
  const allowUnverified = params.allowUnverified === true;
  assertInstallable(engine, compareComponents(wanted, seen.components), kept, {
    allowUnverified,
    partial: params.partial === true,
  });
  const removeExtra = params.removeExtra === true;
  const packages = offeredPackages(engine, kept);
  return bringAbout(engine, { place, seen, wanted, packages, removeExtra, allowUnverified, params }, context);
}

function snapshotView({ cache }: Engine, snapshot: SnapshotRecord, survey: PackageSurvey): SnapshotView {
  const { id, name, device, model, takenAt, components } = snapshot;
  const { wanted, kept } = sourcesOf(survey, snapshot);
  return {
    ...{ id, name, device, virtual: isVirtualDevice(device), takenAt },
    ...(model === undefined ? {} : { model }),
    components: components.map((component, index) => {
      const source = kept.get(wanted[index]?.package ?? '');
      const code =
        source === undefined ? 'snapshot/package-absent' : keptPackageCode(source, { cache, allowUnverified: false });
      return {
        ...{ id: component.id, version: component.version, state: component.state },
        ...(component.name === undefined ? {} : { name: component.name }),
        ...(source === undefined ? {} : { package: source.id }),
        ...(code === undefined ? {} : { code }),
      };
    }),
  };
}

function listedComponent(
  { id, name, version, state }: ComponentView,
  found: Pick<KeptPackage, 'id' | 'version' | 'digest'> | undefined,
): SnapshotComponent {
  return {
    ...{ id, version, state },
    ...(typeof name === 'string' ? { name } : {}),
    ...(found === undefined ? {} : { package: { id: found.id, version: found.version, sha256: found.digest } }),
  };
}

async function keep(
  engine: Engine,
  { name, model, takenAt, components }: SnapshotDocument,
  device: string,
  packages: readonly KeptPackage[],
): Promise<SnapshotView> {
  const kept = await engine.snapshots.add({ name, device, model, takenAt, components, packages });
  return snapshotView(engine, kept, await engine.finder.survey());
}

/**
 * What a handset or a file says is capped by the same rule.
 * @throws PcAgentError `snapshot/data-invalid`
 */
function checkedDocument(document: SnapshotDocument): SnapshotDocument {
  const checked = SnapshotDocument.safeParse(document);
  const ids = new Set(document.components.map(({ id }) => id));
  if (checked.success && ids.size === document.components.length) return checked.data;
  const field = checked.success ? 'components' : (checked.error.issues[0]?.path.join('.') ?? '');
  throw new PcAgentError('snapshot/data-invalid', `${field} of the snapshot is too long, not printable or doubled`, {
    details: { field },
  });
}

/** @throws PcAgentError `snapshot/exists` */
function assertFree({ snapshots }: Engine, name: string): void {
  if (snapshots.find(name) === undefined) return;
  throw new PcAgentError('snapshot/exists', `there is a snapshot ${name} already`, { details: { name } });
}

/** @throws PcAgentError `snapshot/unknown` */
function knownSnapshot({ snapshots }: Engine, idOrName: string): SnapshotRecord {
  const found = snapshots.find(idOrName);
  if (found !== undefined) return found;
  throw new PcAgentError('snapshot/unknown', `there is no snapshot ${idOrName}`, { details: { snapshot: idOrName } });
}

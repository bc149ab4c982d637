import type { ArchiveRecord, NewArchive } from '../archive/archive-store.ts';
import { PcAgentError } from '../base/errors.ts';
import { isVirtualDevice } from '../base/imei.ts';
import type { ParamsOf, ResultOf } from '../contract/requests.ts';
import type { ComponentView, JobResult } from '../contract/results.ts';
import type { ArchiveView } from '../contract/software-views.ts';
import { usablePackage } from '../offline/suitable-package.ts';
import { assertOwnServer, inTurn, lookAt, type SeenHandset } from './bring-about.ts';
import type { Engine, WorkContext } from './engine.ts';
import { findPlace } from './handset-place.ts';
import { keptPackage, keptPackageCode } from './kept-source.ts';
import { consentFor, reconnecting, reportAddress } from './own-order.ts';
import type { HandsetPlace, OwnOutcome } from './ports.ts';

/**
 * Takes a component off a handset and keeps what it takes to put it back.
 * @throws PcAgentError `archive/component-absent`, `archive/package-absent`, `archive/too-many`, `cache/quarantined`,
 * `cache/unverified` and what is wrong with the package's bytes, all before anything on the handset is changed.
 */
export async function archive(
  engine: Engine,
  params: ParamsOf<'archive'>,
  context: WorkContext,
): Promise<ResultOf<'archive'>> {
  assertOwnServer(params);
  await settleArchives(engine);
  const place = await findPlace(engine, params, context);
  return inTurn(engine, place, context, () => takeOff(engine, params, place, context));
}

async function takeOff(
  engine: Engine,
  params: ParamsOf<'archive'>,
  place: HandsetPlace,
  context: WorkContext,
): Promise<ResultOf<'archive'>> {
  const seen = await lookAt(engine, place, context);
  const kept = await engine.archives.begin(await prepared(engine, params, seen, context.signal));
  try {
    // A package that was removed until just now is not needed by anything that it could have known of.
    const lost = keptPackageCode(kept.package, { cache: engine.cache, allowUnverified: false });
    if (lost !== undefined) {
      await engine.archives.drop(kept.id);
      throw new PcAgentError(lost, `${kept.package.id} was taken out of the cache`, { retry: 'after-operator' });
    }
    const outcome = await removal(engine, params, { ...place, device: seen.device }, context);
    await settle(engine, kept, outcome);
    return result(engine, kept.id, seen, place, outcome);
  } finally {
    engine.archives.leave(kept.id);
  }
}

/** @throws PcAgentError, see `archive` */
async function prepared(
  { finder, cache }: Engine,
  { component: id, note }: ParamsOf<'archive'>,
  { device, model, components }: SeenHandset,
  signal: AbortSignal,
): Promise<NewArchive> {
  const component = components.find((each) => each.id === id);
  if (component === undefined) {
    throw new PcAgentError('archive/component-absent', `${id} is not on the handset`, { details: { component: id } });
  }
  const found = (await finder.survey()).find({ id, version: component.version, pkgId: packageOf(component) });
  if (found === undefined) {
    throw new PcAgentError(
      'archive/package-absent',
      `the cache has no package that ${id} ${component.version} can be put back from`,
      { retry: 'after-operator', details: { component: id, version: component.version } },
    );
  }
  const usable = usablePackage(found, { id: found.id, allowUnverified: false });
  // Reads it through: what is damaged could not be put back.
  await cache.pieces(usable.digest, signal);
  return {
    ...{ device, model, note, component: id, version: component.version },
    name: textOf(component.name),
    componentState: component.state === 'inactive' ? 'inactive' : 'active',
    package: keptPackage(usable),
  };
}

function removal(
  engine: Engine,
  params: ParamsOf<'archive'>,
  place: HandsetPlace,
  context: WorkContext,
): Promise<OwnOutcome> {
  const { component } = params;
  const order = {
    ...{ operation: 'remove' as const, component, reportTo: reportAddress(engine, params) },
    ...consentFor(params.consent, `Remove ${component}?`),
  };
  return engine.ownServer.run([order], place, { ...context, ...reconnecting(params) });
}

/** The inventory that was read afterwards has the last word; where there is none, the job's end has. */
async function settle({ archives }: Engine, { id, component }: ArchiveRecord, outcome: OwnOutcome): Promise<void> {
  const state = outcome.jobs[0]?.state;
  if (state === undefined || state === 'waiting') return;
  const isThere =
    outcome.components?.some((each) => each.id === component) ?? (state !== 'done' && state !== 'skipped');
  await (isThere ? archives.drop(id) : archives.archived(id));
}

function result(
  engine: Engine,
  id: string,
  { device, sessions }: SeenHandset,
  { address }: HandsetPlace,
  outcome: OwnOutcome,
): ResultOf<'archive'> {
  const kept = engine.archives.get(id);
  return {
    operation: 'archive',
    device,
    handset: address.text,
    virtual: isVirtualDevice(device),
    sessions: [...sessions, ...outcome.sessions],
    jobs: outcome.jobs.map((job): JobResult => job),
    ...(outcome.components === undefined ? {} : { components: [...outcome.components] }),
    ...(kept === undefined || kept.state === 'pending' ? {} : { archive: archiveView(engine, kept) }),
  };
}

/** Settles what an earlier process left, and what a handset has told in a later session. */
export function settleArchives({ archives, jobs }: Pick<Engine, 'archives' | 'jobs'>): Promise<void> {
  return archives.settle((device) => jobs.list({ device }));
}

export async function listArchives(
  engine: Engine,
  { device }: ParamsOf<'archives.list'>,
): Promise<ResultOf<'archives.list'>> {
  await settleArchives(engine);
  return { archives: engine.archives.list(device).map((each) => archiveView(engine, each)) };
}

/** @throws PcAgentError `archive/unknown`, `archive/pending` */
export async function removeArchive(
  engine: Engine,
  { archive: id }: ParamsOf<'archives.remove'>,
): Promise<ResultOf<'archives.remove'>> {
  await settleArchives(engine);
  await engine.archives.drop(knownArchive(engine, id).id);
  await engine.cache.sweep();
  return { removed: id };
}

/** @throws PcAgentError `archive/unknown`, `archive/pending` */
export function knownArchive({ archives }: Pick<Engine, 'archives'>, id: string): ArchiveRecord {
  const found = archives.get(id);
  if (found === undefined) {
    throw new PcAgentError('archive/unknown', `there is no archive ${id}`, { details: { archive: id } });
  }
  if (found.state === 'pending') {
    throw new PcAgentError('archive/pending', 'the handset has not said yet whether its component is removed', {
      retry: 'later',
      details: { archive: id },
    });
  }
  return found;
}

function archiveView({ cache }: Engine, record: ArchiveRecord): ArchiveView {
  const { id, device, model, component, name, version, note, restoredAt, package: kept } = record;
  const code = keptPackageCode(kept, { cache, allowUnverified: false });
  return {
    ...{ id, device, virtual: isVirtualDevice(device), component, version, state: record.componentState },
    ...(model === undefined ? {} : { model }),
    ...(name === undefined ? {} : { name }),
    package: { id: kept.id, version: kept.version, sha256: kept.digest },
    ...(note === undefined ? {} : { note }),
    archivedAt: record.archivedAt ?? record.madeAt,
    ...(restoredAt === undefined ? {} : { restoredAt }),
    ...(code === undefined ? {} : { code }),
  };
}

/** `PkgIDRef` of a component, where the handset tells it. */
export function packageOf({ pkgId }: ComponentView): string | undefined {
  return textOf(pkgId);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

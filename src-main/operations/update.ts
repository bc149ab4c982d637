import { isPcAgentError } from '../base/errors.ts';
import { isVirtualDevice } from '../base/imei.ts';
import type { ParamsOf } from '../contract/requests.ts';
import type { ComponentView, OperationResult } from '../contract/results.ts';
import { profileFor } from '../dms/profile-store.ts';
import { nothingToUpdate } from '../offline/fulfilled.ts';
import { missingNeed, type PackagePart, single, softwareParts } from '../offline/package-parts.ts';
import { type OfferedPackage, suitablePackage, usablePackage } from '../offline/suitable-package.ts';
import { compareVersions } from '../scomo/version-order.ts';
import { cachedParts } from './cached-parts.ts';
import type { Engine, WorkContext } from './engine.ts';
import { handsetPlace } from './handset-place.ts';
import { consentFor, reconnecting, reportAddress } from './own-order.ts';
import { ownWork } from './own-work.ts';
import type { HandsetPlace, OwnOutcome } from './ports.ts';
import { relayedWork } from './relayed-work.ts';

/**
 * Puts newer packages on a handset for what is installed there; what is up to date, or not installed, is left alone.
 * @throws PcAgentError `cache/absent`, `cache/quarantined`, `cache/unverified`, `listening/network-off`,
 * all before the handset is touched.
 */
export async function update(engine: Engine, params: ParamsOf<'update'>, given: WorkContext): Promise<OperationResult> {
  const place = handsetPlace(params.handset, params.device, engine);
  const context = { ...given, ...reconnecting(params), emit: engine.rates.measured(place.address.text, given.emit) };
  const named = params.packages === undefined ? undefined : [...new Set(params.packages)];
  const { dms, allowUnverified = false } = params;
  // Before the handset is touched.
  if (dms === undefined && params.download === true) engine.shelf.assertOpen();
  if (dms === undefined) for (const id of named ?? []) usablePackage(engine.cache.show(id), { id, allowUnverified });
  const seen = named === undefined ? await look(engine, place, context) : undefined;
  const met = seen?.device === undefined ? place : { ...place, device: seen.device };
  const ids =
    named ?? (await newer(engine, params, seen?.outcome ?? { device: undefined, sessions: [], jobs: [] }, context));
  const sessions = seen?.outcome.sessions ?? [];
  if (ids.length === 0) return nothing(place, seen?.outcome, dms);
  const result =
    dms === undefined
      ? await ownUpdate(engine, params, ids, met, context)
      : await relayedWork(
          engine,
          { dms, place: met, operation: 'update', requests: ids.map((id) => ({ operation: 'update', package: id })) },
          context,
        );
  return { ...result, sessions: [...sessions, ...result.sessions] };
}

async function ownUpdate(
  engine: Engine,
  params: ParamsOf<'update'>,
  ids: readonly string[],
  place: HandsetPlace,
  context: WorkContext,
): Promise<OperationResult> {
  const { allowUnverified = false } = params;
  const orders = ids.map((id) => {
    const { name, version } = usablePackage(engine.cache.show(id), { id, allowUnverified });
    return {
      operation: 'update' as const,
      package: id,
      ...consentFor(params.consent, `Update ${name} to ${version}?`),
      allowUnverified,
      reportTo: reportAddress(engine, params),
    };
  });
  return ownWork(engine, 'update', orders, place, { ...context, download: params.download === true });
}

async function look(engine: Engine, place: HandsetPlace, context: WorkContext) {
  const outcome = await engine.ownServer.run([], place, context);
  const { device, manufacturer, model } = outcome;
  if (device !== undefined) {
    await engine.handsets.met({ device, address: place.address.text, manufacturer, model });
  }
  return { device, outcome };
}

/** Ids of packages that are newer than what is installed: of the cache, or of the DM server's list. */
async function newer(
  engine: Engine,
  { dms, allowUnverified = false }: ParamsOf<'update'>,
  { components = [], model }: OwnOutcome,
  { signal }: WorkContext,
): Promise<readonly string[]> {
  if (dms !== undefined) {
    const { url } = profileFor(dms, engine.profiles);
    const list = new URL('/packages/index.json', url);
    const offered = await engine.cache.manifest(list, { signal, initiator: 'update' });
    const known = offered.map((entry) => ({ id: entry.id, parts: single(entry).parts }));
    return choose(known, components);
  }
  const candidates: Candidate[] = [];
  for (const found of engine.cache.list()) {
    const parts = await partsFor(engine, found, model, allowUnverified);
    if (parts !== undefined && missingNeed(parts, components) === undefined) candidates.push({ id: found.id, parts });
  }
  return choose(candidates, components);
}

/** The components of a package that may go onto this handset; `undefined`: it may not. */
async function partsFor(
  { cache }: Engine,
  found: OfferedPackage,
  model: string | undefined,
  allowUnverified: boolean,
): Promise<readonly PackagePart[] | undefined> {
  try {
    const usable = suitablePackage({ find: () => found }, { id: found.id, model, allowUnverified });
    return softwareParts(await cachedParts(cache, usable), found.id, model).parts;
  } catch (error) {
    if (isPcAgentError(error)) return undefined;
    throw error;
  }
}

interface Candidate {
  readonly id: string;
  readonly parts: readonly PackagePart[];
}

/** Those that have something newer for what is installed; the newest first, and none for what another brings as new. */
function choose(candidates: readonly Candidate[], components: readonly ComponentView[]): readonly string[] {
  const chosen: string[] = [];
  const versions = new Map<string, string>();
  const newest = ({ parts }: Candidate): string => parts.map(({ version }) => version).reduce(later);
  const sorted = [...candidates].sort((one, other) => compareVersions(newest(other), newest(one)));
  for (const { id, parts } of sorted) {
    if (nothingToUpdate(id, { kind: 'software', isBundle: false, model: '', parts }, components) !== undefined)
      continue;
    if (parts.every((part) => isBrought(part, versions))) continue;
    chosen.push(id);
    for (const part of parts) if (!isBrought(part, versions)) versions.set(part.id, part.version);
  }
  return chosen;
}

function isBrought({ id, version }: PackagePart, versions: ReadonlyMap<string, string>): boolean {
  const there = versions.get(id);
  return there !== undefined && compareVersions(there, version) >= 0;
}

function later(one: string, other: string): string {
  return compareVersions(one, other) < 0 ? other : one;
}

/** Nothing is newer: the handset gets no command. */
function nothing(place: HandsetPlace, seen: OwnOutcome | undefined, dms: string | undefined): OperationResult {
  const device = seen?.device;
  return {
    operation: 'update',
    ...(device === undefined ? {} : { device }),
    handset: place.address.text,
    virtual: device !== undefined && isVirtualDevice(device),
    ...(dms === undefined ? {} : { dms }),
    sessions: [...(seen?.sessions ?? [])],
    jobs: [],
    ...(seen?.components === undefined ? {} : { components: [...seen.components] }),
  };
}

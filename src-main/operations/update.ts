import { isPcAgentError } from '../base/errors.ts';
import { isVirtualDevice } from '../base/imei.ts';
import type { ParamsOf } from '../contract/requests.ts';
import type { ComponentView, OperationResult } from '../contract/results.ts';
import type { DmsProfile } from '../dms/profile.ts';
import { nothingToUpdate } from '../offline/fulfilled.ts';
import { missingNeed, type PackagePart, single, softwareParts } from '../offline/package-parts.ts';
import { type OfferedPackage, suitablePackage } from '../offline/suitable-package.ts';
import { compareVersions } from '../scomo/version-order.ts';
import { cachedParts } from './cached-parts.ts';
import type { Engine, WorkContext } from './engine.ts';
import { findPlace } from './handset-place.ts';
import { consentFor, reconnecting, usableForOrder } from './own-order.ts';
import { ownWork } from './own-work.ts';
import type { HandsetPlace, OwnOrder, OwnOutcome } from './ports.ts';
import { type RelayedWork, relayedWork } from './relayed-work.ts';
import { serverFor, serverWish } from './server-order.ts';

/**
 * Puts newer packages on a handset for what is installed there; what is up to date, or not installed, is left alone.
 * @throws PcAgentError `cache/absent`, `cache/quarantined`, `cache/unverified`, `listening/network-off`,
 * all before the handset is looked for.
 */
export async function update(engine: Engine, params: ParamsOf<'update'>, given: WorkContext): Promise<OperationResult> {
  const named = params.packages === undefined ? undefined : [...new Set(params.packages)];
  const profile = serverFor(engine, params);
  // Before anybody is looked for; what is not named is found out there.
  const orders = profile === undefined ? ordersOf(engine, params, named ?? []) : [];
  const place = await findPlace(engine, params, given);
  const context = { ...given, ...reconnecting(params), emit: engine.rates.measured(place.address.text, given.emit) };
  const seen = named === undefined ? await engine.ownServer.run([], place, context) : undefined;
  const met = seen?.device === undefined ? place : { ...place, device: seen.device };
  const ids =
    named ?? (await newer(engine, params, profile, seen ?? { device: undefined, sessions: [], jobs: [] }, context));
  const sessions = seen?.sessions ?? [];
  if (ids.length === 0) return nothing(place, seen, params.dms);
  const result =
    profile === undefined
      ? await ownWork(engine, 'update', named === undefined ? ordersOf(engine, params, ids) : orders, met, {
          ...context,
          download: params.download === true,
        })
      : await relayedWork(
          engine,
          { profile, place: met, operation: 'update', requests: ids.map((id) => serverUpdate(id, params)) },
          context,
        );
  return { ...result, sessions: [...sessions, ...result.sessions] };
}

/** What the PC's own server is to do, with packages that it may use. */
function ordersOf(engine: Engine, params: ParamsOf<'update'>, ids: readonly string[]): readonly OwnOrder[] {
  const { packages, same } = usableForOrder(engine, params, ids);
  return packages.map(({ id, name, version }) => ({
    operation: 'update' as const,
    package: id,
    ...consentFor(params.consent, `Update ${name} to ${version}?`),
    ...same,
  }));
}

function serverUpdate(id: string, { consent }: ParamsOf<'update'>): RelayedWork['requests'][number] {
  return { operation: 'update', package: id, ...serverWish('software', consent, `Update ${id}?`) };
}

/** Ids of packages that are newer than what is installed: of the cache, or of the DM server's list. */
async function newer(
  engine: Engine,
  { allowUnverified = false }: ParamsOf<'update'>,
  profile: DmsProfile | undefined,
  { components = [], model }: OwnOutcome,
  { signal }: WorkContext,
): Promise<readonly string[]> {
  if (profile !== undefined) {
    const list = new URL('/packages/index.json', profile.url);
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

import { isPcAgentError } from '../base/errors.ts';
import { isVirtualDevice } from '../base/imei.ts';
import type { CachedPackage } from '../cache/cached-package.ts';
import type { ManifestEntry } from '../cache/manifest.ts';
import type { InstallPlan, PlanItem } from '../contract/install-plan.ts';
import type { ParamsOf } from '../contract/requests.ts';
import type { ComponentView } from '../contract/results.ts';
import type { DmsProfile } from '../dms/profile.ts';
import { isInstalled } from '../offline/fulfilled.ts';
import { missingNeed, type PackagePart, softwareParts, unmetNeed } from '../offline/package-parts.ts';
import { suitablePackage } from '../offline/suitable-package.ts';
import { NOTHING_TO_DO } from '../offline/work-result.ts';
import { cachedParts } from './cached-parts.ts';
import type { Engine, WorkContext } from './engine.ts';
import { findPlace } from './handset-place.ts';
import { reportAddress } from './own-order.ts';
import type { OwnOutcome } from './ports.ts';
import { serverFor } from './server-order.ts';

/** Looks at the handset, by the PC's own server, and at the packages, and says what `install` would do. */
export async function planInstall(
  engine: Engine,
  params: ParamsOf<'install.plan'>,
  context: WorkContext,
): Promise<InstallPlan> {
  const profile = serverFor(engine, params);
  const reportTo = profile === undefined ? reportAddress(engine, params) : undefined;
  const place = await findPlace(engine, params, context);
  const handset = place.address.text;
  const seen = await engine.ownServer.run([], place, context);
  const { device, model } = seen;
  const ids = [...new Set(params.packages)];
  const items =
    profile === undefined
      ? await ownItems(engine, ids, params, seen)
      : await serverItems(engine, ids, profile, seen, context);
  const travelling = items.filter(({ action }) => action === 'install' || action === 'update');
  const bytes = travelling.reduce((sum, { size }) => sum + size, 0);
  const rate = engine.rates.rate(handset);
  // What a DM server does not say the size of cannot be reckoned with.
  const known = bytes > 0 && travelling.every(({ size }) => size > 0);
  return {
    handset,
    ...(device === undefined ? {} : { device }),
    ...(model === undefined ? {} : { model }),
    virtual: device !== undefined && isVirtualDevice(device),
    items,
    bytes,
    ...(rate === undefined || !known ? {} : { seconds: bytes / rate }),
    ...(rate === undefined ? {} : { rate }),
    ...(profile === undefined ? {} : { dms: profile.url.href }),
    ...(reportTo === undefined ? {} : { reportTo }),
  };
}

/** What the PC's own server would do, by the rules by which it does it; each sees what those before it have brought. */
async function ownItems(
  engine: Engine,
  ids: readonly string[],
  params: ParamsOf<'install.plan'>,
  seen: OwnOutcome,
): Promise<PlanItem[]> {
  const items: PlanItem[] = [];
  let components = seen.components;
  for (const id of ids) {
    const { item, brings } = await ownItem(engine, id, params, { ...seen, components });
    items.push(item);
    const fresh = new Set(brings.map((part) => part.id));
    components &&= [...components.filter((each) => !fresh.has(each.id)), ...brings];
  }
  return items;
}

async function ownItem(
  { cache }: Engine,
  id: string,
  { allowUnverified = false, inactive = false }: ParamsOf<'install.plan'>,
  seen: OwnOutcome,
): Promise<{ readonly item: PlanItem; readonly brings: readonly ComponentView[] }> {
  const found = cache.show(id);
  const item = { package: id, ...factsOf(id, found), ...installedVersion(seen.components, id) };
  const nothing = (rest: Pick<PlanItem, 'action' | 'code' | 'message'>) => ({ item: { ...item, ...rest }, brings: [] });
  try {
    const usable = suitablePackage({ find: () => found }, { id, model: seen.model, allowUnverified });
    const read = softwareParts(await cachedParts(cache, usable), id, seen.model);
    const { components } = seen;
    if (components === undefined) return nothing({ action: 'refuse', code: 'scomo/absent' });
    const inside = read.isBundle ? insideOf(read.parts, components) : {};
    const whole = { ...item, ...inside };
    if (isInstalled(read, components, inactive)) {
      return { item: { ...whole, action: 'skip', code: NOTHING_TO_DO }, brings: [] };
    }
    const missing = missingNeed(read.parts, components);
    if (missing !== undefined) {
      const refusal = { action: 'refuse', code: 'offline/needs-missing', message: missing } as const;
      return { item: { ...whole, ...refusal }, brings: [] };
    }
    const isUpdate = inside.components?.some(({ change }) => change === 'update') === true;
    const action = isUpdate ? 'update' : actionFor(item);
    const state = inactive ? 'inactive' : 'active';
    return { item: { ...whole, action }, brings: read.parts.map((part) => ({ ...part, state })) };
  } catch (error) {
    if (isPcAgentError(error)) return nothing({ action: 'refuse', code: error.code });
    throw error;
  }
}

/** The components of a package that is installed whole, and what they need. */
function insideOf(
  parts: readonly PackagePart[],
  installed: readonly ComponentView[],
): Pick<PlanItem, 'components' | 'needs'> {
  const components = parts.map(({ id, name, version }) => {
    const there = installed.find((each) => each.id === id)?.version;
    const change = there === undefined ? 'add' : there === version ? 'keep' : 'update';
    return { id, name, version, ...(there === undefined ? {} : { installedVersion: there }), change } as const;
  });
  const needs = parts.flatMap((part) =>
    part.needs.map(({ id, version }) => ({
      ...{ component: part.id, id },
      ...(version === undefined ? {} : { version }),
      met: unmetNeed({ id, ...(version === undefined ? {} : { version }) }, parts, installed) === undefined,
    })),
  );
  return { components, ...(needs.length === 0 ? {} : { needs }) };
}

/** The DM server has packages of its own, and decides itself what it does; its list tells of them where it has one. */
async function serverItems(
  { cache }: Engine,
  ids: readonly string[],
  { url }: DmsProfile,
  { components }: OwnOutcome,
  { signal }: WorkContext,
): Promise<PlanItem[]> {
  const offered = await cache
    .manifest(new URL('/packages/index.json', url), { signal, initiator: 'plan' })
    .catch((error: unknown) => {
      if (isPcAgentError(error, 'net/http-status') || isPcAgentError(error, 'cache/manifest-invalid')) return undefined;
      throw error;
    });
  return ids.map((id) => {
    const entry = offered?.find((each) => each.id === id);
    const item = { package: id, ...factsOf(id, entry), ...installedVersion(components, id) };
    if (offered !== undefined && entry === undefined) {
      return { ...item, action: 'refuse', code: 'cache/manifest-entry-absent' };
    }
    return { ...item, action: actionFor(item) };
  });
}

function factsOf(
  id: string,
  found: CachedPackage | ManifestEntry | undefined,
): Pick<PlanItem, 'name' | 'version' | 'size' | 'trust'> {
  if (found === undefined) return { name: id, version: '', size: 0, trust: 'unverified' };
  const { name, version, size } = found;
  return { name, version, size, trust: 'trust' in found ? found.trust : 'verified' };
}

function installedVersion(
  components: readonly ComponentView[] | undefined,
  id: string,
): Pick<PlanItem, 'installedVersion'> {
  const there = components?.find((each) => each.id === id);
  return there === undefined ? {} : { installedVersion: there.version };
}

/** The same version that is not in use is installed again. */
function actionFor({
  version,
  installedVersion,
}: Pick<PlanItem, 'version' | 'installedVersion'>): 'install' | 'update' {
  return installedVersion === undefined || installedVersion === version ? 'install' : 'update';
}

import { isPcAgentError } from '../base/errors.ts';
import type { CachedPackage } from '../cache/cached-package.ts';
import type { ManifestEntry } from '../cache/manifest.ts';
import type { InstallPlan, PlanItem } from '../contract/install-plan.ts';
import type { ParamsOf } from '../contract/requests.ts';
import type { ComponentView } from '../contract/results.ts';
import type { DmsProfile } from '../dms/profile.ts';
import { profileFor } from '../dms/profile-store.ts';
import { isVirtualDevice } from '../handset/registry.ts';
import { isInstalled, NOTHING_TO_DO } from '../offline/job-work.ts';
import { suitablePackage } from '../offline/suitable-package.ts';
import type { Engine, WorkContext } from './engine.ts';
import { handsetPlace } from './handset-place.ts';
import { reportAddress } from './own-order.ts';
import type { OwnOutcome } from './ports.ts';

/** Looks at the handset, by the PC's own server, and at the packages, and says what `install` would do. */
export async function planInstall(
  engine: Engine,
  params: ParamsOf<'install.plan'>,
  context: WorkContext,
): Promise<InstallPlan> {
  const place = handsetPlace(params.handset, params.device, engine.handsets);
  const handset = place.address.text;
  const profile = params.dms === undefined ? undefined : profileFor(params.dms, engine.profiles);
  const reportTo = profile === undefined ? reportAddress(engine, params) : undefined;
  const seen = await engine.ownServer.run([], place, context);
  const { device, manufacturer, model } = seen;
  if (device !== undefined) await engine.handsets.met({ device, address: handset, manufacturer, model });
  const ids = [...new Set(params.packages)];
  const items =
    profile === undefined
      ? ids.map((id) => ownItem(engine, id, params.allowUnverified === true, seen))
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
    ...(profile === undefined ? {} : { dms: profile.url.href }),
    ...(reportTo === undefined ? {} : { reportTo }),
  };
}

/** What the PC's own server would do, by the rules by which it does it. */
function ownItem({ cache }: Engine, id: string, allowUnverified: boolean, seen: OwnOutcome): PlanItem {
  const found = cache.show(id);
  const item = { package: id, ...factsOf(id, found), ...installedVersion(seen.components, id) };
  try {
    const { version } = suitablePackage({ find: () => found }, { id, model: seen.model, allowUnverified });
    if (seen.components === undefined) return { ...item, action: 'refuse', code: 'scomo/absent' };
    if (isInstalled(seen.components, id, version)) return { ...item, action: 'skip', code: NOTHING_TO_DO };
    return { ...item, action: actionFor(item) };
  } catch (error) {
    if (isPcAgentError(error)) return { ...item, action: 'refuse', code: error.code };
    throw error;
  }
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

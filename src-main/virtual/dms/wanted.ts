import { z } from 'zod';
import { compareVersions } from '../../scomo/version-order.ts';
import { ApiError } from './api-error.ts';
import type { DmsPackage, PackageSource } from './packages.ts';
import { mostUrgent, Urgency, USUAL_URGENCY } from './urgency.ts';

const Id = z.string().min(1).max(256);

/** Packages of a rule or schedule. */
export const MAX_WANTED = 64;

/** A package of this server, in the version that it offers. */
export const WantedPackage = z.strictObject({ package: Id, urgency: Urgency.optional() });
export type WantedPackage = Readonly<z.infer<typeof WantedPackage>>;

/** A component; without `version` the newest that this server offers. */
export const WantedComponent = z.strictObject({
  id: Id,
  version: z.string().min(1).max(64).optional().meta({ description: 'or a newer one' }),
  urgency: Urgency.optional(),
});

/** A package by its id alone is meant as `{package}`. */
export const Wanted = z.union([
  Id.meta({ description: 'id of a package' }).transform((id): WantedPackage => ({ package: id })),
  WantedPackage,
  WantedComponent,
]);
export type Wanted = Readonly<z.infer<typeof Wanted>>;

/** What a handset is to have, as far as this server knows it. */
export interface WantedHere {
  readonly id: string;
  /** Absent: any. */
  readonly version?: string;
  readonly urgency: Urgency;
  /** The package that brings it. */
  readonly package?: string;
}

/** What a package installs. */
export function componentsOf(pkg: Pick<DmsPackage, 'id' | 'version' | 'components'>) {
  return pkg.components ?? [{ id: pkg.id, version: pkg.version }];
}

export function isForModel(pkg: DmsPackage, model: string | undefined): boolean {
  return pkg.firmware === undefined && (pkg.model === '' || pkg.model === model);
}

/** The components that wishes come to on a handset of this model, each once: the newest version, the most urgent. */
export function wantedHere(
  wishes: readonly Wanted[],
  offered: readonly DmsPackage[],
  model: string | undefined,
): readonly WantedHere[] {
  const usable = offered.filter((pkg) => isForModel(pkg, model));
  const found = new Map<string, WantedHere>();
  for (const each of wishes.flatMap((wish) => here(wish, usable))) {
    const before = found.get(each.id);
    found.set(each.id, before === undefined ? each : both(before, each));
  }
  return [...found.values()];
}

/** @throws ApiError 400 `code` when a package is not offered, or is for another model */
export async function checkWanted(
  wishes: readonly Wanted[],
  packages: PackageSource,
  model: string | undefined,
  code: string,
): Promise<void> {
  const offered = await packages.list();
  for (const wish of wishes) {
    if (!('package' in wish)) continue;
    const found = offered.find(({ id }) => id === wish.package);
    if (found === undefined) throw new ApiError(400, code, `there is no package ${wish.package}`);
    if (model !== undefined && !isForModel(found, model)) {
      throw new ApiError(400, code, `${wish.package} is not for the model ${model}`);
    }
  }
}

function here(wish: Wanted, offered: readonly DmsPackage[]): readonly WantedHere[] {
  if ('package' in wish) {
    const pkg = offered.find(({ id }) => id === wish.package);
    if (pkg === undefined) return [];
    const urgency = wish.urgency ?? pkg.urgency ?? USUAL_URGENCY;
    return componentsOf(pkg).map(({ id, version }) => ({ id, version, urgency, package: pkg.id }));
  }
  const best = newestWith(wish.id, offered);
  const isEnough =
    best !== undefined && (wish.version === undefined || compareVersions(best.version, wish.version) >= 0);
  const version = wish.version ?? best?.version;
  return [
    {
      id: wish.id,
      ...(version === undefined ? {} : { version }),
      urgency: wish.urgency ?? best?.pkg.urgency ?? USUAL_URGENCY,
      ...(isEnough ? { package: best.pkg.id } : {}),
    },
  ];
}

/** The package on offer that has a component in the newest version. */
export function newestWith(
  component: string,
  offered: readonly DmsPackage[],
): { readonly pkg: DmsPackage; readonly version: string } | undefined {
  const all = offered.flatMap((pkg) =>
    componentsOf(pkg)
      .filter(({ id }) => id === component)
      .map(({ version }) => ({ pkg, version })),
  );
  return all.reduce<(typeof all)[number] | undefined>(
    (best, each) => (best !== undefined && compareVersions(best.version, each.version) >= 0 ? best : each),
    undefined,
  );
}

function both(one: WantedHere, other: WantedHere): WantedHere {
  const isNewer = compareVersions(other.version ?? '0', one.version ?? '0') > 0;
  return { ...(isNewer ? other : one), urgency: mostUrgent(one.urgency, other.urgency) };
}

import type { PlanItem } from '../../../src-main/contract/install-plan.ts';
import type { ComponentView, PackageView } from '../../../src-main/contract/results.ts';
import { compareVersions } from '../../../src-main/scomo/version-order.ts';

/** What lies in a bundle, and what its components cannot do without. */
export interface PlanInside {
  readonly components: readonly { readonly id: string; readonly name: string; readonly version: string }[];
  readonly needs: readonly PlanNeed[];
}

interface PlanNeed {
  readonly id: string;
  readonly version: string | undefined;
  /** `here`: on the handset; `along`: installed by this plan; `unknown`: nobody has read the handset yet. */
  readonly where: 'here' | 'along' | 'missing' | 'unknown';
}

/** Of each bundle of a plan; packages of one component need nothing. */
export function planNeeds(
  items: readonly PlanItem[],
  packages: readonly PackageView[],
  components: readonly ComponentView[] | undefined,
): ReadonlyMap<string, PlanInside> {
  const kept = (wanted: readonly PlanItem[]) =>
    wanted.flatMap((item) => packages.find(({ id }) => id === item.package) ?? []);
  const travelling = kept(items.filter(({ action }) => action === 'install' || action === 'update'));
  const along = travelling.flatMap(({ id, version, contents }) => contents?.components ?? [{ id, version }]);
  const inside = new Map<string, PlanInside>();
  for (const { id, contents } of kept(items.filter(({ action }) => action !== 'skip'))) {
    if (contents?.components === undefined) continue;
    const own = contents.components.map((each) => each.id);
    const wanted = new Map(contents.components.flatMap(({ needs }) => needs.map((need) => [need.id, need] as const)));
    const needs = [...wanted.values()].filter((need) => !own.includes(need.id));
    inside.set(id, {
      components: contents.components,
      needs: needs.map((need) => ({ id: need.id, version: need.version, where: whereOf(need, along, components) })),
    });
  }
  return inside;
}

interface Versioned {
  readonly id: string;
  readonly version: string;
}

function whereOf(
  need: { readonly id: string; readonly version?: string | undefined },
  along: readonly Versioned[],
  components: readonly ComponentView[] | undefined,
): PlanNeed['where'] {
  const meets = ({ id, version }: Versioned) =>
    id === need.id && (need.version === undefined || compareVersions(version, need.version) >= 0);
  if (along.some(meets)) return 'along';
  if (components === undefined) return 'unknown';
  return components.some(meets) ? 'here' : 'missing';
}

import { z } from 'zod';
import { compareVersions } from '../../scomo/version-order.ts';
import type { DmsPackage } from './packages.ts';
import { Urgency } from './urgency.ts';
import { newestWith } from './wanted.ts';

const Need = z.object({ id: z.string(), version: z.string().optional() });

/** A package as `/packages/index.json` lists it. */
export const PackageEntry = z.object({
  id: z.string(),
  name: z.string(),
  version: z.string(),
  model: z.string().meta({ description: 'empty: for any model' }),
  size: z.int(),
  sha256: z.string(),
  url: z.string(),
  type: z.string().optional(),
  vendor: z.string().optional(),
  description: z.string().optional(),
  infoUrl: z.string().optional(),
  iconUrl: z.string().optional(),
  urgency: Urgency.optional(),
  components: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        version: z.string(),
        description: z.string().optional(),
        size: z.int(),
        sha256: z.string(),
        needs: z.array(Need),
      }),
    )
    .optional()
    .meta({ description: 'of a package with several' }),
  needs: z
    .array(Need.extend({ package: z.string().optional() }))
    .optional()
    .meta({ description: 'what has to be on the handset besides, and the package on offer that brings it' }),
});
type PackageEntry = z.infer<typeof PackageEntry>;

/** @param base address below which packages are */
export function packageIndex(all: readonly DmsPackage[], base: string): readonly PackageEntry[] {
  return all.map(({ file, firmware: _firmware, components, ...rest }) => ({
    ...rest,
    url: base + encodeURIComponent(file),
    ...(components === undefined
      ? {}
      : {
          components: components.map(({ needs, ...component }) => ({ ...component, needs: [...needs] })),
          needs: [...needsOf(components, all)],
        }),
  }));
}

/** What the components of a package need and do not bring themselves. */
function needsOf(components: NonNullable<DmsPackage['components']>, all: readonly DmsPackage[]) {
  const brought = new Map(components.map(({ id, version }) => [id, version]));
  const found = new Map<string, z.infer<typeof Need>>();
  for (const need of components.flatMap(({ needs }) => needs)) {
    const own = brought.get(need.id);
    if (own !== undefined && compareVersions(own, need.version ?? own) >= 0) continue;
    const before = found.get(need.id);
    if (before === undefined || compareVersions(before.version ?? '0', need.version ?? '0') < 0)
      found.set(need.id, need);
  }
  return [...found.values()].map(({ id, version }) => {
    const best = newestWith(id, all);
    const isEnough = best !== undefined && compareVersions(best.version, version ?? best.version) >= 0;
    return {
      id,
      ...(version === undefined ? {} : { version }),
      ...(isEnough ? { package: best.pkg.id } : {}),
    };
  });
}

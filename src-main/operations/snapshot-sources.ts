import type { WantedComponent } from '../archive/compare-components.ts';
import type { KeptPackage } from '../archive/kept-packages.ts';
import type { PackageSurvey } from '../archive/package-finder.ts';
import type { SnapshotRecord } from '../archive/snapshot-store.ts';
import { PcAgentError } from '../base/errors.ts';
import type { Comparison } from '../contract/software-views.ts';
import type { OfferedPackage } from '../offline/suitable-package.ts';
import type { Engine } from './engine.ts';
import { keptPackage, keptPackageCode, offeredPackage } from './kept-source.ts';

/** @throws PcAgentError `snapshot/package-absent` unless `partial`, or why the package must not be used */
export function assertInstallable(
  { cache }: Pick<Engine, 'cache'>,
  { missing, outdated }: Comparison,
  kept: ReadonlyMap<string, KeptPackage>,
  { allowUnverified, partial }: { readonly allowUnverified: boolean; readonly partial: boolean },
): void {
  for (const { id, package: source } of [...missing, ...outdated.filter(({ field }) => field === 'version')]) {
    const found = source === undefined ? undefined : kept.get(source);
    if (found === undefined && partial) continue;
    if (found === undefined) {
      throw new PcAgentError('snapshot/package-absent', `the cache has no package that ${id} can be put back from`, {
        retry: 'after-operator',
        details: { component: id },
      });
    }
    const code = keptPackageCode(found, { cache, allowUnverified });
    if (code === undefined) continue;
    throw new PcAgentError(code, `the package ${found.id}, which ${id} came from, cannot be used`, {
      retry: 'after-operator',
      details: { component: id, id: found.id },
    });
  }
}

/** What is kept, as far as its bytes are there; by id. */
export function offeredPackages(
  { cache }: Pick<Engine, 'cache'>,
  kept: ReadonlyMap<string, KeptPackage>,
): ReadonlyMap<string, OfferedPackage> {
  const packages = new Map<string, OfferedPackage>();
  for (const [id, each] of kept) {
    const found = offeredPackage(each, cache);
    if (found !== undefined) packages.set(id, found);
  }
  return packages;
}

interface Sources {
  readonly wanted: readonly WantedComponent[];
  /** By id. */
  readonly kept: ReadonlyMap<string, KeptPackage>;
}

/** Where each component can be put back from: what is kept, else what the cache has meanwhile. */
export function sourcesOf(
  survey: PackageSurvey,
  { components, packages }: Pick<SnapshotRecord, 'components' | 'packages'>,
): Sources {
  const kept = new Map(packages.map((each) => [each.id, each]));
  const wanted: WantedComponent[] = [];
  for (const component of components) {
    const { id, version, state, package: named } = component;
    if (named === undefined) {
      const found = survey.find({ id, version });
      if (found !== undefined && !kept.has(found.id)) kept.set(found.id, keptPackage(found));
      // One package of an id at a time can be on a handset.
      const isKept = found !== undefined && kept.get(found.id)?.digest === found.digest;
      wanted.push({ id, version, state, package: isKept ? found.id : undefined });
      continue;
    }
    // Other bytes under the same name are not what was there.
    const found = kept.has(named.id) ? undefined : survey.content(named.sha256);
    if (found !== undefined) kept.set(named.id, { ...keptPackage(found), id: named.id });
    wanted.push({ id, version, state, package: kept.get(named.id)?.digest === named.sha256 ? named.id : undefined });
  }
  return { wanted, kept };
}

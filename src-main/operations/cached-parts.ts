import type { Cache } from '../cache/cache.ts';
import { PACKAGE_HEAD, type PackageParts, partsOf } from '../offline/package-parts.ts';
import type { OfferedPackage } from '../offline/suitable-package.ts';

/** What lies in a package of the cache. @throws PcAgentError `cache/*` */
export async function cachedParts(cache: Pick<Cache, 'head'>, found: OfferedPackage): Promise<PackageParts> {
  return partsOf(await cache.head(found.digest, PACKAGE_HEAD), found);
}

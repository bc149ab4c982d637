import { basename } from 'node:path';
import type { Cache } from '../cache/cache.ts';
import type { CachedPackage } from '../cache/cached-package.ts';
import { packageType } from '../dlota/package-type.ts';
import type { OfferedPackage } from '../offline/suitable-package.ts';
import type { ServedPackage } from './package-offer.ts';

/** A package of the cache as a handset downloads it. @throws PcAgentError `cache/digest-mismatch`, `cache/absent` */
export async function servedPackage(
  cache: Pick<Cache, 'pieces' | 'show'>,
  found: OfferedPackage,
  signal: AbortSignal,
): Promise<ServedPackage> {
  const { id, name, version, digest } = found;
  const content = await cache.pieces(digest, signal);
  const file = fileOf(id, cache.show(id)?.origin);
  const about = { name, installParam: `version=${version.replaceAll(';', ' ')}` };
  return { file, type: packageType(file), content, sha256: digest, about };
}

/** As it was called where it came from: the ending says what it is. */
function fileOf(id: string, origin: CachedPackage['origin'] | undefined): string {
  if (origin === undefined) return id;
  const path = origin.kind === 'file' ? origin.path : new URL(origin.url).pathname;
  const name = basename(path.replaceAll('\\', '/'));
  return name === '' ? id : name;
}

import type { KeptPackage } from '../archive/kept-packages.ts';
import { isPcAgentError, PcAgentError } from '../base/errors.ts';
import type { Cache } from '../cache/cache.ts';
import type { CachedPackage } from '../cache/cached-package.ts';
import { type OfferedPackage, usablePackage } from '../offline/suitable-package.ts';

/** What of a package of the cache has to be known to install it when another has taken its id. */
export function keptPackage({ id, name, version, model, trust, digest, size }: CachedPackage): KeptPackage {
  return { id, name, version, model, trust, digest, size };
}

/** A kept package as it is now; `undefined`: its bytes are gone. */
export function offeredPackage(kept: KeptPackage, cache: Pick<Cache, 'content'>): OfferedPackage | undefined {
  const content = cache.content(kept.digest);
  return content === undefined ? undefined : { ...kept, state: content.state };
}

/** Why a kept package could not be installed now. */
export function keptPackageCode(
  kept: KeptPackage,
  { cache, allowUnverified }: { readonly cache: Pick<Cache, 'content'>; readonly allowUnverified: boolean },
): string | undefined {
  try {
    usablePackage(offeredPackage(kept, cache), { id: kept.id, allowUnverified });
    return undefined;
  } catch (error) {
    if (isPcAgentError(error)) return error.code;
    throw error;
  }
}

/**
 * Packages are for models, and so is what is made of them.
 * @throws PcAgentError with this code: the handset is of another model.
 */
export function assertSameModel(
  code: 'archive/other-model' | 'snapshot/other-model',
  wanted: string | undefined,
  has: string | undefined,
): void {
  const plain = (text: string | undefined): string => (text ?? '').trim().replace(/\s+/g, ' ').toLowerCase();
  if (plain(wanted) === plain(has)) return;
  throw new PcAgentError(code, `it is of ${wanted ?? 'an unknown model'}, the handset is ${has ?? 'unknown'}`, {
    retry: 'never',
    details: { wanted: wanted ?? '', found: has ?? '' },
  });
}

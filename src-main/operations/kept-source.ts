import type { KeptPackage } from '../archive/kept-packages.ts';
import { isPcAgentError, PcAgentError } from '../base/errors.ts';
import type { Cache } from '../cache/cache.ts';
import { type OfferedPackage, usablePackage } from '../offline/suitable-package.ts';

/** What of a package of the cache has to be known to install it when another has taken its id. */
export function keptPackage({ id, name, version, model, trust, digest, size }: KeptPackage): KeptPackage {
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
 * Packages are for models, and so is what is made of them. What tells no model is for its own handset, or, when it came
 * from a file, for any.
 * @throws PcAgentError with this code: the handset is of another model.
 */
export function assertSameModel(
  code: 'archive/other-model' | 'snapshot/other-model',
  kept: { readonly device: string; readonly model: string | undefined },
  seen: { readonly device: string; readonly model: string | undefined },
): void {
  const plain = (text: string): string => text.trim().replace(/\s+/g, ' ').toLowerCase();
  const isFor =
    kept.model === undefined
      ? kept.device === '' || kept.device === seen.device
      : seen.model !== undefined && plain(kept.model) === plain(seen.model);
  if (isFor) return;
  const message = `it is of ${kept.model ?? 'an unknown model'}, the handset is ${seen.model ?? 'unknown'}`;
  throw new PcAgentError(code, message, {
    retry: 'never',
    details: { wanted: kept.model ?? '', found: seen.model ?? '' },
  });
}

import { isPcAgentError } from '../base/errors.ts';
import type { Cache } from '../cache/cache.ts';
import type { CachedPackage } from '../cache/cached-package.ts';
import type { ParamsOf, ResultOf } from '../contract/requests.ts';
import { type OfferedPackage, suitablePackage, usablePackage } from '../offline/suitable-package.ts';
import type { Engine } from './engine.ts';
import { cachedPackage } from './views.ts';

/**
 * For each known handset whose model is known, how many packages could be installed with no network, or whether this
 * one could and why not.
 * @throws PcAgentError `cache/absent`
 */
export function packagesReadiness(
  {
    cache,
    handsets,
  }: { readonly cache: Pick<Cache, 'list' | 'show'>; readonly handsets: Pick<Engine['handsets'], 'list'> },
  { id }: ParamsOf<'packages.readiness'>,
): ResultOf<'packages.readiness'> {
  const known = handsets.list().flatMap(({ device, model }) => (model === undefined ? [] : [{ device, model }]));
  if (id !== undefined) {
    const found = cachedPackage(cache, id);
    return { handsets: known.map(({ device, model }) => ({ device, ...verdict(found, model) })) };
  }
  const usable = cache.list().filter((each) => codeOf(() => usablePackage(each, wanted(each))) === undefined);
  const counts = new Map<string, number>();
  const countFor = (model: string): number => {
    const counted = counts.get(model) ?? usable.filter((each) => verdict(each, model).ready === 1).length;
    counts.set(model, counted);
    return counted;
  };
  return { handsets: known.map(({ device, model }) => ({ device, ready: countFor(model) })) };
}

function verdict(found: OfferedPackage, model: string): { readonly ready: 0 | 1; readonly code?: string } {
  const code = codeOf(() => suitablePackage({ find: () => found }, { ...wanted(found), model }));
  return code === undefined ? { ready: 1 } : { ready: 0, code };
}

function wanted({ id }: Pick<CachedPackage, 'id'>) {
  return { id, allowUnverified: false };
}

function codeOf(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (isPcAgentError(error)) return error.code;
    throw error;
  }
}

import type { Cache } from '../../cache/cache.ts';
import type { CachedPackage } from '../../cache/cached-package.ts';
import { noise } from '../../virtual/dms/demo-package.ts';

/** Large enough that its way onto the handset can be watched, and an end that is not on any border. */
const SIZE = 2_000_003;
const SEED = 0x1b873593;
const SAMPLE = { id: 'com.example.maps.demo', name: 'Demo Maps', version: '1.1' } as const;
/** What is said of where it came from. */
const SOURCE = 'sample package of the demo phone';

/**
 * Puts a package for a virtual handset into the cache, unless one that suits it is there.
 * @returns what was put in. @throws PcAgentError `cache/*`
 */
export async function addSamplePackage(
  cache: Pick<Cache, 'list' | 'receive'>,
  model: string,
): Promise<CachedPackage | undefined> {
  if (cache.list().some((each) => isUsable(each) && suits(each, model))) return undefined;
  const incoming = await cache.receive(SIZE);
  try {
    await incoming.append(noise(SIZE, SEED));
    return await incoming.keep(SOURCE, { ...SAMPLE, model });
  } finally {
    await incoming.discard();
  }
}

function isUsable({ state, trust }: CachedPackage): boolean {
  return state === 'ready' && trust === 'verified';
}

function suits({ model }: CachedPackage, wanted: string): boolean {
  return model === '' || model.trim().toLowerCase() === wanted.toLowerCase();
}

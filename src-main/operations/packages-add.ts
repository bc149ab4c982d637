import type { ParamsOf, ResultOf } from '../contract/requests.ts';
import type { Engine, WorkContext } from './engine.ts';
import { packageView } from './views.ts';

/** Puts files into the cache, one after the other. Those before a failure stay. @throws PcAgentError `cache/*` */
export async function addPackages(
  { cache, changed }: Engine,
  { files }: ParamsOf<'packages.add'>,
  { signal }: WorkContext,
): Promise<ResultOf<'packages.add'>> {
  const packages = [];
  for (const { file, ...meta } of files) {
    const added = packageView(await cache.add(file, { ...meta, signal }));
    changed({ kind: 'package', package: added });
    packages.push(added);
  }
  return { packages };
}

import type { QuarantineReason } from '../cache/cached-package.ts';
import type { ParamsOf, ResultOf } from '../contract/requests.ts';
import type { Engine, WorkContext } from './engine.ts';
import { cachedPackage, packageView } from './views.ts';

/** Why a package was taken out of use. */
const WHY: Readonly<Record<QuarantineReason, string>> = {
  absent: 'its file is gone',
  'size-mismatch': 'its file is shorter or longer than it was',
  'digest-mismatch': 'its bytes are no longer what was put in',
};

export function listPackages({ cache }: Engine): ResultOf<'packages.list'> {
  return { packages: cache.list().map(packageView) };
}

/** @throws PcAgentError `cache/absent` */
export function showPackage({ cache }: Engine, { id }: ParamsOf<'packages.show'>): ResultOf<'packages.show'> {
  return { package: packageView(cachedPackage(cache, id)) };
}

/** Reads the bytes of one package or of all and compares. @throws PcAgentError `cache/absent` */
export async function verifyPackages(
  { cache, changed }: Engine,
  { id }: ParamsOf<'packages.verify'>,
  { signal }: WorkContext,
): Promise<ResultOf<'packages.verify'>> {
  const verdicts = await cache.verify(id, { signal });
  for (const verdict of verdicts) changed({ kind: 'package', package: packageView(verdict.package) });
  return {
    checks: verdicts.map(({ package: { id: name }, reason }) =>
      reason === undefined
        ? { id: name, ok: true }
        : { id: name, ok: false, code: `cache/${reason}`, message: WHY[reason] },
    ),
  };
}

/** @throws PcAgentError `cache/absent`, `cache/in-use` */
export async function removePackage(
  { cache, changed }: Engine,
  { id }: ParamsOf<'packages.remove'>,
): Promise<ResultOf<'packages.remove'>> {
  const removed = await cache.remove(id);
  changed({ kind: 'package-gone', id: removed.id });
  return { removed: [removed.id] };
}

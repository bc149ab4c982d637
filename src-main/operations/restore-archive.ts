import { isComplete } from '../archive/compare-components.ts';
import type { ParamsOf } from '../contract/requests.ts';
import type { OperationResult } from '../contract/results.ts';
import { usablePackage } from '../offline/suitable-package.ts';
import { knownArchive, settleArchives } from './archive.ts';
import { assertOwnServer, bringAbout, inTurn, lookAt } from './bring-about.ts';
import type { Engine, WorkContext } from './engine.ts';
import { findPlace } from './handset-place.ts';
import { assertSameModel, offeredPackage } from './kept-source.ts';
import type { HandsetPlace } from './ports.ts';

/**
 * Puts an archived component back, as it was, and leaves everything else as it is.
 * @throws PcAgentError `archive/unknown`, `archive/pending`, `archive/other-model`, `cache/absent`,
 * `cache/quarantined`, all before anything on the handset is changed.
 */
export async function restoreArchive(
  engine: Engine,
  params: ParamsOf<'restore'>,
  context: WorkContext,
): Promise<OperationResult> {
  assertOwnServer(params);
  await settleArchives(engine);
  const place = await findPlace(engine, params, context);
  return inTurn(engine, place, context, () => putBack(engine, params, place, context));
}

async function putBack(
  engine: Engine,
  params: ParamsOf<'restore'>,
  place: HandsetPlace,
  context: WorkContext,
): Promise<OperationResult> {
  const archive = knownArchive(engine, params.archive);
  const { id, component, version, componentState, package: kept } = archive;
  const found = usablePackage(offeredPackage(kept, engine.cache), { id: kept.id, allowUnverified: false });
  const seen = await lookAt(engine, place, context);
  assertSameModel('archive/other-model', archive, seen);
  const others = seen.components
    .filter((each) => each.id !== component)
    .map((each) => ({ id: each.id, version: each.version, state: each.state }));
  const result = await bringAbout(
    engine,
    {
      ...{ place, seen, params, removeExtra: false, allowUnverified: false },
      wanted: [...others, { id: component, version, state: componentState, package: found.id }],
      packages: new Map([[found.id, found]]),
    },
    context,
  );
  if (result.remaining !== undefined && isComplete(result.remaining)) await engine.archives.restored(id);
  return result;
}

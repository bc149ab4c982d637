import type { ParamsOf } from '../contract/requests.ts';
import type { OperationResult } from '../contract/results.ts';
import type { Engine, WorkContext } from './engine.ts';
import { handsetPlace } from './handset-place.ts';
import { ownWork } from './own-work.ts';
import { relayedWork } from './relayed-work.ts';

/** What is installed on a handset. */
export async function inventory(
  engine: Engine,
  params: ParamsOf<'inventory'>,
  context: WorkContext,
): Promise<OperationResult> {
  const place = handsetPlace(params.handset, params.device, engine);
  if (params.dms === undefined) return ownWork(engine, 'inventory', [{ operation: 'inventory' }], place, context);
  const requests = [{ operation: 'inventory' as const }];
  return relayedWork(engine, { dms: params.dms, place, operation: 'inventory', requests }, context);
}

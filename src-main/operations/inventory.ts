import type { ParamsOf } from '../contract/requests.ts';
import type { OperationResult } from '../contract/results.ts';
import type { Engine, WorkContext } from './engine.ts';
import { findPlace } from './handset-place.ts';
import { ownWork } from './own-work.ts';
import { relayedWork } from './relayed-work.ts';
import { serverFor } from './server-order.ts';

/** What is installed on a handset. */
export async function inventory(
  engine: Engine,
  params: ParamsOf<'inventory'>,
  context: WorkContext,
): Promise<OperationResult> {
  const profile = serverFor(engine, params);
  const place = await findPlace(engine, params, context);
  if (profile === undefined) return ownWork(engine, 'inventory', [{ operation: 'inventory' }], place, context);
  const requests = [{ operation: 'inventory' as const }];
  return relayedWork(engine, { profile, place, operation: 'inventory', requests }, context);
}

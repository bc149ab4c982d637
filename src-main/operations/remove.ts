import type { ParamsOf } from '../contract/requests.ts';
import type { OperationResult } from '../contract/results.ts';
import type { Engine, WorkContext } from './engine.ts';
import { handsetPlace } from './handset-place.ts';
import { consentFor, reconnecting, reportAddress } from './own-order.ts';
import { ownWork } from './own-work.ts';
import { relayedWork } from './relayed-work.ts';

/** Takes a component off a handset. */
export async function remove(
  engine: Engine,
  params: ParamsOf<'remove'>,
  context: WorkContext,
): Promise<OperationResult> {
  const { component, dms } = params;
  const place = handsetPlace(params.handset, params.device, engine.handsets);
  if (dms === undefined) {
    const consent = consentFor(params.consent, `Remove ${component}?`);
    const order = { operation: 'remove' as const, component, ...consent, reportTo: reportAddress(engine, params) };
    return ownWork(engine, 'remove', [order], place, { ...context, ...reconnecting(params) });
  }
  const requests = [{ operation: 'remove' as const, component }];
  return relayedWork(engine, { dms, place, operation: 'remove', requests }, context);
}

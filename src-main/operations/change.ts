import type { ParamsOf } from '../contract/requests.ts';
import type { OperationResult } from '../contract/results.ts';
import type { Engine, WorkContext } from './engine.ts';
import { handsetPlace } from './handset-place.ts';
import { consentFor, reconnecting, reportAddress } from './own-order.ts';
import { ownWork } from './own-work.ts';
import { relayedWork } from './relayed-work.ts';

/** Makes a component of a handset available to its user. */
export function activate(engine: Engine, params: ParamsOf<'activate'>, context: WorkContext): Promise<OperationResult> {
  return change(engine, 'activate', `Activate ${params.component}?`, params, context);
}

/** Takes a component out of use and leaves it on the handset. */
export function deactivate(
  engine: Engine,
  params: ParamsOf<'deactivate'>,
  context: WorkContext,
): Promise<OperationResult> {
  return change(engine, 'deactivate', `Deactivate ${params.component}?`, params, context);
}

/** Takes a component off a handset. */
export function remove(engine: Engine, params: ParamsOf<'remove'>, context: WorkContext): Promise<OperationResult> {
  return change(engine, 'remove', `Remove ${params.component}?`, params, context);
}

async function change(
  engine: Engine,
  operation: 'activate' | 'deactivate' | 'remove',
  question: string,
  params: ParamsOf<'remove'>,
  context: WorkContext,
): Promise<OperationResult> {
  const { component, dms } = params;
  const place = handsetPlace(params.handset, params.device, engine);
  if (dms === undefined) {
    const reportTo = reportAddress(engine, params);
    const order = { operation, component, ...consentFor(params.consent, question), reportTo };
    return ownWork(engine, operation, [order], place, { ...context, ...reconnecting(params) });
  }
  return relayedWork(engine, { dms, place, operation, requests: [{ operation, component }] }, context);
}

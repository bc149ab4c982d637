import type { ParamsOf } from '../contract/requests.ts';
import type { OperationResult } from '../contract/results.ts';
import type { Engine, WorkContext } from './engine.ts';
import { findPlace } from './handset-place.ts';
import { consentFor, reconnecting, reportAddress } from './own-order.ts';
import { ownWork } from './own-work.ts';
import { relayedWork } from './relayed-work.ts';
import { serverFor, serverWish } from './server-order.ts';

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
  const { component } = params;
  const profile = serverFor(engine, params);
  const reportTo = profile === undefined ? reportAddress(engine, params) : undefined;
  const place = await findPlace(engine, params, context);
  if (profile === undefined) {
    const order = { operation, component, ...consentFor(params.consent, question), reportTo };
    return ownWork(engine, operation, [order], place, { ...context, ...reconnecting(params) });
  }
  const request = { operation, component, ...serverWish('software', params.consent, question) };
  return relayedWork(engine, { profile, place, operation, requests: [request] }, context);
}

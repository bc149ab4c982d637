import type { ParamsOf } from '../contract/requests.ts';
import type { OperationResult } from '../contract/results.ts';
import type { Engine, WorkContext } from './engine.ts';
import { findPlace } from './handset-place.ts';
import { consentFor, reconnecting, usableForOrder } from './own-order.ts';
import { ownWork } from './own-work.ts';
import type { OwnOrder } from './ports.ts';
import { relayedWork } from './relayed-work.ts';
import { serverFor, serverWish } from './server-order.ts';

/**
 * Puts packages on a handset: those of the cache by the PC's own server, or those of a DM server by a relayed session.
 * @throws PcAgentError `cache/absent`, `cache/quarantined`, `cache/unverified`, `cache/too-large`, all before the
 * handset is looked for; `listening/network-off`.
 */
export async function install(
  engine: Engine,
  params: ParamsOf<'install'>,
  given: WorkContext,
): Promise<OperationResult> {
  const ids = [...new Set(params.packages)];
  const profile = serverFor(engine, params);
  // Before anybody is looked for.
  const orders = profile === undefined ? ordersOf(engine, params, ids) : [];
  const place = await findPlace(engine, params, given);
  const context = { ...given, ...reconnecting(params), emit: engine.rates.measured(place.address.text, given.emit) };
  if (profile === undefined)
    return ownWork(engine, 'install', orders, place, { ...context, download: params.download === true });
  const requests = ids.map((id) => ({
    operation: 'install' as const,
    package: id,
    ...serverWish('software', params.consent, `Install ${id}?`, params.inactive === true ? { activate: false } : {}),
  }));
  return relayedWork(engine, { profile, place, operation: 'install', requests }, context);
}

/** What the PC's own server is to do, with packages that it may install. */
function ordersOf(engine: Engine, params: ParamsOf<'install'>, ids: readonly string[]): readonly OwnOrder[] {
  const { packages, same } = usableForOrder(engine, params, ids);
  return packages.map(({ id, name, version }) => ({
    operation: 'install' as const,
    package: id,
    ...consentFor(params.consent, `Install ${name} ${version}?`),
    ...same,
    ...(params.inactive === true ? { inactive: true } : {}),
  }));
}

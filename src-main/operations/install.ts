import type { ParamsOf } from '../contract/requests.ts';
import type { OperationResult } from '../contract/results.ts';
import { usablePackage } from '../offline/suitable-package.ts';
import type { Engine, WorkContext } from './engine.ts';
import { handsetPlace } from './handset-place.ts';
import { consentFor, reconnecting, reportAddress } from './own-order.ts';
import { ownWork } from './own-work.ts';
import { relayedWork } from './relayed-work.ts';

/**
 * Puts packages on a handset: those of the cache by the PC's own server, or those of a DM server by a relayed session.
 * @throws PcAgentError `cache/absent`, `cache/quarantined`, `cache/unverified`, `cache/too-large`, all before the
 * handset is touched; `listening/network-off`.
 */
export async function install(
  engine: Engine,
  params: ParamsOf<'install'>,
  given: WorkContext,
): Promise<OperationResult> {
  const ids = [...new Set(params.packages)];
  const place = handsetPlace(params.handset, params.device, engine);
  const context = { ...given, ...reconnecting(params), emit: engine.rates.measured(place.address.text, given.emit) };
  if (params.dms === undefined) {
    if (params.download === true) engine.shelf.assertOpen();
    const allowUnverified = params.allowUnverified === true;
    const packages = ids.map((id) => usablePackage(engine.cache.show(id), { id, allowUnverified }));
    const orders = packages.map(({ id, name, version }) => ({
      operation: 'install' as const,
      package: id,
      ...consentFor(params.consent, `Install ${name} ${version}?`),
      allowUnverified,
      ...(params.inactive === true ? { inactive: true } : {}),
      reportTo: reportAddress(engine, params),
    }));
    return ownWork(engine, 'install', orders, place, { ...context, download: params.download === true });
  }
  const software = params.inactive === true ? { software: { activate: false } } : {};
  const requests = ids.map((id) => ({ operation: 'install' as const, package: id, ...software }));
  return relayedWork(engine, { dms: params.dms, place, operation: 'install', requests }, context);
}

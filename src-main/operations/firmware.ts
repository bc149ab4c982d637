import type { ParamsOf } from '../contract/requests.ts';
import type { OperationResult } from '../contract/results.ts';
import { usablePackage } from '../offline/suitable-package.ts';
import type { Engine, WorkContext } from './engine.ts';
import { handsetPlace } from './handset-place.ts';
import { consentFor, reconnecting, reportAddress } from './own-order.ts';
import { ownWork } from './own-work.ts';
import { relayedWork } from './relayed-work.ts';

/**
 * Updates the firmware of a handset with a package of the cache, or of a DM server.
 * @throws PcAgentError `cache/absent`, `cache/quarantined`, `cache/unverified`, `listening/network-off`,
 * all before the handset is touched.
 */
export async function firmware(
  engine: Engine,
  params: ParamsOf<'firmware'>,
  given: WorkContext,
): Promise<OperationResult> {
  const { package: id, dms, allowUnverified = false } = params;
  const place = handsetPlace(params.handset, params.device, engine);
  const context = { ...given, ...reconnecting(params), emit: engine.rates.measured(place.address.text, given.emit) };
  if (dms === undefined) {
    if (params.download === true) engine.shelf.assertOpen();
    const { name, version } = usablePackage(engine.cache.show(id), { id, allowUnverified });
    const order = {
      operation: 'firmware' as const,
      package: id,
      ...consentFor(params.consent, `Update the firmware with ${name} ${version}? Do not unplug the phone meanwhile.`),
      allowUnverified,
      reportTo: reportAddress(engine, params),
    };
    return ownWork(engine, 'firmware', [order], place, { ...context, download: params.download === true });
  }
  const requests = [{ operation: 'firmware' as const, package: id }];
  return relayedWork(engine, { dms, place, operation: 'firmware', requests }, context);
}

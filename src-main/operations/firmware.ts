import type { ParamsOf } from '../contract/requests.ts';
import type { OperationResult } from '../contract/results.ts';
import { usablePackage } from '../offline/suitable-package.ts';
import type { Engine, WorkContext } from './engine.ts';
import { findPlace } from './handset-place.ts';
import { consentFor, reconnecting, reportAddress } from './own-order.ts';
import { ownWork } from './own-work.ts';
import type { OwnOrder } from './ports.ts';
import { relayedWork } from './relayed-work.ts';
import { serverFor, serverWish } from './server-order.ts';

/**
 * Updates the firmware of a handset with a package of the cache, or of a DM server.
 * @throws PcAgentError `cache/absent`, `cache/quarantined`, `cache/unverified`, `listening/network-off`,
 * all before the handset is looked for.
 */
export async function firmware(
  engine: Engine,
  params: ParamsOf<'firmware'>,
  given: WorkContext,
): Promise<OperationResult> {
  const { package: id, download = false } = params;
  const profile = serverFor(engine, params);
  // Before anybody is looked for.
  const orders = profile === undefined ? [orderOf(engine, params)] : [];
  const place = await findPlace(engine, params, given);
  const context = { ...given, ...reconnecting(params), emit: engine.rates.measured(place.address.text, given.emit) };
  if (profile === undefined) return ownWork(engine, 'firmware', orders, place, { ...context, download });
  const wish = serverWish('firmware', params.consent, question(id));
  const requests = [{ operation: 'firmware' as const, package: id, ...wish }];
  return relayedWork(engine, { profile, place, operation: 'firmware', requests }, context);
}

/** What the PC's own server is to do, with a package that it may use. */
function orderOf(engine: Engine, params: ParamsOf<'firmware'>): OwnOrder {
  const { package: id, allowUnverified = false } = params;
  const reportTo = reportAddress(engine, params);
  if (params.download === true) engine.shelf.assertOpen();
  const { name, version } = usablePackage(engine.cache.show(id), { id, allowUnverified });
  return {
    operation: 'firmware',
    package: id,
    ...consentFor(params.consent, question(`${name} ${version}`)),
    allowUnverified,
    reportTo,
  };
}

function question(what: string): string {
  return `Update the firmware with ${what}? Do not unplug the phone meanwhile.`;
}

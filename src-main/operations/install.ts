import { PcAgentError } from '../base/errors.ts';
import type { CachedPackage } from '../cache/cached-package.ts';
import type { ParamsOf } from '../contract/requests.ts';
import type { OperationResult } from '../contract/results.ts';
import type { Engine, WorkContext } from './engine.ts';
import { handsetPlace } from './handset-place.ts';
import { consentFor, reportAddress } from './own-order.ts';
import { ownWork } from './own-work.ts';
import { relayedWork } from './relayed-work.ts';
import { cachedPackage } from './views.ts';

/**
 * Puts packages on a handset: those of the cache by the PC's own server, or those of a DM server by a relayed session.
 * @throws PcAgentError `cache/absent`, `cache/quarantined`, `cache/unverified`, all before the handset is touched.
 */
export async function install(
  engine: Engine,
  params: ParamsOf<'install'>,
  context: WorkContext,
): Promise<OperationResult> {
  const ids = [...new Set(params.packages)];
  const place = handsetPlace(params.handset, params.device, engine.handsets);
  if (params.dms === undefined) {
    const packages = ids.map((id) => usable(cachedPackage(engine.cache, id), params.allowUnverified === true));
    const orders = packages.map(({ id, name, version }) => ({
      operation: 'install' as const,
      package: id,
      ...consentFor(params.consent, `Install ${name} ${version}?`),
      allowUnverified: params.allowUnverified === true,
      reportTo: reportAddress(engine, params),
    }));
    return ownWork(engine, 'install', orders, place, context);
  }
  const requests = ids.map((id) => ({ operation: 'install' as const, package: id }));
  return relayedWork(engine, { dms: params.dms, place, operation: 'install', requests }, context);
}

function usable(found: CachedPackage, allowUnverified: boolean): CachedPackage {
  const details = { id: found.id, digest: found.digest };
  if (found.state === 'quarantined') {
    throw new PcAgentError('cache/quarantined', `${found.id} was taken out of use (${found.reason ?? 'damaged'})`, {
      retry: 'after-operator',
      details,
    });
  }
  if (found.trust !== 'verified' && !allowUnverified) {
    throw new PcAgentError('cache/unverified', `nobody vouches for ${found.id}: use --allow-unverified to install it`, {
      retry: 'after-operator',
      details,
    });
  }
  return found;
}

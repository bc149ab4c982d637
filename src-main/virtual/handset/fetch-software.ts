import type { FetchSoftware } from '../../scomo/fetch-package.ts';
import type { DlotaClient } from './dlota-client.ts';

/** Packages of software by the handset's own download client: straight from a URL, or by a download descriptor. */
export function fetchSoftwareBy(client: Pick<DlotaClient, 'fetchPackage'>, signal: AbortSignal): FetchSoftware {
  return async (url) => {
    // What an earlier run has left goes on while the handset is being made: what it has room for is known after that.
    await Promise.resolve();
    // Who ordered the operation has asked the person, where that was wanted.
    const delivery = await client.fetchPackage(url, { signal, consent: 'given' });
    if (delivery.kind === 'failed') return { kind: 'failed', code: delivery.codes.scomo };
    return { kind: 'fetched', content: delivery.content, type: delivery.type, release: delivery.release };
  };
}

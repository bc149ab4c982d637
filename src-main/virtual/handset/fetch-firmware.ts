import type { FetchPackage } from '../../fumo/fetch-package.ts';
import type { DlotaClient } from './dlota-client.ts';

/** Firmware packages by the handset's own download client: straight from a URL, or by a download descriptor. */
export function fetchFirmwareBy(client: Pick<DlotaClient, 'fetchPackage'>, signal: AbortSignal): FetchPackage {
  let release: (() => void) | undefined;
  return async (url) => {
    // What an earlier run has left goes on while the handset is being made: what it has room for is known after that.
    await Promise.resolve();
    // The package of the last download has gone from the tree when another one is ordered.
    release?.();
    release = undefined;
    // Who ordered the operation has asked the person, where that was wanted.
    const delivery = await client.fetchPackage(url, { signal, consent: 'given' });
    if (delivery.kind === 'failed') return { kind: 'failed', code: delivery.codes.fumo };
    release = delivery.release;
    return { kind: 'fetched', content: delivery.content };
  };
}

import { PcAgentError } from '../base/errors.ts';
import { DESCRIPTOR_TYPE, DescriptorLimit, installParams } from '../dlota/descriptor.ts';
import { readDescriptor } from '../dlota/read-descriptor.ts';
import { httpRequest } from '../net/http-request.ts';
import type { Engine } from './engine.ts';

/** What a download descriptor says of a package. */
export interface DescribedPackage {
  readonly url: URL;
  readonly size: number;
  readonly name: string | undefined;
  readonly version: string | undefined;
  /** Where the descriptor vouches for the bytes too. */
  readonly sha256: string | undefined;
}

/** Whether an address is that of a download descriptor, by its ending. */
export function isDescriptorAddress(url: URL): boolean {
  return url.pathname.toLowerCase().endsWith('.dd');
}

/**
 * Gets a download descriptor for the cache. Nothing is reported there: that is due when a handset has the package.
 * @throws PcAgentError `dlota/*`, `net/*`
 */
export async function describedPackage(
  { agent, ledger }: Pick<Engine, 'agent' | 'ledger'>,
  url: URL,
  signal: AbortSignal,
): Promise<DescribedPackage> {
  const { status, headers, body } = await httpRequest({
    ...{ url, method: 'GET', headers: { accept: DESCRIPTOR_TYPE }, agent, ledger, signal },
    ...{ purpose: 'fetch', initiator: 'operator', maxBody: DescriptorLimit.Document },
  });
  if (status !== 200) {
    throw new PcAgentError('net/http-status', `${url.origin} answered with HTTP status ${status}`, {
      retry: 'after-operator',
      details: { origin: url.origin, status },
    });
  }
  const type = headers['content-type'];
  const place = { url: url.href, ...(typeof type === 'string' ? { contentType: type } : {}) };
  const reading = readDescriptor(body, place);
  if (reading.kind === 'refused') throw reading.error;
  const { objectUri, size, name } = reading.descriptor;
  const params = installParams(reading.descriptor);
  const sha256 = params.get('sha256');
  const known = /^[0-9a-f]{64}$/i.test(sha256 ?? '') ? sha256 : undefined;
  return {
    url: new URL(objectUri),
    size,
    name,
    version: params.get('version')?.slice(0, 64) || undefined,
    sha256: known,
  };
}

import { type Duration, seconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import { parseBluetoothAddress } from './bluetooth-address.ts';
import type { BluetoothService, RfcommHost } from './rfcomm-host.ts';
import { servicesIn } from './sdp/service-records.ts';

/** A handset that is in range answers in well under a second; the call itself may take the rest. */
const LIMIT: Duration = seconds(20);

/**
 * The services of a handset that are of use here, best first.
 * @throws PcAgentError `bearer/address-invalid`, `bearer/unavailable`, `bearer/timeout`, `bearer/records-invalid`,
 * `bearer/no-look-up`; AbortError
 */
export async function servicesOf(
  host: RfcommHost,
  address: string,
  signal: AbortSignal,
): Promise<readonly BluetoothService[]> {
  signal.throwIfAborted();
  const { address: wanted } = parseBluetoothAddress(`bluetooth:${address}`);
  if (host.records === undefined) {
    throw new PcAgentError('bearer/no-look-up', 'the channels of services cannot be looked up here', {
      retry: 'after-operator',
      details: { bearer: 'bluetooth', address: `bluetooth:${address}` },
    });
  }
  return servicesIn(await host.records(wanted, { signal, limit: LIMIT }));
}

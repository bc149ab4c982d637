import { PcAgentError } from '../../base/errors.ts';
import type { BearerAddress } from '../bearer.ts';

/**
 * `bluetooth:ADDRESS[@CHANNEL]`, e.g. `bluetooth:00:1A:89:10:20:30@13`. Where one dials, the address is the handset's,
 * and without a channel its SyncML DM client is looked up; where one listens, it is that of an adapter of this
 * computer, and without a channel any free one is taken.
 */
export interface BluetoothAddress extends BearerAddress {
  readonly bearer: 'bluetooth';
  /** In upper case. */
  readonly address: string;
  readonly channel?: number;
}

/** BDADDR_ANY: any adapter of this computer. */
export const ANY_ADAPTER = '00:00:00:00:00:00';

/** Server channels are 1 to 30 (RFCOMM 1.2, 5.4). */
const FORM = /^bluetooth:([0-9A-F]{2}(?::[0-9A-F]{2}){5})(?:@([1-9]|[12]\d|30))?$/i;

/** @throws PcAgentError `bearer/address-invalid` */
export function parseBluetoothAddress(text: string): BluetoothAddress {
  const [, address, channel] = FORM.exec(text) ?? [];
  if (address === undefined) {
    const form = 'bluetooth:ADDRESS[@CHANNEL], channels 1 to 30';
    throw new PcAgentError('bearer/address-invalid', `not a handset address (${form}): ${text}`, {
      details: { address: text, form },
    });
  }
  return bluetoothAddress(address, channel === undefined ? undefined : Number(channel));
}

export function bluetoothAddress(address: string, channel?: number): BluetoothAddress {
  const upper = address.toUpperCase();
  if (channel === undefined) return { bearer: 'bluetooth', text: `bluetooth:${upper}`, address: upper };
  return { bearer: 'bluetooth', text: `bluetooth:${upper}@${channel}`, address: upper, channel };
}

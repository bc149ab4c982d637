import { parseBluetoothAddress } from '../bluetooth/bluetooth-address.ts';
import type { ServiceRecord } from './air.ts';

/** Service classes of SyncML device management, as handsets show them ("SyncML DM Client"; the server is one before). */
const UUIDS = {
  client: '00000004-0000-1000-8000-0002ee000002',
  server: '00000003-0000-1000-8000-0002ee000002',
} as const;
const NAMES = { client: 'SyncML DM Client', server: 'SyncML DM Server' } as const;

/** The record of who listens at an address of ours; `undefined` where that is no RFCOMM channel. */
export function dmRecord(role: 'client' | 'server', address: string): ServiceRecord | undefined {
  if (!/^bluetooth:/i.test(address)) return undefined;
  const { channel } = parseBluetoothAddress(address);
  return channel === undefined ? undefined : { uuid: UUIDS[role], name: NAMES[role], channel };
}

import { parseBluetoothAddress } from '../bluetooth/bluetooth-address.ts';
import { ServiceClass } from '../bluetooth/service-classes.ts';
import type { ServiceRecord } from './air.ts';

/** As handsets call them. */
const RECORDS = {
  client: { uuid: ServiceClass.SyncmlDmClient, name: 'SyncML DM Client' },
  server: { uuid: ServiceClass.SyncmlDmServer, name: 'SyncML DM Server' },
} as const;

/** The record of who listens at an address of ours; `undefined` where that is no RFCOMM channel. */
export function dmRecord(role: 'client' | 'server', address: string): ServiceRecord | undefined {
  if (!/^bluetooth:/i.test(address)) return undefined;
  const { channel } = parseBluetoothAddress(address);
  return channel === undefined ? undefined : { ...RECORDS[role], channel };
}

import { ServiceClass } from '../bluetooth/service-classes.ts';
import type { AirPhone } from './air.ts';

/** What a device is by its Class of Device (Bluetooth Assigned Numbers, 2.8); `handheld`: a small computer. */
export type DeviceKind = 'phone' | 'handheld' | 'computer' | 'other';

const MAJOR_COMPUTER = 1;
const MAJOR_PHONE = 2;
/** Minor classes of a computer: handheld, palm size. */
const HANDHELD: readonly number[] = [4, 5];

/** SyncML DM client, and the same on the base that some handsets have by mistake. */
const DM_CLIENTS: readonly string[] = [ServiceClass.SyncmlDmClient, '00000004-0000-1000-8000-0002ee000001'];
const OBEX: readonly string[] = [ServiceClass.ObexPush, ServiceClass.ObexFileTransfer];

export function deviceKind(deviceClass: number): DeviceKind {
  const minor = (deviceClass >> 2) & 0x3f;
  switch ((deviceClass >> 8) & 0x1f) {
    case MAJOR_PHONE:
      return 'phone';
    case MAJOR_COMPUTER:
      return HANDHELD.includes(minor) ? 'handheld' : 'computer';
    default:
      return 'other';
  }
}

/** `undefined` where it is not known: only of a phone that is paired all records were read. */
export function speaksDm({ services, paired }: Pick<AirPhone, 'services' | 'paired'>): boolean | undefined {
  if (services.some((uuid) => DM_CLIENTS.includes(uuid))) return true;
  return paired && services.length > 0 ? false : undefined;
}

/** Whether this program has anything to say to it: headsets, mice and other computers are paired with computers too. */
export function isHandset(phone: Pick<AirPhone, 'services' | 'paired' | 'deviceClass'>): boolean {
  if (speaksDm(phone) === true) return true;
  const kind = phone.deviceClass === undefined ? undefined : deviceKind(phone.deviceClass);
  if (kind === 'phone') return true;
  return (kind === undefined || kind === 'handheld') && phone.services.some((uuid) => OBEX.includes(uuid));
}

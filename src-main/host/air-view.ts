import type { AirPhone, AirView } from '../bearer/air/air.ts';
import type { AirPhone as PhoneView, AirView as View } from '../contract/air.ts';

/** Major device classes (Bluetooth Assigned Numbers, 2.8.1). */
const MAJOR_COMPUTER = 1;
const MAJOR_PHONE = 2;
/** A SyncML DM client; handsets with the other base exist. */
const DM_CLIENTS: readonly string[] = ['00000004-0000-1000-8000-0002ee000002', '00000004-0000-1000-8000-0002ee000001'];

/** What faces see of the Bluetooth of this computer. */
export function airView({ reason, adapters, phones, searching }: AirView): View {
  return {
    ...(reason === undefined ? {} : { reason }),
    adapters: adapters.map((adapter) => ({ ...adapter })),
    phones: phones.map(phoneView),
    searching,
  };
}

export function phoneView({ address, name, deviceClass, paired, connected, services, seenAt, signal }: AirPhone) {
  const speaksDm =
    services.some((uuid) => DM_CLIENTS.includes(uuid)) || (paired && services.length > 0 ? false : undefined);
  const view: PhoneView = {
    address,
    ...(name === undefined ? {} : { name }),
    ...(deviceClass === undefined ? {} : { type: typeOf(deviceClass) }),
    paired,
    connected,
    ...(speaksDm === undefined ? {} : { speaksDm }),
    ...(seenAt === undefined ? {} : { seenAt }),
    ...(signal === undefined ? {} : { signal }),
  };
  return view;
}

function typeOf(deviceClass: number): NonNullable<PhoneView['type']> {
  switch ((deviceClass >> 8) & 0x1f) {
    case MAJOR_PHONE:
      return 'phone';
    case MAJOR_COMPUTER:
      return 'computer';
    default:
      return 'other';
  }
}

import type { AirPhone, AirView } from '../bearer/air/air.ts';
import { deviceKind, speaksDm } from '../bearer/air/device-kind.ts';
import type { AirPhone as PhoneView, AirView as View } from '../contract/air.ts';

/** What faces see of the Bluetooth of this computer. */
export function airView({ reason, adapters, phones, searching }: AirView): View {
  return {
    ...(reason === undefined ? {} : { reason }),
    adapters: adapters.map((adapter) => ({ ...adapter })),
    phones: phones.map(phoneView),
    searching,
  };
}

export function phoneView(phone: AirPhone): PhoneView {
  const { address, name, deviceClass, paired, connected, seenAt, signal } = phone;
  const dm = speaksDm(phone);
  return {
    address,
    ...(name === undefined ? {} : { name }),
    ...(deviceClass === undefined ? {} : { type: typeOf(deviceClass) }),
    paired,
    connected,
    ...(dm === undefined ? {} : { speaksDm: dm }),
    ...(seenAt === undefined ? {} : { seenAt }),
    ...(signal === undefined ? {} : { signal }),
  };
}

/** A small computer is held in the hand as a phone is. */
function typeOf(deviceClass: number): NonNullable<PhoneView['type']> {
  const kind = deviceKind(deviceClass);
  return kind === 'handheld' ? 'phone' : kind;
}

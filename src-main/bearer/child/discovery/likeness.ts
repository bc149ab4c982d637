import type { UsbDeviceNode, UsbInterfaceNode } from './usb-tree.ts';

/** What is looked at: systems tell more or less of a device. */
type SeenInterface = Pick<UsbInterfaceNode, 'classCode' | 'subclass' | 'protocol'>;
type Seen = Pick<UsbDeviceNode, 'vendorId'> & { readonly interfaces: readonly SeenInterface[] };

/**
 * Vendors of mobile phones by their USB-IF numbers; those whose other goods are met on USB as often are marked mixed,
 * and a disk, camera or speaker of theirs is no phone.
 */
const PHONE_VENDORS: ReadonlyMap<number, 'phones' | 'mixed'> = new Map([
  [0x0421, 'phones'], // Nokia
  [0x0fce, 'phones'], // Sony Ericsson
  [0x0bdb, 'phones'], // Ericsson
  [0x22b8, 'phones'], // Motorola
  [0x04e8, 'mixed'], // Samsung
  [0x1004, 'phones'], // LG Electronics
  [0x0681, 'phones'], // Siemens Information and Communication
  [0x11f5, 'phones'], // Siemens Mobile, BenQ
  [0x079b, 'phones'], // Sagem
  [0x1bbb, 'phones'], // Alcatel
  [0x04dd, 'mixed'], // Sharp
  [0x04da, 'mixed'], // Panasonic
  [0x0471, 'mixed'], // Philips
  [0x0930, 'mixed'], // Toshiba
  [0x0409, 'mixed'], // NEC
  [0x04c5, 'mixed'], // Fujitsu
  [0x0482, 'mixed'], // Kyocera
  [0x0474, 'mixed'], // Sanyo
  [0x106c, 'phones'], // Pantech, Curitel
  [0x12d1, 'phones'], // Huawei
  [0x19d2, 'phones'], // ZTE
  [0x0bb4, 'phones'], // HTC
  [0x0fca, 'phones'], // Research In Motion
  [0x0830, 'phones'], // Palm
  [0x18d1, 'phones'], // Google
  [0x2717, 'phones'], // Xiaomi
]);

const COMMUNICATIONS = 0x02;
const IMAGE = 0x06;
const MASS_STORAGE = 0x08;
const CDC_DATA = 0x0a;
const VENDOR_SPECIFIC = 0xff;
/** Subclasses of the communications class: abstract control model (CDC PSTN 1.2), OBEX (WMC 1.1, table 4-1). */
const ABSTRACT_CONTROL = 0x02;
const OBEX_MODEL = 0x0b;
/** USB attached SCSI: disks have it, phones do not. */
const ATTACHED_SCSI = 0x62;

export function isObexControl(port: SeenInterface): boolean {
  return port.classCode === COMMUNICATIONS && port.subclass === OBEX_MODEL;
}

export function isAcmControl(port: SeenInterface): boolean {
  return port.classCode === COMMUNICATIONS && port.subclass === ABSTRACT_CONTROL;
}

/**
 * Whether a device of which nothing can be used is worth a word: one with an interface of handsets, or one of a vendor
 * of phones that is neither a keyboard nor a speaker.
 */
export function looksLikePhone(device: Seen, more: ReadonlySet<number>): boolean {
  if (device.interfaces.some((port) => isObexControl(port) || isAcmControl(port))) return true;
  const vendor = PHONE_VENDORS.get(device.vendorId) ?? (more.has(device.vendorId) ? 'phones' : undefined);
  if (vendor === undefined) return false;
  // Not configured: a phone that asks for more current than the port gives, or that is broken.
  if (device.interfaces.length === 0) return vendor === 'phones';
  return device.interfaces.some((port) => isPhones(port, vendor));
}

function isPhones({ classCode, protocol }: SeenInterface, vendor: 'phones' | 'mixed'): boolean {
  switch (classCode) {
    case COMMUNICATIONS:
    case CDC_DATA:
    case IMAGE:
      return true;
    case MASS_STORAGE:
      return vendor === 'phones' && protocol !== ATTACHED_SCSI;
    case VENDOR_SPECIFIC:
      return vendor === 'phones';
    default:
      return false;
  }
}

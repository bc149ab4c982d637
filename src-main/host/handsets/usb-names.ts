import type { AttachedThing } from '../../bearer/discovery.ts';
import { usbAddress } from '../../bearer/usb/usb-address.ts';

/** All addresses by which a person may name a USB device: alone of its kind it needs neither number nor port. */
export function usbNames({ vendorId, productId, serial, place, functions }: AttachedThing): readonly string[] {
  if (vendorId === undefined || productId === undefined || !functions.some(({ kind }) => kind === 'usb')) return [];
  const ids = { vendorId, productId };
  const names = [{}, { serial }, { place }, { serial, place }].map((more) => usbAddress({ ...ids, ...more }).text);
  return [...new Set(names)];
}

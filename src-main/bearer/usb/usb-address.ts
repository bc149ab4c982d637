import { PcAgentError } from '../../base/errors.ts';
import type { BearerAddress } from '../bearer.ts';

/** `usb:VID:PID[:SERIAL][@BUS-PORT]`, e.g. `usb:0421:0123:350000000000012`, `usb:0421:0123@1-2.3`. */
export interface UsbAddress extends BearerAddress {
  readonly bearer: 'usb';
  readonly vendorId: number;
  readonly productId: number;
  /** The device's serial number as it tells it, without percent-encoding. */
  readonly serial?: string;
  /** Bus and ports, for devices that cannot be told apart otherwise, e.g. `1-2.3`. */
  readonly place?: string;
}

/** A USB string has at most 126 characters (USB 2.0, 9.6.7), each at most nine when percent-encoded. */
const FORM = /^usb:([0-9A-Fa-f]{4}):([0-9A-Fa-f]{4})(?::([^\s@]{1,1134}))?(?:@(\d{1,3}-\d{1,3}(?:\.\d{1,3}){0,6}))?$/i;
/** The length of a USB string descriptor is one octet: two of head, and characters of two octets each. */
const LONGEST_SERIAL = 126;
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]/gu;

/** @throws PcAgentError `bearer/address-invalid` */
export function parseUsbAddress(text: string): UsbAddress {
  const [, vendor, product, encoded, place] = FORM.exec(text) ?? [];
  if (vendor === undefined || product === undefined) throw invalid(text);
  const serial = encoded === undefined ? undefined : decoded(encoded);
  if (encoded !== undefined && (serial === undefined || printableSerial(serial) !== serial)) throw invalid(text);
  return usbAddress({
    vendorId: Number.parseInt(vendor, 16),
    productId: Number.parseInt(product, 16),
    serial,
    place,
  });
}

/** The address in its canonical form: ids in lower-case hex, only what must be percent-encoded is. */
export function usbAddress(parts: {
  readonly vendorId: number;
  readonly productId: number;
  readonly serial?: string | undefined;
  readonly place?: string | undefined;
}): UsbAddress {
  const { vendorId, productId, serial, place } = parts;
  const ids = [vendorId, productId].map((id) => id.toString(16).padStart(4, '0')).join(':');
  const named = serial === undefined ? '' : `:${encoded(serial)}`;
  return {
    bearer: 'usb',
    text: `usb:${ids}${named}${place === undefined ? '' : `@${place}`}`,
    vendorId,
    productId,
    ...(serial === undefined ? {} : { serial }),
    ...(place === undefined ? {} : { place }),
  };
}

/** A serial number as it is compared and shown: without what cannot be printed, `undefined` when nothing is left. */
export function printableSerial(text: string): string | undefined {
  const printable = text
    .replace(UNPRINTABLE, '')
    .trim()
    .slice(0, LONGEST_SERIAL)
    // Of a character that the end has cut in two nothing is left, and no blanks before it.
    .replace(UNPRINTABLE, '')
    .trim();
  return printable === '' ? undefined : printable;
}

function encoded(serial: string): string {
  return serial.replace(/[\s@%]/gu, (character) => encodeURIComponent(character));
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function invalid(text: string): PcAgentError {
  const form = 'usb:VID:PID[:SERIAL][@BUS-PORT], ids in hex';
  return new PcAgentError('bearer/address-invalid', `not a handset address (${form}): ${text}`, {
    details: { address: text, form },
  });
}

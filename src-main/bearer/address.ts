/** Handset addresses as people type them (contract, section 2). */
import { PcAgentError } from '../base/errors.ts';
import { withoutCredentials } from '../base/node/shown-address.ts';
import { parseBluetoothAddress } from './bluetooth/bluetooth-address.ts';
import { parseSerialAddress } from './serial/serial-address.ts';
import { parseTcpAddress } from './tcp/tcp-address.ts';
import { parseUsbAddress } from './usb/usb-address.ts';

export type HandsetAddress =
  | { readonly kind: 'tcp'; readonly text: string; readonly host: string; readonly port: number }
  | { readonly kind: 'serial'; readonly text: string; readonly path: string; readonly baud: number }
  | {
      readonly kind: 'usb';
      readonly text: string;
      readonly vendorId: number;
      readonly productId: number;
      readonly serial?: string;
      /** Bus and ports, for devices that cannot be told apart otherwise, e.g. `1-2.3`. */
      readonly place?: string;
    }
  | { readonly kind: 'bluetooth'; readonly text: string; readonly address: string; readonly channel?: number }
  /** A handset with a network link of its own. */
  | { readonly kind: 'http'; readonly text: string; readonly url: string }
  /** An IMEI or an alias that the host knows. */
  | { readonly kind: 'id'; readonly text: string; readonly id: string };

const HTTP_FORM = 'http://HOST:PORT/PATH';
const ID = /^(?:(?:IMEI|MEID|ESN):)?\w[\w.-]*$/i;

/** @throws PcAgentError `bearer/address-invalid` */
export function parseHandsetAddress(text: string): HandsetAddress {
  const scheme = text.slice(0, text.indexOf(':') + 1).toLowerCase();
  switch (scheme) {
    case 'tcp:': {
      const { host, port, text: canonical } = parseTcpAddress(text);
      return { kind: 'tcp', text: canonical, host, port };
    }
    case 'serial:':
      return serialAddress(text);
    case 'usb:':
      return usbAddress(text);
    case 'bluetooth:':
      return bluetoothAddress(text);
    case 'http:':
    case 'https:':
      return httpAddress(text);
    default:
      if (!ID.test(text)) throw invalid(text, 'an IMEI, an alias, or an address such as tcp:HOST:PORT');
      return { kind: 'id', text, id: text };
  }
}

function serialAddress(text: string): HandsetAddress {
  const { path, baud } = parseSerialAddress(text);
  return { kind: 'serial', text, path, baud };
}

function usbAddress(text: string): HandsetAddress {
  const { bearer: kind, ...address } = parseUsbAddress(text);
  return { kind, ...address };
}

function bluetoothAddress(text: string): HandsetAddress {
  const { bearer: kind, ...address } = parseBluetoothAddress(text);
  return { kind, ...address };
}

function httpAddress(text: string): HandsetAddress {
  if (!URL.canParse(text)) throw invalid(text, HTTP_FORM);
  const { href, username, password } = new URL(text);
  if (username !== '' || password !== '') throw invalid(text, `${HTTP_FORM}, without credentials`);
  return { kind: 'http', text, url: href };
}

function invalid(typed: string, form: string): PcAgentError {
  const text = withoutCredentials(typed);
  return new PcAgentError('bearer/address-invalid', `not a handset address (${form}): ${text}`, {
    details: { address: text, form },
  });
}

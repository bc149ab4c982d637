import { PcAgentError } from '../../base/errors.ts';
import type { BearerAddress } from '../bearer.ts';

/** `serial:PATH[@BAUD]`, e.g. `serial:/dev/ttyACM0`, `serial:COM3@9600`. */
export interface SerialAddress extends BearerAddress {
  readonly bearer: 'serial';
  readonly path: string;
  readonly baud: number;
}

/** Usual on phone cables (spec sheet obex, section 7). */
export const DEFAULT_BAUD = 115_200;
const SLOWEST = 300;
const FASTEST = 4_000_000;
const FORM = /^serial:(.+?)(?:@(\d{3,8}))?$/;

/** @throws PcAgentError `bearer/address-invalid` */
export function parseSerialAddress(text: string): SerialAddress {
  const match = FORM.exec(text);
  const path = match?.[1];
  const baud = Number(match?.[2] ?? DEFAULT_BAUD);
  if (path === undefined || path.includes('\0') || baud < SLOWEST || baud > FASTEST) {
    throw new PcAgentError('bearer/address-invalid', `not a serial address (serial:PATH[@BAUD]): ${text}`, {
      details: { address: text },
    });
  }
  return { bearer: 'serial', text, path, baud };
}

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
/** Speeds of phone cables, beside the default, in their order of trying (spec sheet obex, sections 7 and 8). */
export const OTHER_BAUDS: readonly number[] = [57_600, 38_400, 19_200, 9600, 230_400, 460_800, 921_600];
/** Adapters with a line behind them, on Linux, macOS and Windows. A modem on USB or a terminal takes any speed for its own. */
const ADAPTER = /(?:^|\/)tty(?:USB|S|AMA)\d+$|\/cu\.(?:usbserial|wchusbserial|SLAB_USB|PL2303)|^(?:\\\\\.\\)?COM\d+$/i;
/** What follows the last `@` is meant for a speed, whatever it is; a folder's name may have one. */
const FORM = /^serial:(.+?)(?:@([^@/\\]*))?$/;
const SPEED = /^\d{3,8}$/;

/** @throws PcAgentError `bearer/address-invalid` */
export function parseSerialAddress(text: string): SerialAddress {
  const match = FORM.exec(text);
  const path = match?.[1];
  const speed = match?.[2] ?? String(DEFAULT_BAUD);
  const baud = SPEED.test(speed) ? Number(speed) : 0;
  if (path === undefined || path.includes('\0') || baud < SLOWEST || baud > FASTEST) {
    throw new PcAgentError('bearer/address-invalid', `not a serial address (serial:PATH[@BAUD]): ${text}`, {
      details: { address: text },
    });
  }
  return { bearer: 'serial', text, path, baud };
}

/** Whether nobody has said at which speed the handset behind this port listens, though it has one. */
export function needsSpeed(address: SerialAddress): boolean {
  return ADAPTER.test(address.path) && FORM.exec(address.text)?.[2] === undefined;
}

import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { listNativePorts } from '../child/native/serial-port.ts';

/** A serial port of this machine that a handset may be at. */
export interface SerialPortRow {
  readonly path: string;
  /** What the system calls it. */
  readonly name?: string;
  /** Why this user cannot use it. */
  readonly reason?: 'bearer/permission-denied';
}

/** The ports that are there now. @throws where the machine does not tell. */
export type ListSerialPorts = () => Promise<readonly SerialPortRow[]>;

/** What serialport tells of a port. */
export interface ListedPort {
  readonly path: string;
  readonly manufacturer?: string | undefined;
  readonly pnpId?: string | undefined;
  readonly vendorId?: string | undefined;
}

/** Names of ports that come with a cable, a phone or a radio link; a plain ttyS is there without any hardware. */
const CABLE_NAME = /(?:ttyACM|ttyUSB|rfcomm)\d+$|^COM\d+$|\/cu\.(?!Bluetooth-Incoming-Port)/i;
const MAX_PORTS = 64;
const MAX_NAME = 100;

/** The serial ports of this machine, as serialport lists them. */
export const listSerialPorts: ListSerialPorts = async () => {
  return Promise.all(handsetPorts(await listNativePorts()).map(withAccess));
};

/** Those at which a handset may be. */
export function handsetPorts(ports: readonly ListedPort[]): readonly SerialPortRow[] {
  const found = ports
    // On macOS the tty of a pair waits for a carrier when it is opened; the cu does not (tty(4)).
    .map((port) => ({ ...port, path: port.path.replace(/^\/dev\/tty\./, '/dev/cu.') }))
    .filter(({ path, vendorId }) => CABLE_NAME.test(path) || (vendorId !== undefined && vendorId !== ''));
  return found.slice(0, MAX_PORTS).map(({ path, manufacturer, pnpId }) => {
    const name = (manufacturer ?? pnpId)?.slice(0, MAX_NAME);
    return name === undefined || name === '' ? { path } : { path, name };
  });
}

async function withAccess(port: SerialPortRow): Promise<SerialPortRow> {
  return (await portAccess(port.path)) === 'denied' ? { ...port, reason: 'bearer/permission-denied' } : port;
}

/** Whether the port is there and this user may use it; `undefined` where the system tells only who opens it. */
export async function portAccess(path: string): Promise<'usable' | 'denied' | 'absent' | undefined> {
  if (process.platform === 'win32') return undefined;
  try {
    await access(path, constants.R_OK | constants.W_OK);
    return 'usable';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return code === 'EACCES' || code === 'EPERM' ? 'denied' : 'absent';
  }
}

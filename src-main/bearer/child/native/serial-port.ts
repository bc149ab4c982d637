import { realpath } from 'node:fs/promises';
import { PcAgentError } from '../../../base/errors.ts';
import type { LinePort } from '../../serial/line-port.ts';
import { PlainPort } from '../../serial/plain-port.ts';
import type { SerialAddress } from '../../serial/serial-address.ts';
import { openError } from '../../serial/serial-errors.ts';
import { UnixPort } from '../../serial/unix-port.ts';
import { withHolder } from './named-holder.ts';

/**
 * Opens a port: 8N1, locked, what was in its buffers thrown away.
 * @throws PcAgentError as of `openError`; `bearer/busy` names the program where the system tells it
 */
export async function openNativePort(address: SerialAddress): Promise<LinePort> {
  const { SerialPort } = await loadSerialport();
  // A pseudo-terminal has no wires.
  const rtscts = !(await isPseudoTerminal(address.path));
  const port = await SerialPort.binding
    .open({ path: address.path, baudRate: address.baud, dataBits: 8, parity: 'none', stopBits: 1, rtscts })
    .catch(async (error: unknown) => {
      throw await withHolder(openError(address, error), () => address.path);
    });
  // Opening has flushed a port of Unix already; elsewhere it is asked for.
  await port.flush().catch(() => undefined);
  return 'poller' in port ? new UnixPort(port) : new PlainPort(port);
}

/** What serialport tells of a port of this computer. */
export interface NativePort {
  readonly path: string;
  readonly manufacturer?: string | undefined;
  readonly serialNumber?: string | undefined;
  readonly pnpId?: string | undefined;
  readonly locationId?: string | undefined;
  readonly productId?: string | undefined;
  readonly vendorId?: string | undefined;
}

/** The ports that are there now. @throws whatever serialport says. */
export async function listNativePorts(): Promise<readonly NativePort[]> {
  const { SerialPort } = await loadSerialport();
  return SerialPort.list();
}

/** A native module of its own: nobody who does not use a serial line loads it. */
async function loadSerialport(): Promise<typeof import('serialport')> {
  try {
    return await import('serialport');
  } catch (error) {
    const os = error instanceof Error ? error.message : String(error);
    throw new PcAgentError('bearer/module-missing', `serial ports cannot be used here (${os})`, {
      cause: error,
      retry: 'after-operator',
      details: { bearer: 'serial', os },
    });
  }
}

async function isPseudoTerminal(path: string): Promise<boolean> {
  try {
    return (await realpath(path)).startsWith('/dev/pts/');
  } catch {
    return false;
  }
}

/**
 * Attaches devices of USB/IP to this machine's virtual host controller, as `usbip attach` does: the import over TCP,
 * then the socket is handed to the kernel. The program itself looks through all that is attached before, and fails while
 * one of those is being enumerated or refused.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { HIGH_SPEED, importRequest, readImportAnswer } from './protocol.ts';

const CONTROLLER = '/sys/devices/platform/vhci_hcd.0';
/** `enum usbip_device_status`: VDEV_ST_NULL, nothing is attached there. */
const FREE = '004';
const LIMIT = 10_000;

/** @param port where the server of the device listens on the loopback interface */
export async function attachDevice(busId: string, port: number): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  try {
    await new Promise<void>((resolve, reject) => {
      let answer = Buffer.alloc(0);
      socket.setTimeout(LIMIT, () => reject(new Error(`no answer to the import of ${busId}`)));
      socket.on('error', reject);
      socket.on('close', () => reject(new Error(`${busId} is not exported`)));
      socket.on('data', (bytes) => {
        answer = Buffer.concat([answer, bytes]);
        try {
          const id = readImportAnswer(answer);
          if (id === undefined) return;
          // At once: what comes from now on is the kernel's to read.
          handOver(socket, id);
          resolve();
        } catch (error) {
          reject(error);
        }
      });
      socket.write(importRequest(busId));
    });
  } finally {
    // The kernel keeps the connection; this closes only our descriptor of it.
    socket.destroy();
  }
}

/** The first free port of the controller's high-speed half (Linux, drivers/usb/usbip/vhci_sysfs.c). */
function handOver(socket: Socket, device: number): void {
  const [port] = freePorts();
  if (port === undefined) throw new Error('the virtual host controller has no free port');
  writeFileSync(join(CONTROLLER, 'attach'), `${port} ${descriptorOf(socket)} ${device} ${HIGH_SPEED}`);
}

function freePorts(): readonly number[] {
  return readdirSync(CONTROLLER)
    .filter((name) => /^status(\.\d+)?$/.test(name))
    .flatMap((name) => readFileSync(join(CONTROLLER, name), 'utf8').split('\n'))
    .map((line) => line.trim().split(/\s+/))
    .filter(([hub, , state]) => hub === 'hs' && state === FREE)
    .map(([, port]) => Number(port))
    .sort((a, b) => a - b);
}

/** Node has no public name for it. */
function descriptorOf(socket: Socket): number {
  const { _handle: handle } = socket as unknown as { readonly _handle?: { readonly fd: number } };
  if (handle === undefined || handle.fd < 0) throw new Error('the socket has no descriptor');
  return handle.fd;
}

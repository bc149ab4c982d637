import { mkdirSync, mkdtempSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface MadeInterface {
  readonly number: number;
  /** Class, subclass and protocol in hex, as `lsusb` writes them: `02/0b/00`. */
  readonly codes: string;
  readonly name?: string;
  readonly driver?: string;
  /** `ttyACM0` is put where cdc_acm puts it, `ttyUSB0` where usb-serial does. */
  readonly port?: string;
}

export interface MadeDevice {
  /** Bus and ports. */
  readonly name: string;
  readonly address: number;
  /** `0421:0123` */
  readonly ids: string;
  readonly deviceClass?: string;
  readonly serial?: string;
  readonly manufacturer?: string;
  readonly product?: string;
  readonly configuration?: Uint8Array;
  readonly connectedFor?: number;
  readonly interfaces?: readonly MadeInterface[];
}

/** Octets of any device descriptor (USB 2.0, table 9-8); only its length matters. */
const DEVICE_DESCRIPTOR = Uint8Array.from([18, 1, 0, 2, 0xef, 2, 1, 64, 0x21, 4, 0x23, 1, 0, 1, 1, 2, 3, 1]);
const HOME = 'sys/devices/pci0000:00/0000:00:14.0';

/** A computer's /sys, /dev, /proc and /run, in a folder of its own. */
export class MadeSystem {
  readonly root = mkdtempSync(join(tmpdir(), 'made-system-'));

  constructor() {
    for (const folder of ['sys/bus/usb/devices', 'sys/class/tty', 'dev/bus/usb/001', 'proc', 'run/udev/data']) {
      mkdirSync(join(this.root, folder), { recursive: true });
    }
  }

  close(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    writeFileSync(join(this.root, path), content);
  }

  link(path: string, target: string): void {
    mkdirSync(dirname(join(this.root, path)), { recursive: true });
    symlinkSync(target, join(this.root, path));
  }

  /** The device is there and all of its nodes are. */
  attach(device: MadeDevice): void {
    this.prepare(device);
    this.plug(device);
  }

  /** What a device shows, without its being attached. */
  prepare(device: MadeDevice): void {
    const folder = `${HOME}/${device.name}`;
    const [vendor = '', product = ''] = device.ids.split(':');
    const files: Record<string, string | undefined> = {
      idVendor: vendor,
      idProduct: product,
      bDeviceClass: device.deviceClass ?? 'ef',
      busnum: device.name.split('-')[0],
      devnum: String(device.address),
      serial: device.serial,
      manufacturer: device.manufacturer,
      product: device.product,
      'power/connected_duration': device.connectedFor === undefined ? undefined : String(device.connectedFor),
    };
    for (const [name, text] of Object.entries(files)) {
      if (text !== undefined) this.write(`${folder}/${name}`, `${text}\n`);
    }
    this.write(
      `${folder}/descriptors`,
      Uint8Array.from([...DEVICE_DESCRIPTOR, ...(device.configuration ?? new Uint8Array())]),
    );
    const value = device.configuration?.[5] ?? 1;
    for (const one of device.interfaces ?? []) this.#interface(`${folder}/${device.name}:${value}.${one.number}`, one);
  }

  plug({ name, address, interfaces = [] }: MadeDevice): void {
    this.link(`sys/bus/usb/devices/${name}`, `../../../devices/pci0000:00/0000:00:14.0/${name}`);
    this.write(usbNode(name, address), '');
    for (const { port } of interfaces) if (port !== undefined) this.write(`dev/${port}`, '');
  }

  unplug({ name, address, interfaces = [] }: MadeDevice): void {
    for (const { port } of interfaces) if (port !== undefined) unlinkSync(join(this.root, `dev/${port}`));
    unlinkSync(join(this.root, usbNode(name, address)));
    unlinkSync(join(this.root, `sys/bus/usb/devices/${name}`));
  }

  process(pid: number, name: string, ...opened: readonly string[]): void {
    this.write(`proc/${pid}/comm`, `${name}\n`);
    for (const [index, path] of opened.entries()) this.link(`proc/${pid}/fd/${index}`, path);
  }

  endProcess(pid: number): void {
    rmSync(join(this.root, `proc/${pid}`), { recursive: true });
  }

  #interface(folder: string, { codes, name, driver, port }: MadeInterface): void {
    const [kind = '', subclass = '', protocol = ''] = codes.split('/');
    this.write(`${folder}/bInterfaceClass`, `${kind}\n`);
    this.write(`${folder}/bInterfaceSubClass`, `${subclass}\n`);
    this.write(`${folder}/bInterfaceProtocol`, `${protocol}\n`);
    if (name !== undefined) this.write(`${folder}/interface`, `${name}\n`);
    if (driver !== undefined) this.link(`${folder}/driver`, `../../../../../../bus/usb/drivers/${driver}`);
    if (port === undefined) return;
    const own = port.startsWith('ttyACM') ? `${folder}/tty/${port}` : `${folder}/${port}/tty/${port}`;
    this.write(`${own}/dev`, '166:0\n');
    this.link(`sys/class/tty/${port}`, `../../../${own}`);
  }
}

function usbNode(name: string, address: number): string {
  return `dev/bus/usb/${(name.split('-')[0] ?? '').padStart(3, '0')}/${String(address).padStart(3, '0')}`;
}

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { run, until } from './guest.ts';

const CONFIGFS = '/sys/kernel/config';
const GADGETS = join(CONFIGFS, 'usb_gadget');
/** The kernel has eight ttys for the handsets' ends. */
export const MOST_GADGETS = 4;
const ENUMERATION = 60_000;

/** Functions of a handset; their order is that of its interfaces. */
export type GadgetFunction = 'acm' | 'obex' | 'mass_storage';

/** Drivers, udev and room for `count` handsets. The computer's and the handsets' side are one kernel. */
export async function loadUsb(count: number): Promise<void> {
  mkdirSync('/run/udev', { recursive: true });
  if (!existsSync('/run/udev/control')) run('/lib/systemd/systemd-udevd', '--daemon');
  run('modprobe', '-a', 'libcomposite', 'cdc_acm');
  run('modprobe', 'dummy_hcd', `num=${count}`);
  if (!existsSync(GADGETS)) run('mount', '-t', 'configfs', 'configfs', CONFIGFS);
  await until('the buses of the handsets', ENUMERATION, () => existsSync(`/sys/class/udc/dummy_udc.${count - 1}`));
}

export interface GadgetOptions {
  readonly functions?: readonly GadgetFunction[];
  readonly serial?: string;
  /** Number of the bus that it is plugged into; default: its own number. */
  readonly bus?: number;
}

/** A handset on a cable: a USB gadget of the kernel's. */
export class Gadget {
  readonly index: number;
  readonly serial: string;
  readonly #folder: string;
  readonly #functions: readonly GadgetFunction[];
  readonly #bus: number;

  constructor(index: number, options: GadgetOptions = {}) {
    this.index = index;
    this.serial = options.serial ?? `35000000000${String(index).padStart(4, '0')}`;
    this.#functions = options.functions ?? ['acm', 'obex'];
    this.#folder = join(GADGETS, `handset${index}`);
    this.#bus = options.bus ?? index;
    this.#make();
  }

  /** What dials its OBEX function. */
  get address(): string {
    return `usb:0421:0123:${this.serial}`;
  }

  /** The handset's end of a function: whatever is written there comes out at the computer's. */
  end(name: 'acm' | 'obex'): string {
    return `/dev/ttyGS${readFileSync(join(this.#folder, 'functions', `${name}.${this.index}`, 'port_num'), 'utf8').trim()}`;
  }

  get plugged(): boolean {
    return readFileSync(join(this.#folder, 'UDC'), 'utf8').trim() !== '';
  }

  /** The cable goes in, at once. */
  plug(): void {
    writeFileSync(join(this.#folder, 'UDC'), `dummy_udc.${this.#bus}`);
  }

  /** Surprise removal. */
  unplug(): void {
    writeFileSync(join(this.#folder, 'UDC'), '\n');
  }

  /** The device as the computer sees it (sysfs), while it is plugged. */
  get device(): string | undefined {
    const root = '/sys/bus/usb/devices';
    return readdirSync(root)
      .map((name) => join(root, name))
      .find((folder) => textIn(join(folder, 'serial')) === this.serial);
  }

  /** The computer's end of the ACM function. */
  get port(): string | undefined {
    const { device } = this;
    const folders = device === undefined ? [] : readdirSync(device).map((name) => join(device, name, 'tty'));
    const name = folders.filter((folder) => existsSync(folder)).flatMap((folder) => readdirSync(folder))[0];
    return name === undefined ? undefined : `/dev/${name}`;
  }

  async enumerated(): Promise<void> {
    await until(`handset ${this.index} on the bus`, ENUMERATION, () => this.device !== undefined);
    if (this.#functions.includes('acm')) {
      await until(`the port of handset ${this.index}`, ENUMERATION, () => {
        const { port } = this;
        return port !== undefined && existsSync(port);
      });
    }
  }

  remove(): void {
    if (this.plugged) this.unplug();
    const configuration = join(this.#folder, 'configs', 'c.1');
    for (const name of this.#functions) rmSync(join(configuration, `${name}.${this.index}`));
    rmdirSync(join(configuration, 'strings', '0x409'));
    rmdirSync(configuration);
    for (const name of this.#functions) rmdirSync(join(this.#folder, 'functions', `${name}.${this.index}`));
    rmdirSync(join(this.#folder, 'strings', '0x409'));
    rmdirSync(this.#folder);
  }

  #make(): void {
    const configuration = join(this.#folder, 'configs', 'c.1');
    const strings = join(this.#folder, 'strings', '0x409');
    mkdirSync(this.#folder);
    for (const folder of [strings, configuration, join(configuration, 'strings', '0x409')]) mkdirSync(folder);
    const set = (name: string, value: string): void => writeFileSync(join(this.#folder, name), value);
    set('idVendor', '0x0421');
    set('idProduct', '0x0123');
    // Several functions with an association descriptor each (USB 2.0 ECN, interface association).
    set('bDeviceClass', '0xef');
    set('bDeviceSubClass', '2');
    set('bDeviceProtocol', '1');
    writeFileSync(join(strings, 'manufacturer'), 'Lab');
    writeFileSync(join(strings, 'product'), `Handset ${this.index}`);
    writeFileSync(join(strings, 'serialnumber'), this.serial);
    for (const name of this.#functions) {
      const made = join(this.#folder, 'functions', `${name}.${this.index}`);
      mkdirSync(made);
      symlinkSync(made, join(configuration, `${name}.${this.index}`));
    }
  }
}

function textIn(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}

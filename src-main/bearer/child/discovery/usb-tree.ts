/** USB devices as Linux shows them in /sys/bus/usb (Documentation/ABI/testing/sysfs-bus-usb, ABI/stable/sysfs-bus-usb). */
import type { Clock } from '../../../base/clock.ts';
import { milliseconds } from '../../../base/durations.ts';
import { byNumbers } from './by-numbers.ts';
import type { SystemFiles } from './system-files.ts';
import { TakeTurns } from './take-turns.ts';

/** One interface of the configuration that is active. */
export interface UsbInterfaceNode {
  /** As the kernel calls it: device, configuration and number, `1-2.3:1.0`. */
  readonly path: string;
  readonly number: number;
  readonly classCode: number;
  readonly subclass: number;
  readonly protocol: number;
  /** What the interface calls itself. */
  readonly name?: string;
  /** The kernel's driver that has it; `usbfs` stands for a program. */
  readonly driver?: string;
  /** Ports that the driver made of it, e.g. `ttyACM0`. */
  readonly ports: readonly string[];
}

interface UsbStrings {
  readonly serial?: string;
  readonly manufacturer?: string;
  readonly product?: string;
}

/** One device that is attached, and no hub. */
export interface UsbDeviceNode extends UsbStrings {
  /** Bus and ports: `1-2.3`. */
  readonly name: string;
  readonly bus: number;
  /** Given anew at each attachment. */
  readonly address: number;
  readonly vendorId: number;
  readonly productId: number;
  /** Octets of the active configuration with all of its interfaces, as the device sent them. */
  readonly configuration?: Uint8Array;
  /** Milliseconds since it was attached, where the kernel counts them. */
  readonly connectedFor?: number;
  readonly interfaces: readonly UsbInterfaceNode[];
}

/** What the kernel calls the driver of an interface that a program has, by way of /dev/bus/usb. */
export const TAKEN_BY_PROGRAM = 'usbfs';
export const USB_DEVICES = '/sys/bus/usb/devices';
/** Bus, then the ports of up to seven tiers (USB 2.0, 4.1.1); root hubs (`usb1`) and interfaces look otherwise. */
const DEVICE_NAME = /^\d{1,3}-\d{1,3}(?:\.\d{1,3}){0,6}$/;
const INTERFACE_NAME = /^[\d.-]+:(\d{1,3})\.(\d{1,3})$/;
const PORT_NAME = /^tty[A-Z]+\d{1,5}$/;
const HUB = 0x09;
const MAX_DEVICES = 512;
/** The kernel's own limit. */
const MAX_INTERFACES = 32;
const MAX_PORTS = 16;
/** A device that answers nothing is without strings until it does. */
const MAX_WAIT = milliseconds(1_000);

/** Reads the devices again and again; what cannot change while a device is attached is read once. */
export class UsbTree {
  readonly #files: SystemFiles;
  readonly #clock: Clock;
  #strings = new Map<string, { readonly reading: Promise<UsbStrings>; read?: UsbStrings }>();

  constructor(files: SystemFiles, clock: Clock) {
    this.#files = files;
    this.#clock = clock;
  }

  /** All devices but hubs. One that goes while it is read is left out. @throws AbortError */
  async devices(signal: AbortSignal): Promise<readonly UsbDeviceNode[]> {
    const turns = new TakeTurns(this.#clock, signal);
    const names = this.#files.names(USB_DEVICES).filter((name) => DEVICE_NAME.test(name));
    const found: UsbDeviceNode[] = [];
    for (const name of names.slice(0, MAX_DEVICES)) {
      await turns.next();
      const device = readDevice(this.#files, name);
      if (device !== undefined) found.push(device);
    }
    const strings = await this.#readStrings(found, signal);
    return found.map((device, index) => ({ ...device, ...strings[index] })).sort((a, b) => byNumbers(a.name, b.name));
  }

  async #readStrings(devices: readonly UsbDeviceNode[], signal: AbortSignal): Promise<readonly UsbStrings[]> {
    const known = this.#strings;
    const wanted = devices.map((device) => {
      const attachment = `${device.name}/${device.address}`;
      return { attachment, entry: known.get(attachment) ?? this.#startReading(device.name) };
    });
    this.#strings = new Map(wanted.map(({ attachment, entry }) => [attachment, entry]));
    const open = wanted.filter(({ entry }) => entry.read === undefined).map(({ entry }) => entry.reading);
    if (open.length > 0) await this.#within(Promise.all(open), signal);
    return wanted.map(({ entry }) => entry.read ?? {});
  }

  #startReading(name: string): { readonly reading: Promise<UsbStrings>; read?: UsbStrings } {
    const reading = readStrings(this.#files, `${USB_DEVICES}/${name}`);
    const entry: { readonly reading: Promise<UsbStrings>; read?: UsbStrings } = { reading };
    void reading.then((read) => {
      entry.read = read;
    });
    return entry;
  }

  async #within(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
    const stop = new AbortController();
    try {
      await Promise.race([work, this.#clock.sleep(MAX_WAIT, AbortSignal.any([signal, stop.signal]))]);
    } finally {
      stop.abort();
    }
  }
}

/** One after the other: each may keep a thread of the process' pool waiting. */
async function readStrings(files: SystemFiles, folder: string): Promise<UsbStrings> {
  const serial = await files.textOfDevice(`${folder}/serial`);
  const manufacturer = await files.textOfDevice(`${folder}/manufacturer`);
  const product = await files.textOfDevice(`${folder}/product`);
  return {
    ...(serial === undefined ? {} : { serial }),
    ...(manufacturer === undefined ? {} : { manufacturer }),
    ...(product === undefined ? {} : { product }),
  };
}

function readDevice(files: SystemFiles, name: string): UsbDeviceNode | undefined {
  const folder = `${USB_DEVICES}/${name}`;
  if (files.number(`${folder}/bDeviceClass`, 16) === HUB) return undefined;
  const vendorId = files.number(`${folder}/idVendor`, 16);
  const productId = files.number(`${folder}/idProduct`, 16);
  const bus = files.number(`${folder}/busnum`, 10);
  const address = files.number(`${folder}/devnum`, 10);
  if (vendorId === undefined || productId === undefined || bus === undefined || address === undefined) return undefined;
  const names = files.names(folder).filter((entry) => INTERFACE_NAME.test(entry));
  const interfaces = readInterfaces(files, folder, names.slice(0, MAX_INTERFACES));
  // All interfaces of the kernel's are of the configuration that it has chosen.
  const active = INTERFACE_NAME.exec(names[0] ?? '')?.[1];
  const descriptors = files.bytes(`${folder}/descriptors`);
  const configuration = configurationOf(descriptors ?? new Uint8Array(), Number(active));
  const connectedFor = files.number(`${folder}/power/connected_duration`, 10);
  // Read again: of a device that was exchanged meanwhile the parts are not one thing.
  if (files.number(`${folder}/devnum`, 10) !== address) return undefined;
  return {
    name,
    bus,
    address,
    vendorId,
    productId,
    ...(configuration === undefined ? {} : { configuration }),
    ...(connectedFor === undefined ? {} : { connectedFor }),
    interfaces,
  };
}

/**
 * `descriptors` holds the device descriptor and then every configuration, one after the other. Configuration
 * descriptors: length 9, type 2, wTotalLength at 2, bConfigurationValue at 5 (USB 2.0, 9.6.3).
 */
function configurationOf(bytes: Uint8Array, value: number): Uint8Array | undefined {
  let at = bytes[0] ?? 0;
  while (at > 0 && at + 9 <= bytes.length && bytes[at + 1] === 2) {
    const total = (bytes[at + 2] ?? 0) + ((bytes[at + 3] ?? 0) << 8);
    if (bytes[at + 5] === value) return bytes.subarray(at, at + total);
    if (total < 9) return undefined;
    at += total;
  }
  return undefined;
}

function readInterfaces(files: SystemFiles, folder: string, names: readonly string[]): readonly UsbInterfaceNode[] {
  return names
    .flatMap((name) => {
      const read = readInterface(files, `${folder}/${name}`);
      return read === undefined ? [] : [{ path: name, number: Number(INTERFACE_NAME.exec(name)?.[2]), ...read }];
    })
    .sort((a, b) => a.number - b.number);
}

function readInterface(files: SystemFiles, folder: string): Omit<UsbInterfaceNode, 'path' | 'number'> | undefined {
  const classCode = files.number(`${folder}/bInterfaceClass`, 16);
  const subclass = files.number(`${folder}/bInterfaceSubClass`, 16);
  const protocol = files.number(`${folder}/bInterfaceProtocol`, 16);
  if (classCode === undefined || subclass === undefined || protocol === undefined) return undefined;
  const name = files.text(`${folder}/interface`);
  const driver = driverOf(files, folder);
  return {
    classCode,
    subclass,
    protocol,
    ...(name === undefined || name === '' ? {} : { name }),
    ...(driver === undefined || driver === '' ? {} : { driver }),
    ports: driver === undefined ? [] : readPorts(files, folder),
  };
}

/** @param folder of an interface. @returns the name of the kernel's driver that has it now */
export function driverOf(files: Pick<SystemFiles, 'link'>, folder: string): string | undefined {
  return files.link(`${folder}/driver`)?.split('/').at(-1);
}

/** cdc_acm puts its port into `tty`, the drivers of USB serial adapters beside it. */
function readPorts(files: SystemFiles, folder: string): readonly string[] {
  const beside = files.names(folder);
  const within = beside.includes('tty') ? files.names(`${folder}/tty`) : [];
  return [...beside, ...within].filter((name) => PORT_NAME.test(name)).slice(0, MAX_PORTS);
}

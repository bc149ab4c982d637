/** USB devices as Linux shows them in /sys/bus/usb (Documentation/ABI/testing/sysfs-bus-usb, ABI/stable/sysfs-bus-usb). */
import type { SystemFiles } from './system-files.ts';

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

/** One device that is attached, and no hub. */
export interface UsbDeviceNode {
  /** Bus and ports: `1-2.3`. */
  readonly name: string;
  readonly bus: number;
  /** Given anew at each attachment. */
  readonly address: number;
  readonly vendorId: number;
  readonly productId: number;
  readonly deviceClass: number;
  readonly serial?: string;
  readonly manufacturer?: string;
  readonly product?: string;
  /** Octets of the active configuration with all of its interfaces, as the device sent them. */
  readonly configuration?: Uint8Array;
  /** Milliseconds since it was attached, where the kernel counts them. */
  readonly connectedFor?: number;
  readonly interfaces: readonly UsbInterfaceNode[];
}

export const USB_DEVICES = '/sys/bus/usb/devices';
/** Bus, then the ports of up to seven tiers (USB 2.0, 4.1.1); root hubs (`usb1`) and interfaces look otherwise. */
const DEVICE_NAME = /^\d{1,3}-\d{1,3}(?:\.\d{1,3}){0,6}$/;
const INTERFACE_NAME = /^[\d.-]+:\d{1,3}\.(\d{1,3})$/;
const PORT_NAME = /^tty[A-Z]+\d{1,5}$/;
const HUB = 0x09;
const MAX_DEVICES = 512;
/** The kernel's own limit. */
const MAX_INTERFACES = 32;
const MAX_PORTS = 16;
/** A device descriptor, then up to eight configurations of 64 KiB. */
const MAX_DESCRIPTORS = 8 * 65_536 + 18;
/** Attributes of a device that does not answer keep their reader waiting, and the process has only four threads for that. */
const AT_A_TIME = 2;

/** All devices but hubs. One that goes while it is read is left out. */
export async function readUsbDevices(files: SystemFiles): Promise<readonly UsbDeviceNode[]> {
  const names = (await files.names(USB_DEVICES)).filter((name) => DEVICE_NAME.test(name)).slice(0, MAX_DEVICES);
  const found: UsbDeviceNode[] = [];
  const readers = Array.from({ length: AT_A_TIME }, async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const device = await readDevice(files, name);
      if (device !== undefined) found.push(device);
    }
  });
  await Promise.all(readers);
  return found.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

async function readDevice(files: SystemFiles, name: string): Promise<UsbDeviceNode | undefined> {
  const folder = `${USB_DEVICES}/${name}`;
  const deviceClass = await files.number(`${folder}/bDeviceClass`, 16);
  if (deviceClass === undefined || deviceClass === HUB) return undefined;
  const [vendorId, productId, bus, address] = await Promise.all([
    files.number(`${folder}/idVendor`, 16),
    files.number(`${folder}/idProduct`, 16),
    files.number(`${folder}/busnum`, 10),
    files.number(`${folder}/devnum`, 10),
  ]);
  if (vendorId === undefined || productId === undefined || bus === undefined || address === undefined) return undefined;
  const strings = await readStrings(files, folder);
  const configuration = await readActiveConfiguration(files, folder);
  const connectedFor = await files.number(`${folder}/power/connected_duration`, 10);
  const interfaces = await readInterfaces(files, folder);
  // Read again: of a device that was exchanged meanwhile the parts are not one thing.
  if ((await files.number(`${folder}/devnum`, 10)) !== address) return undefined;
  return {
    name,
    bus,
    address,
    vendorId,
    productId,
    deviceClass,
    ...strings,
    ...(configuration === undefined ? {} : { configuration }),
    ...(connectedFor === undefined ? {} : { connectedFor }),
    interfaces,
  };
}

async function readStrings(files: SystemFiles, folder: string): Promise<Partial<UsbDeviceNode>> {
  const [serial, manufacturer, product] = await Promise.all(
    ['serial', 'manufacturer', 'product'].map((name) => files.text(`${folder}/${name}`)),
  );
  return {
    ...(serial === undefined ? {} : { serial }),
    ...(manufacturer === undefined ? {} : { manufacturer }),
    ...(product === undefined ? {} : { product }),
  };
}

/** `descriptors` holds the device descriptor and then every configuration, one after the other. */
async function readActiveConfiguration(files: SystemFiles, folder: string): Promise<Uint8Array | undefined> {
  const active = await files.number(`${folder}/bConfigurationValue`, 10);
  const bytes = await files.bytes(`${folder}/descriptors`, MAX_DESCRIPTORS);
  return bytes === undefined || active === undefined ? undefined : configurationOf(bytes, active);
}

/** Configuration descriptors: length 9, type 2, wTotalLength at 2, bConfigurationValue at 5 (USB 2.0, 9.6.3). */
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

async function readInterfaces(files: SystemFiles, folder: string): Promise<readonly UsbInterfaceNode[]> {
  const names = (await files.names(folder)).filter((name) => INTERFACE_NAME.test(name)).slice(0, MAX_INTERFACES);
  const found: UsbInterfaceNode[] = [];
  for (const name of names) {
    const number = Number(INTERFACE_NAME.exec(name)?.[1]);
    const read = await readInterface(files, `${folder}/${name}`);
    if (read !== undefined) found.push({ path: name, number, ...read });
  }
  return found.sort((a, b) => a.number - b.number);
}

async function readInterface(
  files: SystemFiles,
  folder: string,
): Promise<Omit<UsbInterfaceNode, 'path' | 'number'> | undefined> {
  const [classCode, subclass, protocol] = await Promise.all(
    ['bInterfaceClass', 'bInterfaceSubClass', 'bInterfaceProtocol'].map((name) =>
      files.number(`${folder}/${name}`, 16),
    ),
  );
  if (classCode === undefined || subclass === undefined || protocol === undefined) return undefined;
  const name = await files.text(`${folder}/interface`);
  const driver = (await files.link(`${folder}/driver`))?.split('/').at(-1);
  return {
    classCode,
    subclass,
    protocol,
    ...(name === undefined || name === '' ? {} : { name }),
    ...(driver === undefined || driver === '' ? {} : { driver }),
    ports: await readPorts(files, folder),
  };
}

/** cdc_acm puts its port into `tty`, the drivers of USB serial adapters beside it. */
async function readPorts(files: SystemFiles, folder: string): Promise<readonly string[]> {
  const beside = await files.names(folder);
  const within = beside.includes('tty') ? await files.names(`${folder}/tty`) : [];
  return [...beside, ...within].filter((name) => PORT_NAME.test(name)).slice(0, MAX_PORTS);
}

import type { AttachedThing } from '../../discovery.ts';
import { readConfiguration, type UsbConfiguration } from '../../usb/configuration-descriptor.ts';
import { obexFunctions } from '../../usb/obex-functions.ts';
import { printableSerial, usbAddress } from '../../usb/usb-address.ts';
import { usbNode } from '../../usb/usb-node.ts';
import { isAcmControl, isObexControl, looksLikePhone } from './likeness.ts';
import { TAKEN_BY_PROGRAM, USB_DEVICES, type UsbDeviceNode, type UsbInterfaceNode } from './usb-tree.ts';
import type { Way } from './way-facts.ts';

/** Something that is attached, before its ways are tried for what stands against them. */
export interface Sighting {
  /** Tells one attachment from the next one at the same port. */
  readonly attachment: string;
  readonly thing: Omit<AttachedThing, 'functions' | 'reason' | 'os'>;
  readonly ways: readonly Omit<Way, 'age'>[];
  /** Why it has no way at all. */
  readonly lack?: Pick<AttachedThing, 'reason' | 'os'>;
  /** The node by which a program has it, where that is the reason. */
  readonly taken?: string;
  /** Milliseconds since it was attached, where the system counts them. */
  readonly connectedFor?: number;
}

/** The service that the DM profile asks for comes first. */
const DM_SERVICE = /^SYNCML-?DM/i;

/** The devices that are handsets, may be, or are cables with a port; addresses are unique among them. */
export function usbSightings(devices: readonly UsbDeviceNode[], vendors: ReadonlySet<number>): readonly Sighting[] {
  const addresses = uniqueAddresses(devices);
  return devices.flatMap((device, index) => {
    const found = sighting(device, addresses[index] ?? '');
    return found.ways.length > 0 || looksLikePhone(device, vendors) ? [found] : [];
  });
}

/** Without a serial number, or with the same as another's, a device is known by its physical port alone. */
function uniqueAddresses(devices: readonly UsbDeviceNode[]): readonly string[] {
  const plain = devices.map((device) => usbAddress({ ...device, serial: serialOf(device) }).text);
  return devices.map((device, index) => {
    const address = plain[index] ?? '';
    const shared = plain.indexOf(address) !== plain.lastIndexOf(address);
    const unknown = serialOf(device) === undefined;
    return shared || unknown ? usbAddress({ ...device, serial: serialOf(device), place: device.name }).text : address;
  });
}

function sighting(device: UsbDeviceNode, address: string): Sighting {
  const ways = [...obexWays(device, address), ...portWays(device)];
  const serial = serialOf(device);
  const lack = ways.length > 0 ? undefined : lackOf(device);
  const [manufacturer, product] = [device.manufacturer, device.product].map((text) => printableSerial(text ?? ''));
  return {
    attachment: `usb:${device.name}/${device.address}`,
    thing: {
      id: `usb:${device.name}`,
      attachment: `${device.bus}/${device.address}`,
      place: device.name,
      vendorId: device.vendorId,
      productId: device.productId,
      ...(serial === undefined ? {} : { serial }),
      ...(manufacturer === undefined ? {} : { manufacturer }),
      ...(product === undefined ? {} : { product }),
    },
    ways,
    ...(lack === undefined ? {} : { lack }),
    ...(lack?.reason === 'bearer/busy' ? { taken: usbNode(device.bus, device.address) } : {}),
    ...(device.connectedFor === undefined ? {} : { connectedFor: device.connectedFor }),
  };
}

function serialOf({ serial }: UsbDeviceNode): string | undefined {
  return printableSerial(serial ?? '');
}

function obexWays(device: UsbDeviceNode, address: string): readonly Omit<Way, 'age'>[] {
  const configuration = configurationOf(device);
  if (typeof configuration === 'string') return [];
  const interfaceOf = (number: number): UsbInterfaceNode | undefined =>
    device.interfaces.find((port) => port.number === number);
  const ways = obexFunctions(configuration).map(({ control, data }) => {
    const service = printableSerial(interfaceOf(control)?.name ?? '');
    return {
      kind: 'usb' as const,
      address,
      ...(service === undefined ? {} : { service }),
      node: usbNode(device.bus, device.address),
      claims: [control, data].flatMap((number) => {
        const port = interfaceOf(number);
        return port?.driver === TAKEN_BY_PROGRAM ? [`${USB_DEVICES}/${device.name}/${port.path}`] : [];
      }),
      marks: [],
    };
  });
  const rank = ({ service }: { readonly service?: string }): number => (DM_SERVICE.test(service ?? '') ? 0 : 1);
  return ways.sort((a, b) => rank(a) - rank(b));
}

function portWays(device: UsbDeviceNode): readonly Omit<Way, 'age'>[] {
  return device.interfaces.flatMap(({ path, ports }) =>
    ports.map((port) => ({
      kind: 'serial' as const,
      address: `serial:/dev/${port}`,
      node: `/dev/${port}`,
      claims: [],
      marks: usbMarks(device, path),
    })),
  );
}

/** Names in the database of udevd: character device 189 is that of USB devices, 128 a bus (devices.txt of Linux). */
function usbMarks({ bus, address }: UsbDeviceNode, interfacePath: string): readonly string[] {
  return [`c189:${(bus - 1) * 128 + address - 1}`, `+usb:${interfacePath}`];
}

/** @returns what is wrong with it, where it cannot be read. */
function configurationOf({ configuration }: UsbDeviceNode): UsbConfiguration | string {
  if (configuration === undefined) return 'no configuration';
  try {
    return readConfiguration(configuration);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function lackOf(device: UsbDeviceNode): Pick<AttachedThing, 'reason' | 'os'> {
  const acm = device.interfaces.filter(isAcmControl);
  const taken = acm.find(({ driver }) => driver === TAKEN_BY_PROGRAM);
  if (taken !== undefined) return { reason: 'bearer/busy', os: `${named(taken)}: usbfs` };
  const driverless = acm.find(({ driver }) => driver === undefined);
  if (driverless !== undefined) return { reason: 'bearer/driver-missing', os: `${named(driverless)}: no driver` };
  const [portless] = acm;
  if (portless !== undefined) return { reason: 'bearer/unusable', os: `${named(portless)}: no port` };
  const configuration = configurationOf(device);
  if (typeof configuration === 'string') return { reason: 'bearer/unusable', os: configuration };
  const obex = device.interfaces.find(isObexControl);
  const damage = configuration.damage === undefined ? '' : `; ${configuration.damage}`;
  return {
    reason: 'bearer/no-obex',
    ...(obex === undefined ? {} : { os: `${named(obex)}: no bulk endpoints${damage}` }),
  };
}

/** An interface as the kernel's log names it, and its class. */
function named({ path, classCode, subclass }: UsbInterfaceNode): string {
  const [kind, sub] = [classCode, subclass].map((code) => code.toString(16).padStart(2, '0'));
  return `${path} (${kind}/${sub})`;
}

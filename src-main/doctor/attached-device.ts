import type { AttachedThing } from '../bearer/discovery.ts';
import { parseSerialAddress } from '../bearer/serial/serial-address.ts';
import { usbNode } from '../bearer/usb/usb-node.ts';
import { readValue, type System } from './system.ts';

/** An interface of a USB device as the kernel shows it. */
export interface DeviceInterface {
  /** E.g. `1-2:1.0`. */
  readonly name: string;
  /** Class, subclass and protocol in hexadecimal, e.g. `020b00`. */
  readonly kind: string;
  readonly driver?: string;
}

/** What the kernel tells of an attached thing, besides what discovery found. */
export interface AttachedDevice {
  readonly thing: AttachedThing;
  /** Bus and ports of a USB device, e.g. `1-2.3`. */
  readonly usbPort?: string;
  /** Node through which the device itself is opened, e.g. `/dev/bus/usb/001/004`. */
  readonly usbNode?: string;
  readonly interfaces: readonly DeviceInterface[];
  /** Nodes that its ways need, each once. */
  readonly nodes: readonly string[];
}

const USB_THING = /^usb:(\d{1,4}-\d{1,3}(?:\.\d{1,3}){0,6})$/;
export const USB_DEVICES = '/sys/bus/usb/devices';
const MOST_INTERFACES = 64;

/** @returns The bus and ports of a USB thing by its id. */
export function usbPortOf(thing: string): string | undefined {
  return USB_THING.exec(thing)?.[1];
}

export async function lookAtDevice(system: System, thing: AttachedThing): Promise<AttachedDevice> {
  const usbPort = usbPortOf(thing.id);
  const usbNode = usbPort === undefined ? undefined : await nodeOf(system, usbPort);
  const serial = thing.functions.filter(({ kind }) => kind === 'serial').map(({ address }) => portOf(address));
  const overUsb = thing.functions.some(({ kind }) => kind === 'usb') || thing.functions.length === 0;
  const nodes = [overUsb ? usbNode : undefined, ...serial].filter((node) => node !== undefined);
  return {
    thing,
    ...(usbPort === undefined ? {} : { usbPort }),
    ...(usbNode === undefined ? {} : { usbNode }),
    interfaces: usbPort === undefined ? [] : await interfacesOf(system, usbPort),
    nodes: [...new Set(nodes)],
  };
}

/** The path of a serial way. */
function portOf(address: string): string | undefined {
  try {
    return parseSerialAddress(address).path;
  } catch {
    return undefined;
  }
}

async function nodeOf(system: System, port: string): Promise<string | undefined> {
  const [bus, device] = await Promise.all(
    ['busnum', 'devnum'].map((name) => readValue(system, `${USB_DEVICES}/${port}/${name}`)),
  );
  if (bus === undefined || device === undefined || !/^\d{1,3}$/.test(bus) || !/^\d{1,3}$/.test(device))
    return undefined;
  return usbNode(bus, device);
}

async function interfacesOf(system: System, port: string): Promise<readonly DeviceInterface[]> {
  const names = (await system.list(`${USB_DEVICES}/${port}`)).filter((name) => name.startsWith(`${port}:`));
  return Promise.all(names.slice(0, MOST_INTERFACES).map((name) => readInterface(system, port, name)));
}

async function readInterface(system: System, port: string, name: string): Promise<DeviceInterface> {
  const folder = `${USB_DEVICES}/${port}/${name}`;
  const parts = ['bInterfaceClass', 'bInterfaceSubClass', 'bInterfaceProtocol'];
  const kind = await Promise.all(parts.map(async (part) => (await readValue(system, `${folder}/${part}`)) ?? '??'));
  const driver = (await system.linkTarget(`${folder}/driver`))?.split('/').at(-1);
  return { name, kind: kind.join(''), ...(driver === undefined ? {} : { driver }) };
}

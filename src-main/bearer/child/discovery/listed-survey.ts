import type { AttachedThing } from '../../discovery.ts';
import { printableSerial, usbAddress } from '../../usb/usb-address.ts';
import type { NativePort } from '../native/serial-port.ts';
import type { ListedUsbDevice } from '../native/usb-list.ts';
import { isAcmControl, isObexControl, looksLikePhone } from './likeness.ts';
import type { ChangeEvents, Found, Survey } from './survey.ts';

/** What native modules list. Each may fail: then nothing of its kind is there. */
export interface ListedSources {
  readonly usbDevices: () => Promise<readonly ListedUsbDevice[]>;
  readonly serialPorts: () => Promise<readonly NativePort[]>;
  /** @returns what ends it */
  readonly watchUsb: (tell: () => void) => Promise<() => void>;
}

const MAX_THINGS = 256;
/** Ports of the board, and those that Bluetooth keeps ready. */
const NO_CABLE = /^(?:ACPI|BTHENUM|ROOT)\\|bluetooth|debug-console/i;
/** What macOS calls the port of a pair that waits for a carrier when it is opened; the cu does not (tty(4)). */
const WAITS_FOR_CARRIER = /^\/dev\/tty\./;
/** These are taken as they are; of others the vendor must be known. */
const CABLE_PORT = /^COM\d{1,3}$|^\/dev\/cu\.usb/i;
const MAX_NAME = 100;

/** Windows and macOS, by what npm `usb` and `serialport` tell. */
export function listedSurvey(sources: ListedSources, vendors: ReadonlySet<number> = new Set()): Survey {
  return {
    look: async (_maxAge, signal) => {
      signal.throwIfAborted();
      const [devices, ports] = await Promise.all([orNone(sources.usbDevices), orNone(sources.serialPorts)]);
      signal.throwIfAborted();
      return listedThings(devices, ports, vendors)
        .slice(0, MAX_THINGS)
        .map((thing): Found => ({ thing, age: Infinity }));
    },
    events: (tell) => usbEvents(sources, tell),
  };
}

async function orNone<T>(list: () => Promise<readonly T[]>): Promise<readonly T[]> {
  try {
    return await list();
  } catch {
    return [];
  }
}

function usbEvents({ watchUsb }: ListedSources, tell: () => void): ChangeEvents {
  const watching = watchUsb(tell).catch(() => undefined);
  return {
    refresh: () => undefined,
    close: () => {
      void watching.then((end) => end?.());
    },
  };
}

/** A port belongs to the device that has its ids and its serial number, or is the only one with its ids. */
function listedThings(
  devices: readonly ListedUsbDevice[],
  all: readonly NativePort[],
  vendors: ReadonlySet<number>,
): readonly AttachedThing[] {
  const ports = all
    .filter(isCable)
    .map((port) => ({ ...port, path: port.path.replace(WAITS_FOR_CARRIER, '/dev/cu.') }));
  const owners = new Map(ports.map((port) => [port, ownerOf(port, devices)]));
  const usb = devices.flatMap((device) => {
    const own = ports.filter((port) => owners.get(port) === device);
    const thing = usbThing(device, devices, own);
    return thing.functions.length > 0 || looksLikePhone(device, vendors) ? [thing] : [];
  });
  return [...usb, ...ports.filter((port) => owners.get(port) === undefined).map(portThing)];
}

function isCable({ path, pnpId, vendorId }: NativePort): boolean {
  if (NO_CABLE.test(pnpId ?? '') || NO_CABLE.test(path)) return false;
  return (vendorId ?? '') !== '' || CABLE_PORT.test(path.replace(WAITS_FOR_CARRIER, '/dev/cu.'));
}

function ownerOf(port: NativePort, devices: readonly ListedUsbDevice[]): ListedUsbDevice | undefined {
  const [vendorId, productId] = [port.vendorId, port.productId].map((id) => Number.parseInt(id ?? '', 16));
  const same = devices.filter((device) => device.vendorId === vendorId && device.productId === productId);
  const serial = port.serialNumber?.toLowerCase();
  const named = serial === undefined ? undefined : same.find((device) => device.serial?.toLowerCase() === serial);
  return named ?? (same.length === 1 ? same[0] : undefined);
}

function usbThing(
  device: ListedUsbDevice,
  all: readonly ListedUsbDevice[],
  ports: readonly NativePort[],
): AttachedThing {
  const { vendorId, productId, place, interfaces } = device;
  const serial = printableSerial(device.serial ?? '');
  const plain = usbAddress({ vendorId, productId, serial }).text;
  const alike = all.filter(
    (one) => usbAddress({ ...one, serial: printableSerial(one.serial ?? ''), place: undefined }).text === plain,
  );
  const isAlone = serial !== undefined && alike.length === 1;
  const address = usbAddress({ vendorId, productId, serial, place: isAlone ? undefined : place }).text;
  const carries = interfaces.some(({ carries: able, classCode }) => able && classCode === CDC_DATA);
  const obex = carries ? interfaces.filter(isObexControl) : [];
  const functions = [
    ...obex.map(({ name }) => ({ kind: 'usb' as const, address, ...optional('service', name) })),
    ...ports.map(({ path }) => ({ kind: 'serial' as const, address: `serial:${path}` })),
  ];
  return {
    // Without a port it is its number among those that are like it: others come and go.
    id: place === undefined ? `${plain}#${alike.indexOf(device)}` : `usb:${place}`,
    place: place ?? 'USB',
    vendorId,
    productId,
    ...optional('serial', serial),
    ...optional('manufacturer', device.manufacturer),
    ...optional('product', device.product),
    functions,
    ...(functions.length > 0
      ? {}
      : { reason: interfaces.some(isAcmControl) ? 'bearer/driver-missing' : 'bearer/no-obex' }),
  };
}

/** Data interface class (CDC 1.2, table 6). */
const CDC_DATA = 0x0a;

function portThing({ path, manufacturer, pnpId }: NativePort): AttachedThing {
  return {
    id: `serial:${path}`,
    place: path.slice(path.lastIndexOf('/') + 1),
    ...optional('product', (manufacturer ?? pnpId)?.slice(0, MAX_NAME)),
    functions: [{ kind: 'serial', address: `serial:${path}` }],
  };
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  const printable = printableSerial(value ?? '');
  return printable === undefined ? {} : ({ [key]: printable } as { readonly [P in K]?: string });
}

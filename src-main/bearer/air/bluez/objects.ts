import { plainText } from '../../../base/plain-text.ts';
import type { BusSignal } from './bus.ts';

/** An adapter as the service tells of it (org.bluez.Adapter1). */
export interface AdapterObject {
  readonly path: string;
  readonly address: string;
  readonly name: string;
  readonly powered: boolean;
  readonly discoverable: boolean;
  readonly discoverableTimeout: number;
  readonly pairable: boolean;
}

/** Another device as one adapter knows it (org.bluez.Device1). */
export interface DeviceObject {
  readonly path: string;
  /** Path of the adapter. */
  readonly adapter: string;
  readonly address: string;
  readonly name: string | undefined;
  readonly deviceClass: number | undefined;
  readonly paired: boolean;
  readonly connected: boolean;
  readonly services: readonly string[];
  readonly signal: number | undefined;
  /** When an inquiry saw it, or it was connected; ISO 8601. */
  readonly seenAt: string | undefined;
}

type Properties = Readonly<Record<string, unknown>>;

interface Kept {
  readonly properties: Properties;
  readonly seenAt: string | undefined;
}

export const ADAPTER = 'org.bluez.Adapter1';
export const DEVICE = 'org.bluez.Device1';
export const OBJECT_MANAGER = 'org.freedesktop.DBus.ObjectManager';
export const PROPERTIES = 'org.freedesktop.DBus.Properties';

/** A full hall; who is beyond it is not seen until others have gone. */
const MAX_DEVICES = 1000;
const MAX_ADAPTERS = 16;
/** Services of one device. */
const MAX_SERVICES = 100;
const ADDRESS = /^[0-9A-F]{2}(?::[0-9A-F]{2}){5}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What the Bluetooth service has told of its adapters and of the devices around, kept up to date from its signals. */
export class BluezObjects {
  readonly #adapters = new Map<string, Properties>();
  readonly #devices = new Map<string, Kept>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  get adapters(): readonly AdapterObject[] {
    return [...this.#adapters].map(([path, properties]) => adapterOf(path, properties));
  }

  get devices(): readonly DeviceObject[] {
    return [...this.#devices].flatMap(([path, kept]) => deviceOf(path, kept) ?? []);
  }

  deviceAt(path: string): DeviceObject | undefined {
    const kept = this.#devices.get(path);
    return kept === undefined ? undefined : deviceOf(path, kept);
  }

  clear(): void {
    this.#adapters.clear();
    this.#devices.clear();
  }

  /** The answer of GetManagedObjects: all that there is. */
  replace(answer: unknown): void {
    const seen = new Map([...this.#devices].map(([path, { seenAt }]) => [path, seenAt]));
    this.clear();
    for (const [path, interfaces] of Object.entries(record(answer))) this.#add(path, interfaces, seen.get(path));
  }

  /** @returns whether anything may differ now. */
  apply({ path, interface: name, member, body }: BusSignal): boolean {
    const [first, second, third] = body;
    if (name === OBJECT_MANAGER && member === 'InterfacesAdded' && typeof first === 'string') {
      return this.#add(first, second, undefined);
    }
    if (name === OBJECT_MANAGER && member === 'InterfacesRemoved' && typeof first === 'string') {
      return this.#remove(first, texts(second));
    }
    if (name === PROPERTIES && member === 'PropertiesChanged') return this.#change(path, first, second, texts(third));
    return false;
  }

  #add(path: string, interfaces: unknown, seenAt: string | undefined): boolean {
    const { [ADAPTER]: adapter, [DEVICE]: device } = record(interfaces);
    if (adapter !== undefined && this.#adapters.size < MAX_ADAPTERS) this.#adapters.set(path, record(adapter));
    if (device !== undefined && (this.#devices.size < MAX_DEVICES || this.#devices.has(path))) {
      const properties = record(device);
      const isSeen = properties.RSSI !== undefined || properties.Connected === true;
      this.#devices.set(path, { properties, seenAt: isSeen ? this.#stamp() : seenAt });
    }
    return adapter !== undefined || device !== undefined;
  }

  #remove(path: string, interfaces: readonly string[]): boolean {
    const adapter = interfaces.includes(ADAPTER) && this.#adapters.delete(path);
    const device = interfaces.includes(DEVICE) && this.#devices.delete(path);
    return adapter || device;
  }

  #change(path: string, name: unknown, changed: unknown, invalidated: readonly string[]): boolean {
    const adapter = name === ADAPTER ? this.#adapters.get(path) : undefined;
    if (adapter !== undefined) this.#adapters.set(path, merged(adapter, changed, invalidated));
    const device = name === DEVICE ? this.#devices.get(path) : undefined;
    if (device !== undefined) {
      const { RSSI, Connected } = record(changed);
      // Also when it leaves it was there until now.
      const seenAt = RSSI !== undefined || Connected !== undefined ? this.#stamp() : device.seenAt;
      this.#devices.set(path, { properties: merged(device.properties, changed, invalidated), seenAt });
    }
    return adapter !== undefined || device !== undefined;
  }

  #stamp(): string {
    return this.#now().toISOString();
  }
}

function merged(properties: Properties, changed: unknown, invalidated: readonly string[]): Properties {
  const all = { ...properties, ...record(changed) };
  for (const name of invalidated) delete all[name];
  return all;
}

function adapterOf(path: string, properties: Properties): AdapterObject {
  const { Address, Alias, Name, Powered, Discoverable, DiscoverableTimeout, Pairable } = properties;
  return {
    path,
    address: addressIn(Address) ?? '',
    name: plainText(text(Alias) ?? text(Name)) ?? path.slice(path.lastIndexOf('/') + 1),
    powered: Powered === true,
    discoverable: Discoverable === true,
    discoverableTimeout: integer(DiscoverableTimeout, 0xffffffff) ?? 0,
    pairable: Pairable === true,
  };
}

function deviceOf(path: string, { properties, seenAt }: Kept): DeviceObject | undefined {
  const { Address, AddressType, Adapter, Alias, Name, Class, Paired, Connected, UUIDs, RSSI } = properties;
  const address = addressIn(Address);
  // Random addresses are those of Low Energy, which has no RFCOMM (Core Specification, volume 6, part B, 1.3.2).
  if (address === undefined || AddressType === 'random') return undefined;
  return {
    path,
    adapter: text(Adapter) ?? path.slice(0, path.lastIndexOf('/')),
    address,
    name: nameOf(text(Alias) ?? text(Name), address),
    deviceClass: integer(Class, 0xffffff),
    paired: Paired === true,
    connected: Connected === true,
    services: texts(UUIDs)
      .map((uuid) => uuid.toLowerCase())
      .filter((uuid) => UUID.test(uuid))
      .slice(0, MAX_SERVICES),
    signal: typeof RSSI === 'number' && Math.abs(RSSI) <= 200 ? Math.trunc(RSSI) : undefined,
    seenAt,
  };
}

/** The service gives the address with hyphens for the name of a device that has not said one. */
function nameOf(name: string | undefined, address: string): string | undefined {
  return name?.toUpperCase() === address.replaceAll(':', '-') ? undefined : plainText(name);
}

function addressIn(value: unknown): string | undefined {
  const address = text(value)?.toUpperCase();
  return address !== undefined && ADDRESS.test(address) ? address : undefined;
}

function record(value: unknown): Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Properties) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function integer(value: unknown, most: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most ? value : undefined;
}

import type { AirAdapter, AirPhone, AirReason, AirView } from '../air.ts';
import type { AdapterObject, BluezObjects, DeviceObject } from './objects.ts';
import type { RadioBlocks } from './radio-blocks.ts';

/** Phones that anybody is shown; who is beyond it is neither paired nor near. */
const MAX_PHONES = 200;

export interface ViewSources {
  /** Why the service cannot be asked. */
  readonly reason: AirReason | undefined;
  readonly objects: Pick<BluezObjects, 'adapters' | 'devices'>;
  readonly blocks: RadioBlocks;
  /** Only this adapter is used, e.g. `hci0`. */
  readonly only: string | undefined;
  readonly searching: boolean;
}

export function viewOf({ reason, objects, blocks, only, searching }: ViewSources): AirView {
  const used = usedAdapters(objects.adapters, only);
  const adapters = used.map((adapter) => adapterView(adapter, blocks));
  const why = whyUnusable({ reason, objects, blocks, only });
  const paths = new Set(used.map(({ path }) => path));
  const phones = phonesOf(objects.devices.filter(({ adapter }) => paths.has(adapter)));
  return { ...(why === undefined ? {} : { reason: why }), adapters, phones, searching };
}

/** Why nothing can be done now; without a look at the phones, of which there may be hundreds. */
export function whyUnusable({ reason, objects, blocks, only }: Omit<ViewSources, 'searching'>): AirReason | undefined {
  const adapters = usedAdapters(objects.adapters, only).map((adapter) => adapterView(adapter, blocks));
  return reason ?? reasonOf(adapters, blocks, only);
}

/** The adapters that are ours to use. */
export function usedAdapters(adapters: readonly AdapterObject[], only: string | undefined): readonly AdapterObject[] {
  return only === undefined ? adapters : adapters.filter(({ path }) => idOf(path) === only);
}

/** Of a device that several adapters know the one by which it is reached: where it is connected, paired, or near. */
export function bestOf(devices: readonly DeviceObject[]): DeviceObject | undefined {
  return [...devices].sort(byUse)[0];
}

export function phoneView(device: DeviceObject): AirPhone {
  const { address, name, deviceClass, paired, connected, services, seenAt, signal } = device;
  return {
    address,
    ...(name === undefined ? {} : { name }),
    ...(deviceClass === undefined ? {} : { deviceClass }),
    paired,
    connected,
    services,
    ...(seenAt === undefined ? {} : { seenAt }),
    ...(signal === undefined ? {} : { signal }),
  };
}

function adapterView({ path, address, name, powered, discoverable }: AdapterObject, blocks: RadioBlocks): AirAdapter {
  const id = idOf(path);
  return { id, address, name, powered, blocked: blocks.get(id) === true, visible: discoverable };
}

function idOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function reasonOf(
  adapters: readonly AirAdapter[],
  blocks: RadioBlocks,
  only: string | undefined,
): AirReason | undefined {
  if (adapters.some(({ powered }) => powered)) return undefined;
  // A key of a notebook takes the whole adapter away.
  if (adapters.length === 0) {
    return only === undefined && [...blocks.values()].includes(true) ? 'air/blocked' : 'air/no-adapter';
  }
  return adapters.some(({ blocked }) => blocked) ? 'air/blocked' : 'air/not-powered';
}

function phonesOf(devices: readonly DeviceObject[]): readonly AirPhone[] {
  const byAddress = new Map<string, DeviceObject>();
  for (const device of [...devices].sort(byUse)) {
    if (!byAddress.has(device.address)) byAddress.set(device.address, device);
  }
  return [...byAddress.values()].slice(0, MAX_PHONES).map(phoneView);
}

function byUse(a: DeviceObject, b: DeviceObject): number {
  return (
    Number(b.paired) - Number(a.paired) ||
    Number(b.connected) - Number(a.connected) ||
    (b.signal ?? -999) - (a.signal ?? -999) ||
    compare(b.seenAt ?? '', a.seenAt ?? '') ||
    compare(a.address, b.address)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

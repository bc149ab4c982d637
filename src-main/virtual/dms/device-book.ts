import { createHash } from 'node:crypto';
import { mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { deviceKey } from '../../base/device-key.ts';
import { writeFileAtomically } from '../../base/node/atomic-file.ts';
import { type JsonFile, noFile, openJsonFile } from './json-file.ts';
import { InventoryEntry } from './software-facts.ts';

const KnownDevice = z.object({
  version: z.literal(1),
  device: z.string(),
  model: z.string().optional(),
  manufacturer: z.string().optional(),
  firmware: z.string().optional(),
  firmwareReadAt: z.iso.datetime().optional(),
  lastSession: z
    .object({
      id: z.string(),
      at: z.iso.datetime(),
      state: z.enum(['done', 'failed', 'aborted']),
      code: z.string().optional(),
    })
    .optional(),
  /** Absent: it was never read. */
  components: z.array(InventoryEntry).optional(),
  readAt: z.iso.datetime().optional(),
  removed: z.array(z.object({ id: z.string(), version: z.string(), at: z.iso.datetime() })),
});
/** What this server knows of a handset that has proved itself. */
export type KnownDevice = Readonly<z.infer<typeof KnownDevice>>;

/** The handsets that this server has met, and what they said of themselves. On disk before anybody is told. */
export interface DeviceBook {
  get(device: string): KnownDevice | undefined;
  list(): readonly KnownDevice[];
  ofModel(model: string): readonly KnownDevice[];
  /** A session has begun. */
  met(device: string, facts: { readonly model?: string; readonly manufacturer?: string }): void;
  sawInventory(device: string, inventory: readonly InventoryEntry[]): void;
  /** Whether its firmware is unknown, or was read long ago. */
  asksFirmware(device: string): boolean;
  sawFirmware(device: string, version: string): void;
  /** A PC has seen it then. Without effect on a handset that is not known, or when it was seen later already. */
  heardOfFirmware(device: string, version: string, at: Date): void;
  sessionEnded(device: string, session: Omit<NonNullable<KnownDevice['lastSession']>, 'at'>): void;
}

/** Handsets kept; one of them gives way to a new one. */
const MAX_DEVICES = 10_000;
const MAX_COMPONENTS = 1000;
const MAX_REMOVED = 100;
/** Milliseconds for which nobody but this server is thought to change a handset's firmware. */
const FIRMWARE_FRESH = 60 * 60 * 1000;
/** Characters of what a handset says of itself. */
const MAX_TEXT = 256;
const FOLDER = 'handsets';

/** Keeps the book in memory, and in a file for each handset below the state folder when there is one. */
export async function openDeviceBook(options: {
  readonly state?: string;
  readonly now: () => Date;
}): Promise<DeviceBook> {
  const { state, now } = options;
  const pages = new Map<string, Page>();
  if (state !== undefined)
    for (const page of await pagesIn(join(state, FOLDER))) pages.set(deviceKey(page.device.device), page);
  const stamp = (): string => now().toISOString();

  function change(device: string, how: (known: KnownDevice) => KnownDevice): void {
    const key = deviceKey(device);
    const page = pages.get(key) ?? newPage(device, state);
    const changed = how(page.device);
    if (pages.has(key) && JSON.stringify(changed) === JSON.stringify(page.device)) return;
    page.file.write(changed);
    page.device = changed;
    pages.set(key, page);
    const oldest = pages.size > MAX_DEVICES ? pages.entries().next().value : undefined;
    if (oldest === undefined) return;
    pages.delete(oldest[0]);
    if (state !== undefined) void unlink(join(state, FOLDER, fileName(oldest[0]))).catch(() => undefined);
  }

  const list = (): readonly KnownDevice[] => [...pages.values()].map(({ device }) => device);
  return {
    get: (device) => pages.get(deviceKey(device))?.device,
    list,
    ofModel: (model) => list().filter((known) => known.model === model),
    met(device, { model, manufacturer }) {
      change(device, (known) => ({
        ...known,
        ...(model === undefined ? {} : { model: model.trim().slice(0, MAX_TEXT) }),
        ...(manufacturer === undefined ? {} : { manufacturer: manufacturer.trim().slice(0, MAX_TEXT) }),
      }));
    },
    sawInventory(device, inventory) {
      const components = inventory.slice(0, MAX_COMPONENTS);
      change(device, (known) => ({
        ...known,
        components,
        readAt: stamp(),
        removed: [...known.removed, ...goneFrom(known.components ?? [], components, stamp())].slice(-MAX_REMOVED),
      }));
    },
    sawFirmware: (device, version) =>
      change(device, (known) => ({
        ...known,
        firmware: version.trim().slice(0, MAX_TEXT),
        firmwareReadAt: stamp(),
      })),
    heardOfFirmware(device, version, at) {
      const before = pages.get(deviceKey(device))?.device;
      if (before === undefined || at.getTime() <= Date.parse(before.firmwareReadAt ?? '1970-01-01')) return;
      const firmwareReadAt = at.toISOString();
      change(device, (known) => ({ ...known, firmware: version.trim().slice(0, MAX_TEXT), firmwareReadAt }));
    },
    asksFirmware(device) {
      const readAt = pages.get(deviceKey(device))?.device.firmwareReadAt;
      return readAt === undefined || now().getTime() - Date.parse(readAt) > FIRMWARE_FRESH;
    },
    sessionEnded: (device, session) =>
      change(device, (known) => ({ ...known, lastSession: { ...session, at: stamp() } })),
  };
}

interface Page {
  device: KnownDevice;
  readonly file: Pick<JsonFile<KnownDevice>, 'write'>;
}

function newPage(device: string, state: string | undefined): Page {
  const empty: KnownDevice = { version: 1, device, removed: [] };
  if (state === undefined) return { device: empty, file: noFile<KnownDevice>() };
  const path = join(state, FOLDER, fileName(deviceKey(device)));
  return { device: empty, file: { write: (value) => writeFileAtomically(path, JSON.stringify(value)) } };
}

async function pagesIn(folder: string): Promise<readonly Page[]> {
  await mkdir(folder, { recursive: true });
  const pages: Page[] = [];
  for (const name of (await readdir(folder)).filter((each) => each.endsWith('.json')).slice(0, MAX_DEVICES)) {
    const file = await openJsonFile(folder, name, KnownDevice);
    if (file.initial !== undefined) pages.push({ device: file.initial, file });
  }
  return pages;
}

/** A handset names itself as it likes; no file is named so. */
function fileName(key: string): string {
  return `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`;
}

function goneFrom(before: readonly InventoryEntry[], after: readonly InventoryEntry[], at: string) {
  const there = new Set(after.map(({ id }) => id));
  return before.filter(({ id }) => !there.has(id)).map(({ id, version }) => ({ id, version, at }));
}

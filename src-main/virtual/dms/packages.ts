import { createHash } from 'node:crypto';
import { createReadStream, type Stats } from 'node:fs';
import { lstat, open, readdir, readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { PcAgentError } from '../../base/errors.ts';
import { ReadAhead } from '../../dm/large-object/read-ahead.ts';
import { FIRMWARE_HEAD, type FirmwareManifest, readFirmware } from '../../fumo/firmware-package.ts';
import type { ByteRange } from '../../net/byte-range.ts';
import { type PackedComponent, readSoftware, SOFTWARE_HEAD } from '../../scomo/software-package.ts';
import { demoFirmware, demoPackages } from './demo-package.ts';
import { Urgency } from './urgency.ts';

/** A delivery package that this server offers. */
export interface DmsPackage {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** Handset model that it is for; empty when it is for any. */
  readonly model: string;
  readonly size: number;
  /** Lower-case hex. */
  readonly sha256: string;
  /** Last part of its address below `/packages/`. */
  readonly file: string;
  /** MIME type; default: by the file's ending. */
  readonly type?: string;
  /** For the page before a download. */
  readonly vendor?: string;
  readonly description?: string;
  readonly infoUrl?: string;
  readonly iconUrl?: string;
  /** How much it matters to have this version. */
  readonly urgency?: Urgency;
  /** What it says of itself when it is firmware. */
  readonly firmware?: FirmwareManifest;
  /** Of a package with several components of software. */
  readonly components?: readonly PackedComponent[];
}

export interface PackageSource {
  list(): Promise<readonly DmsPackage[]>;
  /** Packages of firmware. The built-in one is not among the others: no handset can install it as software. */
  firmware(): Promise<readonly DmsPackage[]>;
  /** By id. */
  find(id: string): Promise<DmsPackage | undefined>;
  /** The bytes as a stream; the whole package without `range`. */
  read(file: string, range?: ByteRange): Readable;
  /**
   * The package as it was when its digest was computed, to be read as it is delivered.
   * @throws PcAgentError `package/absent`; when a piece is read `package/changed`
   */
  open(id: string): Promise<ReadAhead>;
}

const MAX_SIDECAR = 64 * 1024;

/** `FILE.json` beside a package; what it leaves out is taken from the file's name. */
const Sidecar = z.object({
  id: z.string().min(1).max(256).optional(),
  name: z.string().min(1).max(256).optional(),
  version: z.string().min(1).max(64).optional(),
  model: z.string().max(256).optional(),
  type: z
    .string()
    .max(255)
    .regex(/^[a-z0-9][\w.+-]*\/[a-z0-9][\w.+-]*$/i)
    .optional(),
  vendor: z.string().min(1).max(200).optional(),
  description: z.string().min(1).max(2000).optional(),
  infoUrl: z.url().max(2048).optional(),
  iconUrl: z.url().max(2048).optional(),
  urgency: Urgency.optional(),
});

/** The built-in packages, for a server without a folder. */
export function createDemoPackages(): PackageSource {
  const firmware = demoFirmware();
  const contents = new Map([...demoPackages(), firmware].map((pkg) => [`${pkg.id}-${pkg.version}.bin`, pkg]));
  const both = [...contents].map(([file, { id, name, version, bytes }]): DmsPackage => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { id, name, version, model: '', size: bytes.length, sha256, file, ...contentsIn(bytes) };
  });
  const all = both.filter((pkg) => pkg.firmware === undefined);
  const bytesOf = (file: string) => contents.get(file)?.bytes ?? new Uint8Array(0);
  return {
    list: async () => all,
    firmware: async () => both.filter((pkg) => pkg.firmware !== undefined),
    find: async (id) => both.find((entry) => entry.id === id),
    read: (file, range) =>
      Readable.from([
        Buffer.from(range === undefined ? bytesOf(file) : bytesOf(file).subarray(range.first, range.last + 1)),
      ]),
    open: async (id) => {
      const bytes = bytesOf(both.find((entry) => entry.id === id)?.file ?? '');
      return new ReadAhead(bytes.length, async (from, to) => bytes.subarray(from, to));
    },
  };
}

/**
 * Every plain file of a folder (not below it, no links, no dot files) is a package. Size and digest are computed once
 * and again when size or time of the file change.
 * @param note told about what is left out, once per state of the file
 * @throws PcAgentError `package/folder-unreadable`
 */
export async function openPackageFolder(
  folder: string,
  note: (text: string) => void = () => {},
): Promise<PackageSource> {
  const known = new Map<string, { readonly state: string; readonly entry: Promise<DmsPackage | undefined> }>();

  async function entryOf(file: string, hasSidecar: boolean): Promise<DmsPackage | undefined> {
    const path = join(folder, file);
    const stat = await lstat(path);
    if (!stat.isFile()) return undefined;
    const sidecar = hasSidecar ? await lstat(`${path}.json`) : undefined;
    const state = [stat.mtimeMs, stat.size, sidecar?.mtimeMs, sidecar?.size].join();
    const before = known.get(file);
    if (before?.state === state) return before.entry;
    const entry = describe(path, file, stat.size, sidecar?.isFile() === true ? sidecar.size : undefined).catch(
      (error) => {
        note(`${file} is left out: ${error instanceof Error ? error.message : 'unreadable'}`);
        return undefined;
      },
    );
    known.set(file, { state, entry });
    return entry;
  }

  async function list(): Promise<readonly DmsPackage[]> {
    const names = (await namesIn(folder)).filter((name) => !name.startsWith('.')).sort(byCodePoint);
    const all = new Set(names);
    const packages: DmsPackage[] = [];
    for (const name of names) {
      if (name.endsWith('.json') && all.has(name.slice(0, -'.json'.length))) continue;
      // A file that goes away meanwhile is simply no package any more.
      const entry = await entryOf(name, all.has(`${name}.json`)).catch(() => undefined);
      if (entry !== undefined) packages.push(entry);
    }
    return packages;
  }

  const find = async (id: string): Promise<DmsPackage | undefined> => (await list()).find((each) => each.id === id);
  await namesIn(folder);
  return {
    list,
    firmware: async () => (await list()).filter((pkg) => pkg.firmware !== undefined),
    find,
    read: (file, range) =>
      createReadStream(join(folder, file), range === undefined ? {} : { start: range.first, end: range.last }),
    async open(id) {
      const found = await find(id);
      if (found === undefined) throw new PcAgentError('package/absent', `there is no package ${id}`);
      const path = join(folder, found.file);
      const described = await lstat(path);
      return new ReadAhead(found.size, (from, to) => readPiece(path, described, from, to));
    },
  };
}

/** Octets of a file that is still the one that was described. */
async function readPiece(path: string, described: Stats, from: number, to: number): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const { ino, size, mtimeMs } = await handle.stat();
    if (ino !== described.ino || size !== described.size || mtimeMs !== described.mtimeMs) {
      throw new PcAgentError('package/changed', `${path} was changed while it was delivered`, { retry: 'later' });
    }
    const piece = new Uint8Array(to - from);
    const { bytesRead } = await handle.read(piece, 0, piece.length, from);
    return piece.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/** The same order everywhere, whatever the locale. */
function byCodePoint(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw new PcAgentError('package/folder-unreadable', `the package folder ${folder} cannot be read`, {
      cause,
      retry: 'after-operator',
    });
  }
}

async function describe(
  path: string,
  file: string,
  size: number,
  sidecarSize: number | undefined,
): Promise<DmsPackage> {
  if ((sidecarSize ?? 0) > MAX_SIDECAR) throw new Error('its sidecar is too large');
  const said = sidecarSize === undefined ? {} : Sidecar.parse(JSON.parse(await readFile(`${path}.json`, 'utf8')));
  const stem = parse(file).name;
  const id = said.id ?? stem;
  const { type, vendor, description, infoUrl, iconUrl, urgency } = said;
  return {
    id,
    name: said.name ?? stem,
    version: said.version ?? '1.0',
    model: said.model ?? '',
    size,
    sha256: await digestOf(path),
    file,
    ...contentsIn(await headOf(path)),
    ...(type === undefined ? {} : { type: type.toLowerCase() }),
    ...(vendor === undefined ? {} : { vendor }),
    ...(description === undefined ? {} : { description }),
    ...(infoUrl === undefined ? {} : { infoUrl }),
    ...(iconUrl === undefined ? {} : { iconUrl }),
    ...(urgency === undefined ? {} : { urgency }),
  };
}

/** What a package says of itself that is of a format of ours. */
function contentsIn(head: Uint8Array): Pick<DmsPackage, 'firmware' | 'components'> {
  const firmware = readFirmware(head);
  if (typeof firmware !== 'number') return { firmware: firmware.manifest };
  const software = readSoftware(head);
  return software.kind === 'bundle' ? { components: software.manifest.components } : {};
}

async function headOf(path: string): Promise<Uint8Array> {
  const handle = await open(path, 'r');
  try {
    const head = new Uint8Array(Math.max(FIRMWARE_HEAD, SOFTWARE_HEAD));
    const { bytesRead } = await handle.read(head, 0, head.length, 0);
    return head.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

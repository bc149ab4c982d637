import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join, parse } from 'node:path';
import { Readable } from 'node:stream';
import { z } from 'zod';
import { PcAgentError } from '../../base/errors.ts';
import { demoPackages } from './demo-package.ts';

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
}

/** First and last byte, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

export interface PackageSource {
  list(): Promise<readonly DmsPackage[]>;
  /** By id. */
  find(id: string): Promise<DmsPackage | undefined>;
  /** The bytes as a stream; the whole package without `range`. */
  read(file: string, range?: ByteRange): Readable;
  /** The whole package, for delivery as a large object. @throws PcAgentError `package/too-large` */
  bytes(id: string): Promise<Uint8Array>;
}

/** What a large object may need in memory here. */
const MAX_IN_MEMORY = 64 * 1024 * 1024;
const MAX_SIDECAR = 64 * 1024;

/** `FILE.json` beside a package; what it leaves out is taken from the file's name. */
const Sidecar = z.object({
  id: z.string().min(1).max(256).optional(),
  name: z.string().min(1).max(256).optional(),
  version: z.string().min(1).max(64).optional(),
  model: z.string().max(256).optional(),
});

/** The built-in packages, for a server without a folder. */
export function createDemoPackages(): PackageSource {
  const contents = new Map(demoPackages().map((pkg) => [`${pkg.id}-${pkg.version}.bin`, pkg]));
  const all = [...contents].map(([file, { id, name, version, bytes }]): DmsPackage => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { id, name, version, model: '', size: bytes.length, sha256, file };
  });
  const bytesOf = (file: string) => contents.get(file)?.bytes ?? new Uint8Array(0);
  return {
    list: async () => all,
    find: async (id) => all.find((entry) => entry.id === id),
    read: (file, range) =>
      Readable.from([
        Buffer.from(range === undefined ? bytesOf(file) : bytesOf(file).subarray(range.first, range.last + 1)),
      ]),
    bytes: async (id) => bytesOf(all.find((entry) => entry.id === id)?.file ?? ''),
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
    find,
    read: (file, range) =>
      createReadStream(join(folder, file), range === undefined ? {} : { start: range.first, end: range.last }),
    async bytes(id) {
      const found = await find(id);
      if (found === undefined) throw new PcAgentError('package/absent', `there is no package ${id}`);
      if (found.size > MAX_IN_MEMORY) {
        throw new PcAgentError('package/too-large', `${id} has ${found.size} bytes, too many for a large object`);
      }
      return new Uint8Array(await readFile(join(folder, found.file)));
    },
  };
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
  return {
    id,
    name: said.name ?? stem,
    version: said.version ?? '1.0',
    model: said.model ?? '',
    size,
    sha256: await digestOf(path),
    file,
  };
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

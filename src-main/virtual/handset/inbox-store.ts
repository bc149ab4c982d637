import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IncomingFile, type IncomingObject, temporaryName } from './incoming-file.ts';

export interface InboxEntry {
  readonly name: string;
  readonly size: number;
}

/** Where an inbox keeps what was put; names come in already plain. */
export interface InboxStore {
  put(name: string, bytes: Uint8Array): Promise<void>;
  get(name: string): Promise<Uint8Array | undefined>;
  list(): Promise<readonly InboxEntry[]>;
  /** For an object that comes piece by piece; missing where all is kept in memory anyway. */
  begin?(): IncomingObject;
}

export function memoryInboxStore(): InboxStore {
  const objects = new Map<string, Uint8Array>();
  return {
    put: async (name, bytes) => {
      // A copy: the bytes are a view of the bearer's buffers.
      objects.set(name, bytes.slice());
    },
    get: async (name) => objects.get(name),
    list: async () => [...objects].map(([name, bytes]) => ({ name, size: bytes.length })),
  };
}

/** A folder; an object appears in it whole or not at all. */
export function folderInboxStore(folder: string): InboxStore {
  return {
    put: (name, bytes) => putFile(folder, name, bytes),
    get: async (name) =>
      (await regularSize(join(folder, name))) === undefined ? undefined : readFile(join(folder, name)),
    list: () => listFolder(folder),
    begin: () => new IncomingFile(folder),
  };
}

async function putFile(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  await mkdir(folder, { recursive: true });
  const temporary = join(folder, temporaryName());
  try {
    await writeFile(temporary, bytes, { flag: 'wx' });
    await rename(temporary, join(folder, name));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Size of a regular file; links are not followed out of the folder. */
async function regularSize(path: string): Promise<number | undefined> {
  try {
    const found = await lstat(path);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function listFolder(folder: string): Promise<readonly InboxEntry[]> {
  const entries: InboxEntry[] = [];
  for (const name of await readdir(folder).catch(noneIfMissing)) {
    const size = name.startsWith('.') ? undefined : await regularSize(join(folder, name));
    if (size !== undefined) entries.push({ name, size });
  }
  return entries;
}

/** No room, on the disk or for this user. */
export function isDiskFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function noneIfMissing(error: unknown): string[] {
  if (isMissing(error)) return [];
  throw error;
}

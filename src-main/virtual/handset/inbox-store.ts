import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { type FileHandle, lstat, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PcAgentError } from '../../base/errors.ts';
import { WriteBehind } from '../../obex/write-behind.ts';

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

/** An object on its way in. One call at a time. */
export interface IncomingObject {
  /** Set while `take` does not wait. */
  readonly prompt: boolean;
  /** Copies the bytes. What it returns is waited for before the next. */
  take(bytes: Uint8Array): Promise<void> | undefined;
  /** Everything that was taken is written. */
  end(): Promise<void>;
  /** After `end`: it is there now, under this name and whole. */
  keep(name: string): Promise<void>;
  /** Nothing of it stays, unless it is being kept already. Never fails, may be called at any time. */
  discard(): Promise<void>;
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

/** A write that takes so long waits for the disk: this process does not wait for another one. */
const SLOW_MS = 5;

class IncomingFile implements IncomingObject {
  readonly #folder: string;
  readonly #path: string;
  readonly #opened: Promise<FileHandle>;
  #begun = false;
  /** Set while the system takes what is written into its memory at once: then another thread costs more than the writing. */
  #descriptor: number | undefined;
  #keeping: Promise<void> | undefined;
  #discarded = false;
  readonly #behind = new WriteBehind(async (bytes) => {
    const file = await this.#opened;
    for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
  });

  constructor(folder: string) {
    this.#folder = folder;
    this.#path = join(folder, temporaryName());
    this.#opened = this.#open();
    // Who writes next gets the error; until then it is nobody's.
    this.#opened.catch(() => undefined);
  }

  get prompt(): boolean {
    return this.#descriptor !== undefined;
  }

  take(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#descriptor !== undefined) return this.#writeNow(this.#descriptor, bytes);
    const room = this.#behind.take(bytes);
    if (this.#begun) return room;
    this.#begun = true;
    return this.#begin();
  }

  async end(): Promise<void> {
    this.#descriptor = undefined;
    await this.#behind.end();
    await (await this.#opened).close();
  }

  async keep(name: string): Promise<void> {
    // Who breaks it off may do so while others are kept before it.
    if (this.#discarded) throw new PcAgentError('obex/aborted', 'the object was broken off');
    this.#keeping = rename(this.#path, join(this.#folder, name));
    await this.#keeping;
  }

  async discard(): Promise<void> {
    this.#discarded = true;
    this.#descriptor = undefined;
    // A write that is under way ends first: the descriptor must outlive it.
    await this.#behind.forget();
    // Closing a second time does nothing.
    await this.#opened.then((file) => file.close()).catch(() => undefined);
    // What is being kept already is whole.
    await this.#keeping?.catch(() => undefined);
    await rm(this.#path, { force: true }).catch(() => undefined);
  }

  /** What came first is written when the file is there. */
  async #begin(): Promise<void> {
    try {
      await this.#behind.end();
      if (!this.#discarded) this.#descriptor = (await this.#opened).fd;
    } catch {
      // Whoever brings more, or ends it, is told by what writes behind.
    }
  }

  #writeNow(descriptor: number, bytes: Uint8Array): undefined {
    const begun = performance.now();
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    if (performance.now() - begun >= SLOW_MS) this.#descriptor = undefined;
  }

  async #open(): Promise<FileHandle> {
    await mkdir(this.#folder, { recursive: true });
    return open(this.#path, 'wx');
  }
}

/** Plain names never begin with a dot, so this one is nobody's. */
function temporaryName(): string {
  return `.${randomUUID()}.part`;
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

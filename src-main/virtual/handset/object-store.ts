import { randomUUID } from 'node:crypto';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteSource } from '../../base/byte-source.ts';
import type { ObjectStore, ObjectWriter } from '../../dm/large-object/object-store.ts';

/** Space that is left to others. */
const RESERVE = 64 * 1024 * 1024;

/**
 * Large objects of a virtual handset as files of a folder of their own. Files of an earlier run whose values nobody
 * holds any more go with the first `keepOnly`. Without a folder they are temporary files that have no name once they
 * are open, so that not even a kill leaves one behind.
 */
export class HandsetObjectStore implements ObjectStore {
  readonly #folder: string | undefined;
  readonly #unfinished = new Set<ObjectFile>();
  readonly #objects = new Set<ObjectFile>();

  constructor(folder: string | undefined) {
    this.#folder = folder;
  }

  begin(size: number): ObjectWriter | undefined {
    const folder = this.#folder ?? tmpdir();
    mkdirSync(folder, { recursive: true });
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < size + RESERVE) return undefined;
    const file = createFile(folder, this.#folder !== undefined);
    if (file === undefined) return undefined;
    this.#unfinished.add(file);
    return {
      write: (octets) => file.append(octets),
      done: () => {
        file.sync();
        this.#unfinished.delete(file);
        this.#objects.add(file);
        return file;
      },
      discard: () => {
        this.#unfinished.delete(file);
        file.remove();
      },
    };
  }

  /** Throws one value away; what is no value of this store is left alone. */
  drop(value: ByteSource): void {
    if (!(value instanceof ObjectFile) || !this.#objects.delete(value)) return;
    value.remove();
  }

  /** Between sessions: throws away all but these values, what is half received included. */
  keepOnly(values: Iterable<ByteSource>): void {
    const kept = new Set<ByteSource>(values);
    for (const files of [this.#unfinished, this.#objects]) {
      for (const file of files) {
        if (kept.has(file)) continue;
        files.delete(file);
        file.remove();
      }
    }
    if (this.#folder !== undefined) this.#sweep(this.#folder);
  }

  /** Files that an earlier run has left. */
  #sweep(folder: string): void {
    const ours = new Set([...this.#objects].map(({ name }) => name));
    for (const name of namesIn(folder)) {
      if (name.endsWith(SUFFIX) && !ours.has(name)) rmSync(join(folder, name), { force: true });
    }
  }
}

const SUFFIX = '.object';
/** Of the system: no room on the disk, for this user, or for one more open file. */
const NO_ROOM: readonly (string | undefined)[] = ['ENOSPC', 'EDQUOT', 'EMFILE', 'ENFILE'];

function createFile(folder: string, named: boolean): ObjectFile | undefined {
  try {
    return ObjectFile.create(folder, named);
  } catch (error) {
    if (NO_ROOM.includes((error as NodeJS.ErrnoException).code)) return undefined;
    throw error;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** An object that is written once, from its beginning to its end, and read then. */
class ObjectFile implements ByteSource {
  readonly name: string;
  readonly #path: string;
  readonly #file: number;
  #length = 0;
  #removed = false;

  private constructor(folder: string, name: string) {
    this.name = name;
    this.#path = join(folder, name);
    this.#file = openSync(this.#path, 'wx+', 0o600);
  }

  static create(folder: string, named: boolean): ObjectFile {
    const file = new ObjectFile(folder, `${randomUUID()}${SUFFIX}`);
    if (!named) rmSync(file.#path, { force: true });
    return file;
  }

  get length(): number {
    return this.#length;
  }

  /** False when the disk is full. */
  append(octets: Uint8Array): boolean {
    try {
      for (let at = 0; at < octets.length; ) {
        const written = writeSync(this.#file, octets, at, octets.length - at, this.#length);
        at += written;
        this.#length += written;
      }
      return true;
    } catch (error) {
      if (NO_ROOM.includes((error as NodeJS.ErrnoException).code)) return false;
      throw error;
    }
  }

  sync(): void {
    fsyncSync(this.#file);
  }

  subarray(from: number, to: number): Uint8Array {
    const piece = new Uint8Array(Math.max(0, Math.min(to, this.#length) - from));
    let read = 0;
    while (read < piece.length) {
      const count = readSync(this.#file, piece, read, piece.length - read, from + read);
      if (count === 0) break;
      read += count;
    }
    return piece.subarray(0, read);
  }

  remove(): void {
    if (this.#removed) return;
    this.#removed = true;
    closeSync(this.#file);
    rmSync(this.#path, { force: true });
  }
}

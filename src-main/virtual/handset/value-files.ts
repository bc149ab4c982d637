import { randomUUID } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, mkdirSync, openSync, readdirSync, readSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type ByteSource, piecesOf } from '../../base/byte-source.ts';
import { damaged, writeWhole } from './tree-journal.ts';

/** Values that are too large for a journal, each in a file of its own that never changes. */
export class ValueFiles {
  readonly #folder: string;
  /** Which file holds a value that is in the tree. */
  readonly #names = new WeakMap<ByteSource, string>();

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** Name of the file that holds a value; written and on disk when it returns. */
  nameOf(value: ByteSource): string {
    const known = this.#names.get(value);
    if (known !== undefined) return known;
    const name = randomUUID();
    const file = openSync(join(this.#folder, name), 'wx', 0o600);
    try {
      for (const piece of piecesOf(value)) writeWhole(file, piece);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    syncFolder(this.#folder);
    this.#names.set(value, name);
    return name;
  }

  /** A value that is read from its file, a piece at a time. The file need not be there before it is read. */
  open(name: string, length: number): ByteSource {
    const path = join(this.#folder, name);
    const source: ByteSource = {
      length,
      subarray: (from, to) => readPiece(path, from, Math.min(to, length)),
    };
    this.#names.set(source, name);
    return source;
  }

  /** @throws PcAgentError `handset/tree-damaged` when the file of an opened value is not there as it was written. */
  check(value: ByteSource): void {
    const name = this.#names.get(value);
    const path = join(this.#folder, name ?? '');
    if (name !== undefined && sizeOf(path) !== value.length) throw damaged(path, 0);
  }

  /** Removes the files that hold nothing of what is kept. */
  sweep(kept: ReadonlySet<string>): void {
    for (const name of readdirSync(this.#folder)) {
      if (!kept.has(name)) rmSync(join(this.#folder, name), { force: true });
    }
  }
}

/** A file's name is on disk only after its folder is. */
export function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function sizeOf(path: string): number | undefined {
  try {
    const file = openSync(path, 'r');
    try {
      return fstatSync(file).size;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function readPiece(path: string, from: number, to: number): Uint8Array {
  const octets = new Uint8Array(Math.max(0, to - from));
  const file = openSync(path, 'r');
  try {
    let at = 0;
    while (at < octets.length) {
      const read = readSync(file, octets, at, octets.length - at, from + at);
      if (read === 0) throw damaged(path, from + at);
      at += read;
    }
  } finally {
    closeSync(file);
  }
  return octets;
}

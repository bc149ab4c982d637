import {
  chmodSync,
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** Raw bodies, a file a session, for the owner only. */
export class BodyFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (process.platform !== 'win32') chmodSync(folder, 0o700);
  }

  create(session: number): BodyWriter {
    return new BodyWriter(openSync(this.#path(session), 'wx', 0o600));
  }

  /** The octets at a place; `undefined` when the file is gone or too short. */
  read(session: number, at: number, length: number): Uint8Array | undefined {
    let file: number;
    try {
      file = openSync(this.#path(session), 'r');
    } catch {
      return undefined;
    }
    try {
      // The file says how much there is before that much is asked for.
      if (fstatSync(file).size < at + length) return undefined;
      const body = new Uint8Array(length);
      return readSync(file, body, 0, length, at) === length ? body : undefined;
    } finally {
      closeSync(file);
    }
  }

  /** Octets in a session's file; 0 when there is none. */
  size(session: number): number {
    return statSync(this.#path(session), { throwIfNoEntry: false })?.size ?? 0;
  }

  remove(session: number): void {
    rmSync(this.#path(session), { force: true });
  }

  /** Removes every file that belongs to none of these sessions. */
  keepOnly(sessions: ReadonlySet<number>): void {
    for (const name of readdirSync(this.#folder)) {
      if (!/^[0-9]{1,15}$/.test(name) || sessions.has(Number(name))) continue;
      this.remove(Number(name));
    }
  }

  #path(session: number): string {
    return join(this.#folder, String(session));
  }
}

/** Puts one body behind the other. Into the page cache, which takes microseconds and outlives a killed process. */
export class BodyWriter {
  readonly #file: number;
  #size = 0;

  constructor(file: number) {
    this.#file = file;
  }

  get size(): number {
    return this.#size;
  }

  /** @returns where the body begins. */
  append(body: Uint8Array): number {
    const at = this.#size;
    let written = 0;
    while (written < body.length) {
      written += writeSync(this.#file, body, written, body.length - written, at + written);
    }
    this.#size += body.length;
    return at;
  }

  close(): void {
    closeSync(this.#file);
  }
}

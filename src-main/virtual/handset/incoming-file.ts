import { randomUUID } from 'node:crypto';
import { writeSync } from 'node:fs';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PcAgentError } from '../../base/errors.ts';
import { WriteBehind } from '../../obex/write-behind.ts';

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

/** A write that takes so long waits for the disk: this process does not wait for another one soon. */
const SLOW_MS = 5;
/**
 * So many writes of another thread in a row that did not wait: it was a moment, and this thread writes again. Twice as
 * many the next time: a disk that is slow now and then is left to the other thread more and more.
 */
const QUICK_AGAIN = 16;

/** A file that appears in its folder whole or not at all. */
export class IncomingFile implements IncomingObject {
  readonly #folder: string;
  readonly #path: string;
  readonly #opened: Promise<FileHandle>;
  #begun = false;
  /** Set while the system takes what is written into its memory at once: then another thread costs more than the writing. */
  #descriptor: number | undefined;
  /** Writes of another thread since one was slow. */
  #quick = 0;
  #again = QUICK_AGAIN;
  #keeping: Promise<void> | undefined;
  #discarded = false;
  readonly #behind = new WriteBehind(
    async (bytes) => {
      const file = await this.#opened;
      const begun = performance.now();
      for (let at = 0; at < bytes.length; ) at += (await file.write(bytes, at)).bytesWritten;
      this.#wrote(file.fd, performance.now() - begun);
    },
    (bytes) => this.#writeNow(bytes),
  );

  constructor(folder: string) {
    this.#folder = folder;
    this.#path = join(folder, temporaryName());
    this.#opened = this.#open();
    // Who writes next gets the error; until then it is nobody's.
    this.#opened.catch(() => undefined);
  }

  get prompt(): boolean {
    return this.#descriptor !== undefined && !this.#behind.busy;
  }

  take(bytes: Uint8Array): Promise<void> | undefined {
    const room = this.#behind.take(bytes);
    if (this.#begun) return room;
    this.#begun = true;
    return this.#begin(room);
  }

  async end(): Promise<void> {
    await this.#behind.end();
    this.#descriptor = undefined;
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

  /** More is brought when the file is there. */
  async #begin(room: Promise<void> | undefined): Promise<void> {
    try {
      const [{ fd }] = await Promise.all([this.#opened, room]);
      if (!this.#discarded) this.#descriptor = fd;
    } catch {
      // Whoever brings more, or ends it, is told by what writes behind.
    }
  }

  #writeNow(bytes: Uint8Array): boolean {
    const descriptor = this.#descriptor;
    if (descriptor === undefined) return false;
    const begun = performance.now();
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    if (performance.now() - begun >= SLOW_MS) {
      this.#again *= 2;
      this.#wasSlow();
    }
    return true;
  }

  /** Another thread has written. */
  #wrote(descriptor: number, milliseconds: number): void {
    if (milliseconds >= SLOW_MS) this.#wasSlow();
    else this.#quick += 1;
    if (this.#quick >= this.#again && !this.#discarded) this.#descriptor = descriptor;
  }

  #wasSlow(): void {
    this.#descriptor = undefined;
    this.#quick = 0;
  }

  async #open(): Promise<FileHandle> {
    await mkdir(this.#folder, { recursive: true });
    return open(this.#path, 'wx');
  }
}

/** Plain names never begin with a dot, so this one is nobody's. */
export function temporaryName(): string {
  return `.${randomUUID()}.part`;
}

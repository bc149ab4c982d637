import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PcAgentError } from '../base/errors.ts';
import { updateInSlices, writeAll } from './byte-pass.ts';
import type { Staged } from './content-store.ts';
import { onDisk } from './disk-error.ts';
import { type CacheFolders, makeFolder } from './folders.ts';

/** A file that is handed over in pieces. What its process leaves unfinished goes with the other leftovers. */
export class IncomingFile {
  readonly path: string;
  /** As announced. */
  readonly size: number;
  readonly #folder: string;
  readonly #handle: FileHandle;
  readonly #hash = createHash('sha256');
  #received = 0;

  private constructor(folders: CacheFolders, path: string, handle: FileHandle, size: number) {
    this.#folder = folders.root;
    this.path = path;
    this.#handle = handle;
    this.size = size;
  }

  static open(folders: CacheFolders, size: number): Promise<IncomingFile> {
    return onDisk(folders.root, async () => {
      await makeFolder(folders.temporary);
      const path = join(folders.temporary, `upload-${randomUUID()}`);
      return new IncomingFile(folders, path, await open(path, 'wx', 0o600), size);
    });
  }

  get received(): number {
    return this.#received;
  }

  /** Not to be called again before it has ended. @throws PcAgentError `cache/size-mismatch`, `cache/full` */
  async append(bytes: Uint8Array): Promise<void> {
    if (this.#received + bytes.length > this.size) throw this.#mismatch(this.#received + bytes.length);
    await onDisk(this.#folder, () => writeAll(this.#handle, bytes, this.#received));
    await updateInSlices(this.#hash, bytes);
    this.#received += bytes.length;
  }

  /** The whole file, on the disk. @throws PcAgentError `cache/size-mismatch`: it is not what was announced. */
  async stage(): Promise<Staged> {
    if (this.#received !== this.size) throw this.#mismatch(this.#received);
    await onDisk(this.#folder, async () => {
      await this.#handle.sync();
      await this.#handle.close();
    });
    return { path: this.path, digest: this.#hash.digest('hex'), size: this.#received };
  }

  /** Throws it away; what cannot be removed now is removed when the cache is opened next. */
  async discard(): Promise<void> {
    await this.#handle.close().catch(() => undefined);
    await rm(this.path, { force: true }).catch(() => undefined);
  }

  #mismatch(found: number): PcAgentError {
    return new PcAgentError('cache/size-mismatch', 'the file is shorter or longer than was announced', {
      details: { size: this.size, found },
    });
  }
}

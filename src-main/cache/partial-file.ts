import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { jsonOf } from '../base/json.ts';
import { updateInSlices, writeAll } from './byte-pass.ts';
import { codeOf, onDisk } from './disk-error.ts';
import { type CacheFolders, makeFolder } from './folders.ts';

/** What a download is of; a partial file of something else is of no use. */
export interface DownloadIdentity {
  readonly url: string;
  /** As announced by whoever ordered it. */
  readonly sha256: string | undefined;
}

const CHUNK = 4 * 1024 * 1024;
const BUFFER = 1024 * 1024;
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** Written beside the unfinished file; it is checked against the file, so that it may be as old as it likes. */
const Sidecar = z.object({
  /** Digest of the address, which may hold a secret. */
  address: digest,
  sha256: digest.optional(),
  etag: z.string().max(1024).optional(),
  total: z.int().nonnegative().optional(),
  /** Digests of the whole chunks of 4 MiB. */
  chunks: z.array(digest).max(1 << 20),
  /** What came after them before a drop. */
  tail: z.object({ length: z.int().min(1).max(CHUNK), digest }).optional(),
});
type Sidecar = z.infer<typeof Sidecar>;

/** What the server said of the whole file. */
export interface RemoteState {
  /** Strong entity tag: the same as long as every byte is. */
  etag: string | undefined;
  total: number | undefined;
}

/**
 * The unfinished part of one download. It hashes the whole for its digest and each chunk of 4 MiB for itself, so that
 * after the end of the process, or of the power, it goes on from the last chunk that is as it was.
 */
export class PartialFile {
  readonly remote: RemoteState;
  readonly #folder: string;
  readonly #stem: string;
  readonly #identity: DownloadIdentity;
  readonly #handle: FileHandle;
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER);
  #buffered = 0;
  #written = 0;
  #whole: Hash = createHash('sha256');
  #chunk: Hash = createHash('sha256');
  #chunkLength = 0;
  #chunks: string[] = [];

  private constructor(folder: string, stem: string, identity: DownloadIdentity, handle: FileHandle, found?: Sidecar) {
    this.#folder = folder;
    this.#stem = stem;
    this.#identity = identity;
    this.#handle = handle;
    this.remote = { etag: found?.etag, total: found?.total };
  }

  /** With what is there of an earlier try and still right; else empty. */
  static async open(folders: CacheFolders, identity: DownloadIdentity, signal: AbortSignal): Promise<PartialFile> {
    const { partial, root } = folders;
    return onDisk(root, async () => {
      await makeFolder(partial);
      const stem = join(partial, partialKey(identity.url));
      const found = await readSidecar(`${stem}.json`, identity);
      const handle = await openForBoth(`${stem}.part`, found !== undefined);
      const file = new PartialFile(root, stem, identity, handle, found);
      try {
        if (found !== undefined) await file.#takeUp(found, signal);
        await handle.truncate(file.#written);
        return file;
      } catch (error) {
        await handle.close();
        throw error;
      }
    });
  }

  get path(): string {
    return `${this.#stem}.part`;
  }

  get length(): number {
    return this.#written + this.#buffered;
  }

  /** Takes bytes that follow; a promise when they have to be written first. */
  append(bytes: Uint8Array): Promise<void> | undefined {
    const room = Math.min(BUFFER - this.#buffered, CHUNK - this.#chunkLength - this.#buffered);
    if (bytes.length < room) {
      this.#keep(bytes);
      return undefined;
    }
    return this.#appendAll(bytes);
  }

  /** Writes what waits, and beside it what is needed to go on another day. */
  async save(): Promise<void> {
    await onDisk(this.#folder, async () => {
      await this.#flush();
      await this.#saveSidecar();
    });
  }

  /** Throws away what came. */
  async restart(): Promise<void> {
    this.#buffered = 0;
    this.#written = 0;
    this.#whole = createHash('sha256');
    this.#chunk = createHash('sha256');
    this.#chunkLength = 0;
    this.#chunks = [];
    this.remote.etag = undefined;
    this.remote.total = undefined;
    await onDisk(this.#folder, () => this.#handle.truncate(0));
  }

  /** SHA-256 of all that came; it is on the disk when this resolves. */
  async finish(): Promise<string> {
    await onDisk(this.#folder, async () => {
      await this.#flush();
      await this.#handle.sync();
    });
    return this.#whole.copy().digest('hex');
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  /** Removes what is left of the download. */
  async remove(): Promise<void> {
    await rm(`${this.#stem}.part`, { force: true }).catch(() => undefined);
    await this.removeSidecar();
  }

  async removeSidecar(): Promise<void> {
    await rm(`${this.#stem}.json`, { force: true }).catch(() => undefined);
  }

  #keep(bytes: Uint8Array): void {
    this.#buffer.set(bytes, this.#buffered);
    this.#buffered += bytes.length;
  }

  async #appendAll(bytes: Uint8Array): Promise<void> {
    // The caller's bytes are good only until this function first waits.
    const own = new Uint8Array(bytes);
    for (let at = 0; at < own.length; ) {
      const room = Math.min(BUFFER - this.#buffered, CHUNK - this.#chunkLength - this.#buffered);
      const piece = own.subarray(at, at + room);
      this.#keep(piece);
      at += piece.length;
      if (piece.length === room) await onDisk(this.#folder, () => this.#flush());
    }
  }

  async #flush(): Promise<void> {
    const bytes = this.#buffer.subarray(0, this.#buffered);
    if (bytes.length === 0) return;
    await writeAll(this.#handle, bytes, this.#written);
    await updateInSlices(this.#whole, bytes);
    await updateInSlices(this.#chunk, bytes);
    this.#written += bytes.length;
    this.#chunkLength += bytes.length;
    this.#buffered = 0;
    if (this.#chunkLength < CHUNK) return;
    this.#chunks.push(this.#chunk.digest('hex'));
    this.#chunk = createHash('sha256');
    this.#chunkLength = 0;
    await this.#saveSidecar();
  }

  async #saveSidecar(): Promise<void> {
    const { etag, total } = this.remote;
    const tail = { length: this.#chunkLength, digest: this.#chunk.copy().digest('hex') };
    const { url, sha256 } = this.#identity;
    const text = JSON.stringify({
      address: sha256Of(url),
      sha256,
      etag,
      total,
      chunks: this.#chunks,
      ...(tail.length > 0 && { tail }),
    });
    // Not brought to the disk: after a power cut it is there and right, or it is of no use, which reading finds out.
    await writeFile(`${this.#stem}.new`, text, { mode: 0o600 });
    await rename(`${this.#stem}.new`, `${this.#stem}.json`);
  }

  async #takeUp({ chunks, tail }: Sidecar, signal: AbortSignal): Promise<void> {
    const buffer = Buffer.allocUnsafeSlow(CHUNK);
    for (const expected of chunks) {
      if (!(await this.#takeUpPiece(buffer, expected, signal))) return;
      this.#chunks.push(expected);
    }
    if (tail === undefined) return;
    const piece = buffer.subarray(0, tail.length);
    if (!(await this.#takeUpPiece(piece, tail.digest, signal))) return;
    this.#chunk.update(piece);
    this.#chunkLength = tail.length;
  }

  async #takeUpPiece(buffer: Buffer, expected: string, signal: AbortSignal): Promise<boolean> {
    signal.throwIfAborted();
    const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, this.#written);
    if (bytesRead < buffer.length) return false;
    const hash = createHash('sha256');
    await updateInSlices(hash, buffer);
    if (hash.digest('hex') !== expected) return false;
    await updateInSlices(this.#whole, buffer);
    this.#written += bytesRead;
    return true;
  }
}

/** For reading and writing, with what it holds when that is wanted; made when it is missing. */
async function openForBoth(path: string, keep: boolean): Promise<FileHandle> {
  if (!keep) return open(path, 'w+', 0o600);
  return open(path, 'r+').catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return open(path, 'w+', 0o600);
    throw error;
  });
}

/** Names the files of a download; an address may be long and hold anything. */
export function partialKey(url: string): string {
  return sha256Of(url).slice(0, 32);
}

function sha256Of(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

async function readSidecar(path: string, { url, sha256 }: DownloadIdentity): Promise<Sidecar | undefined> {
  const found = await readFile(path, 'utf8').then(
    (text) => Sidecar.safeParse(jsonOf(text)).data,
    () => undefined,
  );
  return found?.address === sha256Of(url) && found.sha256 === sha256 ? found : undefined;
}

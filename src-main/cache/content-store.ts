import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { type FileHandle, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PcAgentError } from '../base/errors.ts';
import { bytePass, type PassResult, type PassSink, updateInSlices } from './byte-pass.ts';
import type { QuarantineReason } from './cached-package.ts';
import { codeOf, onDisk } from './disk-error.ts';
import { type CacheFolders, contentPath, makeFolder, syncFolder } from './folders.ts';
import { KeyedLock } from './keyed-lock.ts';
import type { PackageIndex } from './package-index.ts';

export interface PassSettings {
  readonly signal: AbortSignal;
  readonly onProgress?: ((done: number) => void) | undefined;
}

/** Bytes on the disk that are about to become a content. */
export interface Staged extends PassResult {
  readonly path: string;
}

/** A content that was verified and is read in pieces. */
export interface ContentPieces {
  readonly size: number;
  /** Octets `from` to `to` (exclusive). */
  read(from: number, to: number): Promise<Uint8Array>;
}

type Sink = PassSink & Pick<FileHandle, 'sync' | 'close'>;

export interface ContentStoreOptions {
  readonly folders: CacheFolders;
  readonly index: PackageIndex;
  /** Makes a file that is not there yet; default: the file system's. */
  readonly create?: (path: string) => Promise<Sink>;
}

/** Up to this size a content is verified whole before its first byte is handed out; it must fit into memory. */
const VERIFIED_FIRST = 64 * 1024 * 1024;
const READ = 1024 * 1024;
const SLICE = 256 * 1024;

/** Files whose names are their digests. Nobody gets a file's bytes as content when their digest is another one. */
export class ContentStore {
  readonly #folders: CacheFolders;
  readonly #index: PackageIndex;
  readonly #create: (path: string) => Promise<Sink>;
  readonly #locks = new KeyedLock();
  #staged = 0;

  constructor({ folders, index, create }: ContentStoreOptions) {
    this.#folders = folders;
    this.#index = index;
    this.#create = create ?? ((path) => open(path, 'wx', 0o600));
  }

  /**
   * Copies a file into the cache's folder, hashing it on the way; `settle` makes a content of it.
   * @throws PcAgentError `cache/source-unreadable`, `cache/full`, `cache/read-only`, `cache/unreadable`
   */
  async stage(file: string, settings: PassSettings): Promise<Staged> {
    const source = await openSource(file);
    try {
      return await onDisk(this.#folders.root, () => this.#copy(source, settings));
    } finally {
      await source.handle.close();
    }
  }

  async #copy(source: Source, settings: PassSettings): Promise<Staged> {
    const { temporary } = this.#folders;
    await makeFolder(temporary);
    this.#staged += 1;
    const path = join(temporary, `${process.pid}-${this.#staged}`);
    const sink = await this.#create(path);
    try {
      const passed = await bytePass({ source: source.read, size: source.size, sink, ...settings });
      await sink.sync();
      await sink.close();
      return { ...passed, path };
    } catch (error) {
      await sink.close().catch(() => undefined);
      await removeQuietly(path);
      throw error;
    }
  }

  /** Gives a staged file its name, on the disk, and then runs `record`; a content that is there already stays. */
  settle<T>({ path, digest, size }: Staged, record: () => Promise<T>): Promise<T> {
    return this.#locks.run(digest, async () => {
      try {
        if (!(await this.#isThere(digest, size))) await onDisk(this.#folders.root, () => this.#place(path, digest));
      } finally {
        await removeQuietly(path);
      }
      return record().catch(async (error: unknown) => {
        // Whole, yet nothing refers to it.
        if (this.#index.content(digest) === undefined) await removeQuietly(contentPath(this.#folders, digest));
        throw error;
      });
    });
  }

  /** Runs `record` when the content is there and in use, without reading it; `undefined` when it is not. */
  settleKnown<T>(digest: string, record: (size: number) => Promise<T>): Promise<T | undefined> {
    return this.#locks.run(digest, async () => {
      const size = this.#index.content(digest)?.size;
      return size !== undefined && (await this.#isThere(digest, size)) ? record(size) : undefined;
    });
  }

  /**
   * Reads a content through and then gives pieces of it, as long as its file is the one that was read.
   * @throws as `read`, both when it is opened and when a piece is read.
   */
  async pieces(digest: string, signal: AbortSignal): Promise<ContentPieces> {
    const { handle, size } = await this.#open(digest);
    try {
      const before = await handle.stat();
      const passed = await onDisk(this.#folders.root, () => bytePass({ source: sourceOf(handle), size, signal }));
      if (passed.digest !== digest) {
        throw wrong(digest, await this.#condemn(digest, 'digest-mismatch', handle), { found: passed.digest });
      }
      return { size, read: (from, to) => this.#readPiece(digest, before, from, to) };
    } finally {
      await handle.close();
    }
  }

  /** Octets from the start, at most `length`, not verified: to look at, not to be handed on. @throws as `read` */
  async head(digest: string, length: number): Promise<Uint8Array> {
    const { handle, size } = await this.#open(digest);
    try {
      const piece = new Uint8Array(Math.min(length, size));
      const { bytesRead } = await onDisk(this.#folders.root, () => handle.read(piece, 0, piece.length, 0));
      return piece.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  }

  async #readPiece(digest: string, verified: Stats, from: number, to: number): Promise<Uint8Array> {
    const { handle } = await this.#open(digest);
    try {
      const now = await handle.stat();
      if (now.ino !== verified.ino || now.mtimeMs !== verified.mtimeMs) {
        throw new PcAgentError('cache/digest-mismatch', 'the file of this content was changed while it was read', {
          details: { digest },
        });
      }
      const piece = new Uint8Array(to - from);
      const { bytesRead } = await onDisk(this.#folders.root, () => handle.read(piece, 0, piece.length, from));
      return piece.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  }

  /**
   * The content in pieces, verified: before the first one up to 64 MiB; of a larger content the last piece is kept
   * back until the digest of all is known to be right.
   * @throws PcAgentError `cache/absent`, `cache/quarantined`, `cache/size-mismatch`, `cache/digest-mismatch`
   */
  async *read(digest: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    const { handle, size } = await this.#open(digest);
    try {
      if (size > VERIFIED_FIRST) {
        yield* this.#readLarge(digest, handle, signal);
        return;
      }
      const whole = await this.#readWhole(digest, handle, size, signal);
      for (let at = 0; at < size; at += SLICE) yield whole.subarray(at, at + SLICE);
    } finally {
      await handle.close();
    }
  }

  /** Reads a content through; takes it out of use when it is wrong. @returns what is wrong with it. */
  async verify(digest: string, settings: PassSettings): Promise<QuarantineReason | undefined> {
    const known = this.#index.content(digest);
    if (known === undefined) return 'absent';
    const path = contentPath(this.#folders, digest);
    const handle = await openContent(path, this.#folders.root);
    if (handle === undefined) return this.#condemn(digest, known.reason ?? 'absent', undefined);
    try {
      const { size } = await handle.stat();
      if (size !== known.size) return await this.#condemn(digest, 'size-mismatch', handle);
      const passed = await onDisk(this.#folders.root, () =>
        bytePass({ source: sourceOf(handle), size: known.size, ...settings }),
      );
      return passed.digest === digest ? undefined : await this.#condemn(digest, 'digest-mismatch', handle);
    } finally {
      await handle.close();
    }
  }

  /** Throws away what was staged. */
  drop({ path }: Staged): Promise<void> {
    return removeQuietly(path);
  }

  /** Removes a content that no package refers to and no job needs. */
  discard(digest: string): Promise<void> {
    return this.#locks.run(digest, async () => {
      if (!(await this.#index.drop(digest))) return;
      await removeQuietly(contentPath(this.#folders, digest));
      await removeQuietly(join(this.#folders.quarantine, digest));
    });
  }

  /** Takes a content out of use that is not what it should be. */
  async condemn(digest: string, reason: QuarantineReason): Promise<void> {
    const handle = await openContent(contentPath(this.#folders, digest), this.#folders.root);
    await this.#condemn(digest, reason, handle).finally(() => handle?.close());
  }

  async #isThere(digest: string, size: number): Promise<boolean> {
    if (this.#index.content(digest)?.state !== 'ready') return false;
    const found = await stat(contentPath(this.#folders, digest)).catch(() => undefined);
    return found?.size === size;
  }

  async #place(path: string, digest: string): Promise<void> {
    const target = contentPath(this.#folders, digest);
    await makeFolder(dirname(target));
    await rename(path, target);
    await syncFolder(dirname(target));
    await rm(join(this.#folders.quarantine, digest), { force: true });
  }

  async #open(digest: string): Promise<{ readonly handle: FileHandle; readonly size: number }> {
    const known = this.#index.content(digest);
    if (known === undefined) {
      throw new PcAgentError('cache/absent', 'the cache does not hold this content', { details: { digest } });
    }
    if (known.state === 'quarantined') throw quarantined(digest, known.reason);
    const handle = await openContent(contentPath(this.#folders, digest), this.#folders.root);
    if (handle === undefined) throw wrong(digest, await this.#condemn(digest, 'absent', undefined));
    const { size } = await handle.stat();
    if (size === known.size) return { handle, size };
    const reason = await this.#condemn(digest, 'size-mismatch', handle).finally(() => handle.close());
    throw wrong(digest, reason, { size: known.size, found: size });
  }

  async #readWhole(digest: string, handle: FileHandle, size: number, signal: AbortSignal): Promise<Uint8Array> {
    const whole = new Uint8Array(size);
    const hash = createHash('sha256');
    let at = 0;
    while (at < size) {
      signal.throwIfAborted();
      const { bytesRead } = await onDisk(this.#folders.root, () =>
        handle.read(whole, at, Math.min(READ, size - at), at),
      );
      if (bytesRead === 0) break;
      await updateInSlices(hash, whole.subarray(at, at + bytesRead));
      at += bytesRead;
    }
    const found = hash.digest('hex');
    if (found === digest) return whole;
    throw wrong(digest, await this.#condemn(digest, 'digest-mismatch', handle), { found });
  }

  async *#readLarge(digest: string, handle: FileHandle, signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    const hash = createHash('sha256');
    let withheld: Uint8Array | undefined;
    for (;;) {
      signal.throwIfAborted();
      const buffer = new Uint8Array(READ);
      const { bytesRead } = await onDisk(this.#folders.root, () => handle.read(buffer, 0, READ, null));
      if (bytesRead === 0) break;
      const piece = buffer.subarray(0, bytesRead);
      await updateInSlices(hash, piece);
      if (withheld !== undefined) yield withheld;
      withheld = piece;
    }
    const found = hash.digest('hex');
    if (found !== digest) throw wrong(digest, await this.#condemn(digest, 'digest-mismatch', handle), { found });
    if (withheld !== undefined) yield withheld;
  }

  /** `handle`: the file that was found wrong; nothing happens when another has taken its place since. */
  #condemn(digest: string, reason: QuarantineReason, handle: FileHandle | undefined): Promise<QuarantineReason> {
    return this.#locks.run(digest, async () => {
      const path = contentPath(this.#folders, digest);
      const now = await stat(path).catch(() => undefined);
      if (now?.ino !== (await handle?.stat())?.ino) return reason;
      if (now !== undefined) await this.#putAside(path, digest);
      await this.#index.quarantine(digest, reason);
      return reason;
    });
  }

  /** Out of the way for a good copy, and there for support to look at. On a disk that cannot be written it stays. */
  async #putAside(path: string, digest: string): Promise<void> {
    try {
      await makeFolder(this.#folders.quarantine);
      await rename(path, join(this.#folders.quarantine, digest));
    } catch {
      // The index says that it is out of use, which is what counts.
    }
  }
}

/** What cannot be removed now is removed when the cache is opened next. */
async function removeQuietly(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => undefined);
}

interface Source {
  readonly handle: FileHandle;
  readonly read: (buffer: Buffer) => Promise<number>;
  readonly size: number;
}

async function openSource(file: string): Promise<Source> {
  const unreadable = (why: string, cause: unknown) =>
    new PcAgentError('cache/source-unreadable', `${file} cannot be read: ${why}`, {
      cause,
      retry: 'after-operator',
      details: { file, os: codeOf(cause) },
    });
  const failed = (error: unknown): never => {
    throw unreadable(error instanceof Error ? error.message : 'unknown reason', error);
  };
  // Looked at before it is opened: opening a pipe would wait for its writer.
  const { size, isPlain } = await stat(file).then((found) => ({ size: found.size, isPlain: found.isFile() }), failed);
  if (!isPlain) throw unreadable('it is no file', undefined);
  const handle = await open(file, 'r').catch(failed);
  const read = sourceOf(handle);
  return { handle, size, read: (buffer) => read(buffer).catch(failed) };
}

function sourceOf(handle: FileHandle): (buffer: Buffer) => Promise<number> {
  return async (buffer) => (await handle.read(buffer, 0, buffer.length, null)).bytesRead;
}

async function openContent(path: string, folder: string): Promise<FileHandle | undefined> {
  return onDisk(folder, () => open(path, 'r')).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  });
}

const WRONG: Readonly<Record<QuarantineReason, string>> = {
  absent: 'the file of this content is gone',
  'size-mismatch': 'the file of this content has another length',
  'digest-mismatch': 'the file of this content has been changed',
};

function wrong(
  digest: string,
  reason: QuarantineReason,
  details: Readonly<Record<string, unknown>> = {},
): PcAgentError {
  return new PcAgentError(`cache/${reason}`, WRONG[reason], { details: { digest, ...details } });
}

function quarantined(digest: string, reason: QuarantineReason | null): PcAgentError {
  const why = reason === null ? 'it was found wrong' : WRONG[reason];
  return new PcAgentError('cache/quarantined', `this content is out of use: ${why}`, { details: { digest, reason } });
}

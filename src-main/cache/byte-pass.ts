import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { setImmediate as turn } from 'node:timers/promises';

/** Fills a buffer with what comes next; fewer octets than it has room for, none at the end. */
export type PassSource = (buffer: Buffer) => Promise<number>;
/** What is needed of the file that is written. */
export type PassSink = Pick<FileHandle, 'write' | 'datasync'>;

export interface BytePassOptions {
  readonly source: PassSource;
  /** Gets the same bytes; without it they are only read. */
  readonly sink?: PassSink;
  /** Bytes that are expected, to size the buffers. */
  readonly size: number;
  readonly signal: AbortSignal;
  readonly onProgress?: ((done: number) => void) | undefined;
}

export interface PassResult {
  /** SHA-256, lower-case hex. */
  readonly digest: string;
  readonly size: number;
}

/** What is hashed in one go: it holds the event loop for about 0.3 ms. */
const SLICE = 512 * 1024;
/** One slice, so that the wait for the next buffer is the turn of the event loop; three of them stay in a CPU's cache. */
const BUFFER = SLICE;
/** While one buffer is hashed, one is filled and one is written. */
const BUFFERS = 3;
/** The disk begins to write before the end, so that not all of a large file is left for it; more often costs more. */
const SYNC_EVERY = 256 * 1024 * 1024;

/** Reads a file once, from where it stands to its end, and hashes and copies it on the way, all three at a time. */
export async function bytePass({ source, sink, size, signal, onProgress }: BytePassOptions): Promise<PassResult> {
  const hash = createHash('sha256');
  // One octet more, so that a small file and its end come with two reads of one small buffer.
  const room = Math.min(BUFFER, size + 1);
  const buffers = Array.from({ length: BUFFERS }, () => Buffer.allocUnsafeSlow(room));
  const fill = (index: number): Promise<Buffer> => quiet(readOnce(source, buffers[index % BUFFERS] as Buffer));
  let reading = fill(0);
  let writing: Promise<unknown> = Promise.resolve();
  let syncing: Promise<unknown> = Promise.resolve();
  let done = 0;
  let synced = 0;
  try {
    for (let index = 0; ; index += 1) {
      signal.throwIfAborted();
      const bytes = await reading;
      if (bytes.length === 0) break;
      reading = fill(index + 1);
      await updateInSlices(hash, bytes);
      await writing;
      if (sink !== undefined) writing = quiet(writeAll(sink, bytes, done));
      done += bytes.length;
      if (sink !== undefined && done - synced >= SYNC_EVERY) {
        await syncing;
        syncing = quiet(sink.datasync());
        synced = done;
      }
      onProgress?.(done);
    }
    await writing;
    await syncing;
    return { digest: hash.digest('hex'), size: done };
  } finally {
    // Nobody may close the files, or use the buffers again, under a work that still runs.
    await Promise.allSettled([reading, writing, syncing]);
  }
}

/** Hashes with a turn of the event loop between slices. */
export async function updateInSlices(hash: Hash, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += SLICE) {
    if (at > 0) await turn();
    hash.update(bytes.subarray(at, at + SLICE));
  }
}

async function readOnce(source: PassSource, buffer: Buffer): Promise<Buffer> {
  return buffer.subarray(0, await source(buffer));
}

/** A disk that fills up takes a part first. */
export async function writeAll(sink: Pick<PassSink, 'write'>, bytes: Uint8Array, position: number): Promise<void> {
  let at = 0;
  while (at < bytes.length) {
    const { bytesWritten } = await sink.write(bytes, at, bytes.length - at, position + at);
    at += bytesWritten;
  }
}

/** Its failure is met where it is awaited, which may be later. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

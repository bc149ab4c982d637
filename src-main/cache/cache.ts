import { stat, statfs } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import type { Clock } from '../base/clock.ts';
import type { Duration } from '../base/durations.ts';
import { PcAgentError } from '../base/errors.ts';
import { nodeClock } from '../base/node/clock.ts';
import type { HttpAgent } from '../net/http-agent.ts';
import type { Ledger } from '../net/ledger.ts';
import type { Store } from '../store/store.ts';
import {
  type CachedPackage,
  type CompleteMeta,
  checkedDigest,
  completeMeta,
  type PackageMeta,
  type PackageOrigin,
  type QuarantineReason,
  type Trust,
} from './cached-package.ts';
import { type ContentPieces, ContentStore, type Staged } from './content-store.ts';
import { onDisk } from './disk-error.ts';
import { download } from './download.ts';
import { type CacheFolders, cacheFolders, makeFolder } from './folders.ts';
import { IncomingFile } from './incoming-file.ts';
import { KeyedLock } from './keyed-lock.ts';
import { clearLeftovers } from './leftovers.ts';
import { type ManifestEntry, manifestEntry, readManifest } from './manifest.ts';
import { PackageHeads } from './package-heads.ts';
import { type ContentRecord, PackageIndex } from './package-index.ts';
import { partialKey } from './partial-file.ts';

export interface CacheOptions {
  readonly store: Store;
  /** Belongs to the cache alone; made when it is missing. */
  readonly folder: string;
  /** Connections of fetches. */
  readonly http: HttpAgent;
  readonly ledger: Ledger;
  /** Default: the machine's. */
  readonly clock?: Clock;
  /** Whether a job that is not done needs a content; it is asked inside a write of the store. Default: none does. */
  readonly inUse?: (digest: string) => boolean;
  /** Archives and snapshots that need a content, as a person knows them; asked likewise. Default: none does. */
  readonly neededBy?: (digest: string) => readonly string[];
  /** Largest package that is fetched, in bytes; default 8 GiB. */
  readonly maxSize?: number;
  /** Blocks of the disk that holds the folder; default: what the system says. */
  readonly disk?: (
    folder: string,
  ) => Promise<{ readonly bavail: number; readonly blocks: number; readonly bsize: number }>;
  /** Limits of one connection of a fetch: until it answers (default 60 s), and without a byte (default 30 s). */
  readonly headerTime?: Duration;
  readonly stallTime?: Duration;
}

export interface WorkOptions {
  readonly signal: AbortSignal;
  /** Bytes; `total` when it is known. */
  readonly onProgress?: (done: number, total: number | undefined) => void;
}

export interface AddOptions extends PackageMeta, WorkOptions {
  /** What the file must be. With a digest that the cache holds the file is not read. */
  readonly sha256?: string | undefined;
}

export interface FetchOptions extends PackageMeta, WorkOptions {
  /** What it must be; without digest and manifest the package is unverified. */
  readonly sha256?: string | undefined;
  /** Bytes that it must have; default: what the manifest or the server says. */
  readonly size?: number | undefined;
  /** `/packages/index.json` of a DMS, whose entry of this `id`, else of this address, tells digest and size. */
  readonly manifest?: URL | undefined;
  /** For the ledger: who wants it. Default `operator`. */
  readonly initiator?: string;
}

export interface PackageVerdict {
  readonly package: CachedPackage;
  /** What is wrong with it. */
  readonly reason: QuarantineReason | undefined;
}

/** A package on its way into the cache, piece by piece. */
export interface IncomingPackage {
  /** Bytes so far. */
  readonly received: number;
  /** @throws PcAgentError `cache/size-mismatch`, `/full`, `/read-only` */
  append(bytes: Uint8Array): Promise<void>;
  /**
   * Keeps it as `add` does; it is over then, unless `meta` is what was wrong.
   * @param file its name where it came from, which is no path here
   * @throws PcAgentError `cache/package-invalid`, `/size-mismatch`, `/full`, `/read-only`
   */
  keep(file: string, meta: PackageMeta): Promise<CachedPackage>;
  discard(): Promise<void>;
}

/** The disk that holds the packages. */
export interface CacheStorage {
  readonly folder: string;
  readonly packages: number;
  /** Bytes of the packages' contents; two packages may share one. */
  readonly used: number;
  readonly free: number;
  readonly total: number;
}

/**
 * The packages that this PC keeps, for use without a network. What is returned is on the disk; what is read is what
 * was put in, or the read fails.
 */
export interface Cache {
  /**
   * Keeps a file of this machine; the operator's own hand makes it verified.
   * @throws PcAgentError `cache/package-invalid`, `/empty`, `/source-unreadable`, `/digest-mismatch`, `/full`,
   * `/read-only`
   */
  add(file: string, options: AddOptions): Promise<CachedPackage>;
  /** Begins to take a file of this many bytes. @throws PcAgentError `cache/empty`, `/too-large`, `/full`, `/read-only` */
  receive(size: number): Promise<IncomingPackage>;
  storage(): Promise<CacheStorage>;
  /**
   * Fetches a package, going on where an earlier try was broken off.
   * @throws PcAgentError `cache/package-invalid`, `/digest-mismatch`, `/size-mismatch`, `/too-large`,
   * `/manifest-invalid`, `/manifest-entry-absent`, `/replace-refused`, `/full`, `/read-only`, and `net/*`
   */
  fetch(url: URL, options: FetchOptions): Promise<CachedPackage>;
  /** What a DMS offers. */
  manifest(
    url: URL,
    options: { readonly signal: AbortSignal; readonly initiator?: string },
  ): Promise<readonly ManifestEntry[]>;
  /** In the order in which they came. */
  list(): readonly CachedPackage[];
  show(id: string): CachedPackage | undefined;
  /** The package of this id if it is for this model; it may be quarantined. */
  find(id: string, model?: string): CachedPackage | undefined;
  /** Reads packages through, all without `id`. @throws PcAgentError `cache/absent` */
  verify(id: string | undefined, options: WorkOptions): Promise<readonly PackageVerdict[]>;
  /** @returns what it was. @throws PcAgentError `cache/absent`, `cache/in-use`, `cache/needed-by-archive` */
  remove(id: string): Promise<CachedPackage>;
  /** State of a content, whatever package it belongs to; `undefined`: it is not held. */
  content(digest: string): Pick<ContentRecord, 'state'> | undefined;
  /** Removes contents that nothing needs any more. */
  sweep(): Promise<void>;
  /** Octets from the start of a content, at most `length`, not verified. @throws as `readStream` */
  head(digest: string, length: number): Promise<Uint8Array>;
  /** Pieces of a content that was read through and is what it should be. @throws as `readStream` */
  pieces(digest: string, signal: AbortSignal): Promise<ContentPieces>;
  /**
   * A content in pieces: up to 64 MiB verified before the first, of a larger one the last piece comes only when the
   * whole was right.
   * @throws PcAgentError `cache/absent`, `/quarantined`, `/size-mismatch`, `/digest-mismatch`, `/unreadable`
   */
  readStream(digest: string, signal: AbortSignal): AsyncIterable<Uint8Array>;
}

const MAX_SIZE = 8 * 1024 ** 3;
/** Largest file that is handed over in pieces. */
const MAX_INCOMING = 4 * 1024 ** 3;

/**
 * Opens the cache and clears what killed writers left. One process at a time.
 * @throws PcAgentError `cache/read-only`, `cache/full`: the folder is not there and cannot be made.
 */
export async function openCache(options: CacheOptions): Promise<Cache> {
  const folders = cacheFolders(options.folder);
  await onDisk(folders.root, () => makeFolder(folders.root));
  const index = new PackageIndex(options.store, options.inUse ?? (() => false), options.neededBy);
  const contents = new ContentStore({ folders, index });
  await clearLeftovers(folders, index, contents, (options.clock ?? nodeClock).now());
  return new FolderCache(options, folders, index, contents);
}

/** What is kept of an order once its bytes are there. */
interface Keeping {
  readonly meta: CompleteMeta;
  readonly origin: PackageOrigin;
  readonly trust: Trust;
}

interface FetchOrder extends Keeping {
  readonly sha256: string | undefined;
  readonly size: number | undefined;
}

class FolderCache implements Cache {
  readonly #options: CacheOptions;
  readonly #clock: Clock;
  readonly #folders: CacheFolders;
  readonly #index: PackageIndex;
  readonly #contents: ContentStore;
  readonly #heads: PackageHeads;
  /** One download of an address at a time: they would share their unfinished file. */
  readonly #fetches = new KeyedLock();
  readonly #incoming = new Set<IncomingFile>();

  constructor(options: CacheOptions, folders: CacheFolders, index: PackageIndex, contents: ContentStore) {
    this.#options = options;
    this.#clock = options.clock ?? nodeClock;
    this.#folders = folders;
    this.#index = index;
    this.#contents = contents;
    this.#heads = new PackageHeads(folders);
  }

  async add(file: string, options: AddOptions): Promise<CachedPackage> {
    const path = resolve(file);
    const meta = completeMeta(options, basename(path, extname(path)));
    const sha256 = options.sha256 === undefined ? undefined : checkedDigest(options.sha256);
    const keeping: Keeping = { meta, origin: { kind: 'file', path }, trust: 'verified' };
    const { signal, onProgress } = options;
    signal.throwIfAborted();
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() === true && found.size === 0) throw empty();
    const size = found?.size;
    if (sha256 !== undefined && size === this.#index.content(sha256)?.size) {
      const known = await this.#keepKnown(sha256, keeping);
      if (known !== undefined) return known;
    }
    const progress = onProgress && ((done: number) => onProgress(done, size));
    const staged = await this.#contents.stage(path, { signal, onProgress: progress });
    return this.#keepStaged(staged, sha256, keeping);
  }

  async receive(size: number): Promise<IncomingPackage> {
    if (size === 0) throw empty();
    if (size > MAX_INCOMING) {
      throw new PcAgentError('cache/too-large', `${size} bytes are more than a package may have`, {
        details: { size, limit: MAX_INCOMING },
      });
    }
    const { free } = await this.storage();
    const promised = [...this.#incoming].reduce((sum, file) => sum + file.size - file.received, 0);
    if (size + promised > free) {
      throw new PcAgentError('cache/full', 'the disk of the package cache has no room for this file', {
        retry: 'after-operator',
        details: { size, free },
      });
    }
    const incoming = await IncomingFile.open(this.#folders, size);
    this.#incoming.add(incoming);
    const discard = (): Promise<void> => {
      this.#incoming.delete(incoming);
      return incoming.discard();
    };
    return {
      get received() {
        return incoming.received;
      },
      append: (bytes) => incoming.append(bytes),
      keep: async (file, given) => {
        const meta = completeMeta(given, basename(file, extname(file)));
        const keeping: Keeping = { meta, origin: { kind: 'file', path: file }, trust: 'verified' };
        try {
          return await this.#keepStaged(await incoming.stage(), undefined, keeping);
        } finally {
          await discard();
        }
      },
      discard,
    };
  }

  async storage(): Promise<CacheStorage> {
    const { root } = this.#folders;
    const { bavail, blocks, bsize } = await onDisk(root, () => (this.#options.disk ?? statfs)(root));
    const used = this.#index.contents().reduce((sum, { size }) => sum + size, 0);
    return { folder: root, packages: this.#index.count(), used, free: bavail * bsize, total: blocks * bsize };
  }

  async fetch(url: URL, options: FetchOptions): Promise<CachedPackage> {
    const order = await this.#order(url, options);
    return this.#fetches.run(partialKey(url.href), async () => {
      options.signal.throwIfAborted();
      const known = order.sha256 === undefined ? undefined : await this.#keepKnown(order.sha256, order);
      if (known !== undefined) return known;
      const { http, ledger, maxSize = MAX_SIZE, headerTime, stallTime } = this.#options;
      const { signal, onProgress, initiator = 'operator' } = options;
      const { sha256, size } = order;
      const done = await download({
        ...{ folders: this.#folders, clock: this.#clock, http, ledger, initiator, headerTime, stallTime },
        ...{ url, sha256, size, maxSize, signal, onProgress },
      });
      return this.#keepStaged(done, sha256, order).finally(done.release);
    });
  }

  manifest(
    url: URL,
    { signal, initiator = 'operator' }: { readonly signal: AbortSignal; readonly initiator?: string },
  ): Promise<readonly ManifestEntry[]> {
    const { http, ledger } = this.#options;
    return readManifest({ url, http, ledger, initiator, signal });
  }

  list(): readonly CachedPackage[] {
    return this.#index.list().map((found) => this.#heads.with(found));
  }

  show(id: string): CachedPackage | undefined {
    return this.#heads.with(this.#index.get(id));
  }

  find(id: string, model?: string): CachedPackage | undefined {
    const found = this.show(id);
    const fits = found?.model === '' || model === undefined || found?.model === model;
    return fits ? found : undefined;
  }

  async verify(id: string | undefined, { signal, onProgress }: WorkOptions): Promise<readonly PackageVerdict[]> {
    const all = id === undefined ? this.#index.list() : [this.#index.get(id)].filter((found) => found !== undefined);
    if (id !== undefined && all.length === 0) throw absent(id);
    const sizes = new Map(all.map(({ digest, size }) => [digest, size]));
    const total = [...sizes.values()].reduce((sum, size) => sum + size, 0);
    const reasons = new Map<string, QuarantineReason | undefined>();
    let before = 0;
    for (const [digest, size] of sizes) {
      const start = before;
      const progress = onProgress && ((done: number) => onProgress(start + done, total));
      const reason = await this.#contents.verify(digest, { signal, onProgress: progress });
      if (reason === undefined) await this.#index.verified(digest, this.#now());
      reasons.set(digest, reason);
      before += size;
    }
    return all.map((found) => ({ package: this.show(found.id) ?? found, reason: reasons.get(found.digest) }));
  }

  async remove(id: string): Promise<CachedPackage> {
    const removed = await this.#index.remove(id);
    await this.sweep();
    return removed;
  }

  head(digest: string, length: number): Promise<Uint8Array> {
    return this.#contents.head(digest, length);
  }

  async pieces(digest: string, signal: AbortSignal): Promise<ContentPieces> {
    const pieces = await this.#contents.pieces(digest, signal);
    this.#index.used(digest, this.#now());
    return pieces;
  }

  async *readStream(digest: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void, void> {
    yield* this.#contents.read(digest, signal);
    this.#index.used(digest, this.#now());
  }

  async #order(url: URL, options: FetchOptions): Promise<FetchOrder> {
    const given = options.sha256 === undefined ? undefined : checkedDigest(options.sha256);
    const origin: PackageOrigin = { kind: 'url', url: `${url.origin}${url.pathname}` };
    if (options.manifest === undefined) {
      const meta = completeMeta(options, stemOf(url));
      const trust = given === undefined ? 'unverified' : 'verified';
      return { meta, origin, sha256: given, size: options.size, trust };
    }
    const entry = manifestEntry(await this.manifest(options.manifest, options), url, options.id);
    if (given !== undefined && given !== entry.sha256) throw mismatch(given, entry.sha256);
    const { id, name, version, model } = entry;
    const { name: ownName = name, version: ownVersion = version, model: ownModel = model } = options;
    const meta = completeMeta({ id, name: ownName, version: ownVersion, model: ownModel }, stemOf(url));
    return { meta, origin, sha256: entry.sha256, size: entry.size, trust: 'verified' };
  }

  async #keepStaged(staged: Staged, sha256: string | undefined, keeping: Keeping): Promise<CachedPackage> {
    const { digest, size } = staged;
    if (sha256 !== undefined && sha256 !== digest) {
      await this.#contents.drop(staged);
      throw mismatch(sha256, digest);
    }
    const before = this.#index.get(keeping.meta.id)?.digest;
    try {
      return await this.#contents.settle(staged, () => this.#record(digest, size, keeping));
    } finally {
      if (before !== undefined && before !== digest) await this.sweep();
    }
  }

  async #keepKnown(digest: string, keeping: Keeping): Promise<CachedPackage | undefined> {
    const before = this.#index.get(keeping.meta.id)?.digest;
    const kept = await this.#contents.settleKnown(digest, (size) => this.#record(digest, size, keeping));
    if (kept !== undefined && before !== undefined && before !== digest) await this.sweep();
    return kept;
  }

  async #record(digest: string, size: number, keeping: Keeping): Promise<CachedPackage> {
    return this.#heads.with(await this.#index.record({ ...keeping, digest, size, at: this.#now() }));
  }

  content(digest: string): ContentRecord | undefined {
    return this.#index.content(digest);
  }

  async sweep(): Promise<void> {
    for (const digest of this.#index.unused()) await this.#contents.discard(digest);
  }

  #now(): string {
    return this.#clock.now().toISOString();
  }
}

function stemOf(url: URL): string {
  const last = url.pathname.split('/').at(-1) ?? '';
  const name = decoded(last);
  return basename(name, extname(name));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function mismatch(digest: string, found: string): PcAgentError {
  return new PcAgentError('cache/digest-mismatch', 'the digest is not the one that was ordered', {
    retry: 'after-operator',
    details: { digest, found },
  });
}

function empty(): PcAgentError {
  return new PcAgentError('cache/empty', 'the file has no bytes', { retry: 'after-operator' });
}

function absent(id: string): PcAgentError {
  return new PcAgentError('cache/absent', `there is no package ${id}`, { details: { id } });
}

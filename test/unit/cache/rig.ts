import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { Clock } from '../../../src-main/base/clock.ts';
import { milliseconds } from '../../../src-main/base/durations.ts';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { type Cache, type CacheOptions, openCache } from '../../../src-main/cache/cache.ts';
import { createHttpAgent } from '../../../src-main/net/http-agent.ts';
import { createMemoryLedger } from '../../../src-main/net/ledger.ts';
import { openStore, type Store } from '../../../src-main/store/store.ts';
import { type Behaviour, type RangeRequest, startRangeServer } from '../../support/range-server.ts';

export const signal: AbortSignal = new AbortController().signal;
export const MIB = 1024 * 1024;

/** The same bytes every time, none of them like its neighbours. */
export function bytesOf(length: number, seed = 1): Buffer {
  const bytes = Buffer.alloc(length);
  for (let index = 0; index < length; index += 1) bytes[index] = (index * 167 + (index >> 8) * 31 + seed * 13) & 0xff;
  return bytes;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export async function collect(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** Files below a folder, by path from it. */
export function filesIn(folder: string): readonly string[] {
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter((name) => statSync(join(folder, name)).isFile())
    .toSorted((a, b) => (a < b ? -1 : 1));
}

/** Pauses between tries take no time. */
const eager: Clock = { ...nodeClock, sleep: async (_duration, stop) => stop.throwIfAborted() };

export interface CacheRig {
  readonly cache: Cache;
  readonly store: Store;
  readonly folder: string;
  readonly content: string;
  readonly ledger: ReturnType<typeof createMemoryLedger>;
  /** Makes a file outside of the cache. */
  file(bytes: Uint8Array, name?: string): string;
  contentPath(digest: string): string;
  /** Ends this cache and opens the folder again, as another process would. */
  reopen(options?: Partial<CacheOptions>): Promise<CacheRig>;
}

/** Caches in folders of their own; all is gone after a test. */
export function cacheRigs() {
  const endings: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  });

  async function open(options: Partial<CacheOptions> = {}, home?: string): Promise<CacheRig> {
    const folder = home ?? mkdtempSync(join(tmpdir(), 'pc-agent-cache-'));
    if (home === undefined) endings.push(() => rmSync(folder, { recursive: true, force: true }));
    const store = openStore({ file: join(folder, 'state', 'pc-agent.db'), clock: nodeClock });
    const http = createHttpAgent();
    const ledger = createMemoryLedger();
    endings.push(http.close, () => store.close());
    const content = options.folder ?? join(folder, 'content');
    const times = { headerTime: milliseconds(5000), stallTime: milliseconds(5000) };
    const cache = await openCache({ store, folder: content, http, ledger, clock: eager, ...times, ...options });
    return {
      ...{ cache, store, folder, content, ledger },
      file(bytes, name = 'game-2.0.bin') {
        const path = join(folder, name);
        writeFileSync(path, bytes);
        return path;
      },
      contentPath: (digest) => join(content, 'sha256', digest.slice(0, 2), digest.slice(2, 4), digest),
      async reopen(again = {}) {
        await store.close();
        await http.close();
        return open({ folder: content, ...again }, folder);
      },
    };
  }

  async function serve(body: Uint8Array, behave?: (request: RangeRequest) => Behaviour) {
    const server = await startRangeServer(body, behave);
    endings.push(server.close);
    return server;
  }

  return { open, serve, endings };
}

export { eager as eagerClock };

/** A whole content, as a delivery reads it: verified first. */
export async function wholeOf(cache: Pick<Cache, 'pieces'>, digest: string): Promise<Uint8Array> {
  const { size, read } = await cache.pieces(digest, signal);
  return read(0, size);
}

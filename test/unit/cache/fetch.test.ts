import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { milliseconds } from '../../../src-main/base/durations.ts';
import type { Behaviour } from '../../support/range-server.ts';
import { bytesOf, cacheRigs, collect, filesIn, MIB, sha256, signal } from './rig.ts';

const { open, serve } = cacheRigs();

const SMALL = bytesOf(301);
/** Not a multiple of a chunk of 4 MiB. */
const LARGE = bytesOf(9 * MIB + 5);

describe('fetching a package', () => {
  it('keeps what its digest vouches for, named after the address', async () => {
    const { cache, content, ledger } = await open();
    const server = await serve(SMALL);
    const url = new URL('?token=secret', server.url);
    const progress: number[] = [];
    const kept = await cache.fetch(url, {
      ...{ signal, sha256: sha256(SMALL), initiator: 'unit', onProgress: (done) => progress.push(done) },
    });
    expect(kept).toMatchObject({
      ...{ id: 'game-2.0', trust: 'verified', state: 'ready', size: SMALL.length },
      // A query may be a secret, and lists are shown.
      origin: { kind: 'url', url: server.url.href },
    });
    expect((await collect(cache.readStream(kept.digest, signal))).equals(SMALL)).toBe(true);
    expect(progress.at(-1)).toBe(SMALL.length);
    expect(filesIn(content)).toHaveLength(1);
    expect(ledger.entries()).toMatchObject([{ purpose: 'fetch', initiator: 'unit', host: '127.0.0.1' }]);
    expect(ledger.entries()[0]?.bytesIn).toBeGreaterThan(SMALL.length);
  });

  it('says that nobody vouches for a package without digest and manifest', async () => {
    const { cache } = await open();
    const server = await serve(SMALL);
    expect(await cache.fetch(server.url, { signal, id: 'a' })).toMatchObject({ id: 'a', trust: 'unverified' });
  });

  it('does not let an unverified package take the place of a verified one', async () => {
    const { cache, file, content } = await open();
    const server = await serve(SMALL);
    const { digest } = await cache.add(file(bytesOf(10)), { signal, id: 'a' });
    await expect(cache.fetch(server.url, { signal, id: 'a' })).rejects.toMatchObject({ code: 'cache/replace-refused' });
    expect(cache.list()).toMatchObject([{ digest, trust: 'verified' }]);
    expect(filesIn(content)).toHaveLength(1);
  });

  it('keeps the trust of bytes that were vouched for before', async () => {
    const { cache } = await open();
    const server = await serve(SMALL);
    await cache.fetch(server.url, { signal, sha256: sha256(SMALL) });
    expect(await cache.fetch(server.url, { signal })).toMatchObject({ trust: 'verified' });
  });

  it('asks nobody for bytes that it holds', async () => {
    const { cache, file } = await open();
    await cache.add(file(SMALL), { signal, id: 'a' });
    const server = await serve(SMALL);
    expect(await cache.fetch(server.url, { signal, sha256: sha256(SMALL) })).toMatchObject({ id: 'game-2.0' });
    expect(server.requests).toEqual([]);
  });

  it('opens no connection while the offline switch is on', async () => {
    const { cache, ledger } = await open();
    const server = await serve(SMALL);
    ledger.setOffline(true);
    await expect(cache.fetch(server.url, { signal })).rejects.toMatchObject({ code: 'net/offline' });
    expect(server.requests).toEqual([]);
  });

  it('fetches an address once for two who want it at the same time', async () => {
    const { cache } = await open();
    const server = await serve(LARGE);
    const wanted = { signal, sha256: sha256(LARGE) };
    const [one, two] = await Promise.all([cache.fetch(server.url, wanted), cache.fetch(server.url, wanted)]);
    expect(one.digest).toBe(two.digest);
    expect(server.requests).toHaveLength(1);
  });

  it('keeps an empty file', async () => {
    const { cache } = await open();
    const server = await serve(bytesOf(0));
    expect(await cache.fetch(server.url, { signal, sha256: sha256(bytesOf(0)) })).toMatchObject({ size: 0 });
  });
});

describe('a server that drops the connection', () => {
  it('is asked for the rest after every offset', async () => {
    const { cache, content } = await open();
    const body = bytesOf(61);
    for (let offset = 0; offset < body.length; offset += 1) {
      const server = await serve(body, ({ index }) => (index === 0 ? { closeAfter: offset } : {}));
      const kept = await cache.fetch(server.url, { signal, sha256: sha256(body), id: `p${offset}` });
      expect((await collect(cache.readStream(kept.digest, signal))).equals(body)).toBe(true);
      expect(server.requests[1]).toMatchObject(offset === 0 ? {} : { range: `bytes=${offset}-`, ifRange: '"one"' });
      await cache.remove(kept.id);
      await server.close();
      expect(filesIn(content)).toEqual([]);
    }
  });

  it('is asked again as long as something comes', async () => {
    const { cache } = await open();
    const server = await serve(SMALL, () => ({ closeAfter: 7 }));
    expect(await cache.fetch(server.url, { signal, sha256: sha256(SMALL) })).toMatchObject({ state: 'ready' });
    expect(server.requests).toHaveLength(43);
    expect(server.sent()).toBe(SMALL.length);
  });

  it('is given up when nothing comes any more, and what came is used the next time', async () => {
    const rig = await open();
    let broken = true;
    const server = await serve(LARGE, ({ index }): Behaviour => {
      if (!broken) return {};
      return { closeAfter: index === 0 ? 5 * MIB + 11 : 0 };
    });
    const wanted = { signal, sha256: sha256(LARGE) };
    await expect(rig.cache.fetch(server.url, wanted)).rejects.toMatchObject({ code: 'net/answer-truncated' });
    expect(filesIn(rig.content)).toHaveLength(2);
    broken = false;
    const { cache, content } = await rig.reopen();
    const before = server.requests.length;
    const kept = await cache.fetch(server.url, wanted);
    expect(kept).toMatchObject({ state: 'ready', size: LARGE.length });
    expect(server.requests.slice(before)).toMatchObject([{ range: `bytes=${5 * MIB + 11}-`, ifRange: '"one"' }]);
    expect(filesIn(content)).toHaveLength(1);
  });

  it('that only stalls is dropped and asked for the rest', async () => {
    const { cache } = await open({ stallTime: milliseconds(100) });
    const server = await serve(SMALL, ({ index }) => (index === 0 ? { stallAfter: 100 } : {}));
    expect(await cache.fetch(server.url, { signal, sha256: sha256(SMALL) })).toMatchObject({ state: 'ready' });
    expect(server.requests[1]?.range).toBe('bytes=100-');
  });

  it('goes on from an unfinished file whose end was damaged with the last whole chunk', async () => {
    const rig = await open();
    const server = await serve(LARGE, ({ index }) => ({
      closeAfter: index === 0 ? 9 * MIB : index < 6 ? 0 : MIB * 10,
    }));
    const wanted = { signal, sha256: sha256(LARGE) };
    await expect(rig.cache.fetch(server.url, wanted)).rejects.toThrow();
    const part = filesIn(rig.content).find((name) => name.endsWith('.part')) ?? '';
    const path = join(rig.content, part);
    const bytes = readFileSync(path);
    bytes.fill(0, 5 * MIB, 5 * MIB + 10);
    writeFileSync(path, bytes);
    const { cache } = await rig.reopen();
    const before = server.requests.length;
    expect(await cache.fetch(server.url, wanted)).toMatchObject({ digest: sha256(LARGE) });
    expect(server.requests[before]?.range).toBe(`bytes=${4 * MIB}-`);
  });

  it('is not joined with a half that nobody vouches for', async () => {
    const { cache } = await open();
    const server = await serve(SMALL, ({ index }) => ({ etag: null, ...(index === 0 && { closeAfter: 100 }) }));
    expect(await cache.fetch(server.url, { signal })).toMatchObject({ digest: sha256(SMALL) });
    expect(server.requests.map(({ range }) => range)).toEqual([undefined, undefined]);
  });

  it('leaves a fetch that is cancelled to be gone on with', async () => {
    const { cache } = await open();
    const server = await serve(LARGE);
    const stop = new AbortController();
    const onProgress = (done: number) => done > 3 * MIB && stop.abort();
    const fetching = cache.fetch(server.url, { signal: stop.signal, sha256: sha256(LARGE), onProgress });
    await expect(fetching).rejects.toMatchObject({ name: 'AbortError' });
    expect(await cache.fetch(server.url, { signal, sha256: sha256(LARGE) })).toMatchObject({ state: 'ready' });
    expect(Number(/\d+/.exec(server.requests[1]?.range ?? '')?.[0])).toBeGreaterThan(3 * MIB);
  });
});

const OTHER = bytesOf(301, 2);

describe('a server that does not do what it should', () => {
  it('and changed the file after a drop sends all of the new one', async () => {
    const { cache } = await open();
    const server = await serve(SMALL, ({ index }) =>
      index === 0 ? { closeAfter: 100 } : { body: OTHER, etag: '"two"' },
    );
    expect(await cache.fetch(server.url, { signal })).toMatchObject({ digest: sha256(OTHER) });
  });

  it('and sends a part of another file is asked for the whole', async () => {
    const { cache } = await open();
    const server = await serve(SMALL, ({ index }) =>
      index === 0 ? { closeAfter: 100 } : { body: OTHER, etag: '"two"', ignoreCondition: true },
    );
    expect(await cache.fetch(server.url, { signal })).toMatchObject({ digest: sha256(OTHER) });
    expect(server.requests.map(({ range }) => range)).toEqual([undefined, 'bytes=100-', undefined]);
  });

  it('and changed the file without saying so is asked once more', async () => {
    const { cache } = await open();
    const server = await serve(OTHER, ({ index }) =>
      index === 0 ? { body: SMALL, closeAfter: 100, etag: null } : { etag: null },
    );
    expect(await cache.fetch(server.url, { signal, sha256: sha256(OTHER) })).toMatchObject({ state: 'ready' });
    expect(server.requests).toHaveLength(3);
  });

  it('and knows no ranges sends all again', async () => {
    const { cache } = await open();
    const server = await serve(SMALL, ({ index }) => ({ ignoreRange: true, ...(index === 0 && { closeAfter: 100 }) }));
    expect(await cache.fetch(server.url, { signal, sha256: sha256(SMALL) })).toMatchObject({ state: 'ready' });
    expect(server.requests).toHaveLength(2);
  });

  it('and has less than we hold is asked for all of it', async () => {
    const { cache } = await open();
    const less = bytesOf(50);
    const server = await serve(SMALL, ({ index }) =>
      index === 0 ? { closeAfter: 100 } : { body: less, ignoreCondition: true },
    );
    expect(await cache.fetch(server.url, { signal, sha256: sha256(less) })).toMatchObject({ size: 50 });
  });

  it.each([
    ['other bytes', { body: OTHER }, 'cache/digest-mismatch'],
    ['an error', { status: 404 }, 'net/http-status'],
    ['an error that stays', { status: 503 }, 'net/http-status'],
    ['another address', { status: 302, headers: { location: '/elsewhere' } }, 'net/http-status'],
    ['a coded body', { headers: { 'content-encoding': 'gzip' } }, 'net/answer-malformed'],
    [
      'a part that nobody asked for',
      { headers: { 'content-range': 'bytes 0-300/301' }, status: 206 },
      'net/answer-malformed',
    ],
  ] as readonly (readonly [string, Behaviour, string])[])('and sends %s leaves nothing', async (_what, how, code) => {
    const { cache, content } = await open();
    const server = await serve(SMALL, () => how);
    await expect(cache.fetch(server.url, { signal, sha256: sha256(SMALL) })).rejects.toMatchObject({ code });
    expect(cache.list()).toEqual([]);
    expect(filesIn(content).filter((name) => name.startsWith('sha256') || name.startsWith('tmp'))).toEqual([]);
    if (code === 'cache/digest-mismatch') expect(filesIn(content)).toEqual([]);
  });

  it.each([true, false])('and sends more than the largest package is stopped (length told: %s)', async (told) => {
    const { cache, content } = await open({ maxSize: MIB });
    const server = await serve(Buffer.alloc(64 * MIB), () => ({ chunked: !told }));
    await expect(cache.fetch(server.url, { signal })).rejects.toMatchObject({ code: 'cache/too-large' });
    expect(server.sent()).toBeLessThan(32 * MIB);
    expect(filesIn(content)).toEqual([]);
  });

  it('and is not there is not asked twice', async () => {
    const { cache } = await open();
    const server = await serve(SMALL);
    await server.close();
    await expect(cache.fetch(server.url, { signal })).rejects.toMatchObject({ code: 'net/unreachable' });
  });
});

describe('a manifest', () => {
  const listed = (more: object = {}) => [
    { id: 'other', name: 'o', version: '1', model: '', size: 1, sha256: sha256(OTHER), url: '/packages/other.bin' },
    {
      ...{ id: 'com.example.game', name: 'game', version: '2.0', model: 'M1', size: SMALL.length },
      ...{ sha256: sha256(SMALL), url: '/packages/game-2.0.bin', ...more },
    },
  ];
  const dms = async (list: unknown, how: Behaviour = {}) => {
    const server = await serve(SMALL, ({ path }) => {
      if (!path.endsWith('index.json')) return how;
      return { body: Buffer.from(typeof list === 'string' ? list : JSON.stringify(list)) };
    });
    return { server, manifest: new URL('/packages/index.json', server.url) };
  };

  it('tells what a package is and vouches for it', async () => {
    const { cache, ledger } = await open();
    const { server, manifest } = await dms(listed());
    expect(await cache.fetch(server.url, { signal, manifest })).toMatchObject({
      ...{ id: 'com.example.game', name: 'game', version: '2.0', model: 'M1', trust: 'verified' },
    });
    expect(ledger.entries().map(({ purpose }) => purpose)).toEqual(['manifest', 'fetch']);
    expect(await cache.manifest(manifest, { signal })).toHaveLength(2);
  });

  it('is searched by id when one is given', async () => {
    const { cache } = await open();
    const { server, manifest } = await dms(listed());
    const elsewhere = new URL('/mirror.bin', server.url);
    expect(await cache.fetch(elsewhere, { signal, manifest, id: 'com.example.game' })).toMatchObject({ name: 'game' });
    await expect(cache.fetch(elsewhere, { signal, manifest })).rejects.toMatchObject({
      code: 'cache/manifest-entry-absent',
    });
  });

  it.each([
    [SMALL.length - 1, false],
    [SMALL.length - 1, true],
    [SMALL.length + 1, false],
    [SMALL.length + 1, true],
  ])('that says %i bytes for 301 ends the fetch with nothing kept (chunked: %s)', async (size, chunked) => {
    const { cache, content } = await open();
    const { server, manifest } = await dms(listed({ size }), { chunked });
    await expect(cache.fetch(server.url, { signal, manifest })).rejects.toMatchObject({ code: 'cache/size-mismatch' });
    expect(filesIn(content)).toEqual([]);
  });

  it('that contradicts the digest of the order ends the fetch', async () => {
    const { cache } = await open();
    const { server, manifest } = await dms(listed());
    const fetching = cache.fetch(server.url, { signal, manifest, sha256: sha256(OTHER) });
    await expect(fetching).rejects.toMatchObject({ code: 'cache/digest-mismatch' });
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    '<html>',
    '{}',
    '[{"id":"a"}]',
    JSON.stringify(listed({ sha256: 'abc' })),
    JSON.stringify(listed({ size: -1 })),
  ])('that is %s is refused', async (text) => {
    const { cache } = await open();
    const { server, manifest } = await dms(text);
    await expect(cache.fetch(server.url, { signal, manifest })).rejects.toMatchObject({
      code: 'cache/manifest-invalid',
    });
  });
});

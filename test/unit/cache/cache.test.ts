import { mkdirSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bytesOf, cacheRigs, collect, eagerClock, filesIn, MIB, sha256, signal, wholeOf } from './rig.ts';

const { open } = cacheRigs();

describe('the package cache', () => {
  it('keeps a file under its digest, with what is said of it', async () => {
    const { cache, file, contentPath } = await open();
    const bytes = bytesOf(3 * MIB + 7);
    const path = file(bytes);
    const progress: number[] = [];
    const kept = await cache.add(path, {
      signal,
      id: 'com.example.game',
      model: 'M1',
      onProgress: (done, total) => progress.push(done / (total ?? 0)),
    });
    expect(kept).toMatchObject({
      ...{ id: 'com.example.game', name: 'game-2.0', version: '1.0', model: 'M1', size: bytes.length },
      ...{ digest: sha256(bytes), origin: { kind: 'file', path }, trust: 'verified', state: 'ready' },
    });
    expect(progress.at(-1)).toBe(1);
    expect(readFileSync(contentPath(kept.digest)).equals(bytes)).toBe(true);
    expect(statSync(contentPath(kept.digest)).mode & 0o777).toBe(0o600);
    expect(cache.list()).toEqual([kept]);
    expect(cache.show('com.example.game')).toEqual(kept);
  });

  it.each([1, 256 * 1024, MIB - 1, MIB, MIB + 1, 3 * MIB, 4 * MIB])('gives back %i bytes', async (size) => {
    const { cache, file } = await open();
    const bytes = bytesOf(size);
    const { digest } = await cache.add(file(bytes), { signal });
    expect(digest).toBe(sha256(bytes));
    expect(Buffer.compare(await wholeOf(cache, digest), bytes)).toBe(0);
    expect((await collect(cache.readStream(digest, signal))).equals(bytes)).toBe(true);
  });

  it('gives pieces of a content only as long as its file is the one that was verified', async () => {
    const { cache, file, contentPath } = await open();
    const bytes = bytesOf(2 * MIB);
    const { digest } = await cache.add(file(bytes), { signal });
    const { size, read } = await cache.pieces(digest, signal);
    expect(size).toBe(bytes.length);
    expect(Buffer.compare(await read(MIB - 5, MIB + 5), bytes.subarray(MIB - 5, MIB + 5))).toBe(0);
    const changed = Buffer.from(bytes);
    changed.writeUInt8(changed.readUInt8(0) ^ 1, 0);
    writeFileSync(contentPath(digest), changed);
    utimesSync(contentPath(digest), 1, 1);
    await expect(read(0, 10)).rejects.toMatchObject({ code: 'cache/digest-mismatch' });
    await expect(wholeOf(cache, digest)).rejects.toMatchObject({ code: 'cache/digest-mismatch' });
    await expect(read(0, 10)).rejects.toMatchObject({ code: 'cache/quarantined' });
  });

  it('does not keep an empty file', async () => {
    const { cache, file } = await open();
    await expect(cache.add(file(bytesOf(0)), { signal })).rejects.toMatchObject({ code: 'cache/empty' });
    expect(cache.list()).toEqual([]);
  });

  it('tells of its disk', async () => {
    const { cache, file, content } = await open();
    await cache.add(file(bytesOf(1000)), { signal, id: 'a' });
    await cache.add(file(bytesOf(1000)), { signal, id: 'b' });
    const { free, total, ...rest } = await cache.storage();
    expect(rest).toEqual({ folder: content, packages: 2, used: 1000 });
    expect(free).toBeGreaterThan(0);
    expect(total).toBeGreaterThanOrEqual(free);
  });

  it('finds a package for its model, and one for any model for all', async () => {
    const { cache, file } = await open();
    await cache.add(file(bytesOf(10)), { signal, id: 'a', model: 'M1' });
    await cache.add(file(bytesOf(11)), { signal, id: 'b' });
    expect(cache.find('a')?.id).toBe('a');
    expect(cache.find('a', 'M1')?.id).toBe('a');
    expect(cache.find('a', 'M2')).toBeUndefined();
    expect(cache.find('b', 'M2')?.id).toBe('b');
    expect(cache.find('c')).toBeUndefined();
  });

  it('remembers over a restart, and when a content was used', async () => {
    const rig = await open();
    const { digest } = await rig.cache.add(rig.file(bytesOf(100)), { signal, id: 'a' });
    expect(rig.cache.show('a')?.lastUsedAt).toBeUndefined();
    await wholeOf(rig.cache, digest);
    const { cache } = await rig.reopen();
    expect(cache.show('a')?.lastUsedAt).toMatch(/^20/);
    expect(Buffer.compare(await wholeOf(cache, digest), bytesOf(100))).toBe(0);
  });

  it('keeps equal bytes once, and until the last package that refers to them is removed', async () => {
    const { cache, file, content, contentPath } = await open();
    const path = file(bytesOf(100));
    const { digest } = await cache.add(path, { signal, id: 'a' });
    await cache.add(path, { signal, id: 'b' });
    expect(filesIn(content)).toHaveLength(1);
    await cache.remove('a');
    expect(readFileSync(contentPath(digest))).toHaveLength(100);
    expect((await cache.remove('b')).id).toBe('b');
    expect(filesIn(content)).toEqual([]);
    await expect(cache.remove('b')).rejects.toMatchObject({ code: 'cache/absent' });
    await expect(wholeOf(cache, digest)).rejects.toMatchObject({ code: 'cache/absent' });
  });

  it('puts a new package in the place of one with the same id and removes the old bytes', async () => {
    const { cache, file, content } = await open();
    await cache.add(file(bytesOf(100)), { signal, id: 'a', version: '1' });
    const { digest } = await cache.add(file(bytesOf(101)), { signal, id: 'a', version: '2' });
    expect(cache.list()).toMatchObject([{ id: 'a', version: '2', digest }]);
    expect(filesIn(content)).toHaveLength(1);
  });

  it('does not remove what a queued job needs, nor its bytes when the package gets new ones', async () => {
    const needed = new Set<string>();
    const rig = await open({ inUse: (digest) => needed.has(digest) });
    const { digest } = await rig.cache.add(rig.file(bytesOf(100)), { signal, id: 'a' });
    needed.add(digest);
    await expect(rig.cache.remove('a')).rejects.toMatchObject({ code: 'cache/in-use' });
    await rig.cache.add(rig.file(bytesOf(101)), { signal, id: 'a' });
    const { cache, content } = await rig.reopen({ inUse: (each) => needed.has(each) });
    expect(await wholeOf(cache, digest)).toHaveLength(100);
    needed.clear();
    await cache.remove('a');
    expect(filesIn(content)).toEqual([]);
  });

  it('does not read a file whose digest it is told and holds', async () => {
    const { cache, file, content } = await open();
    const path = file(bytesOf(2 * MIB));
    const { digest } = await cache.add(path, { signal, id: 'a' });
    const progress: number[] = [];
    const again = { signal, sha256: digest.toUpperCase(), onProgress: (done: number) => progress.push(done) };
    expect(await cache.add(path, { ...again, id: 'b' })).toMatchObject({ id: 'b', digest });
    expect(progress).toEqual([]);
    expect(filesIn(content)).toHaveLength(1);
  });

  it('keeps nothing of a file that is not what it should be', async () => {
    const { cache, file, content } = await open();
    const found = sha256(bytesOf(100));
    await expect(cache.add(file(bytesOf(100)), { signal, sha256: sha256(bytesOf(101)) })).rejects.toMatchObject({
      code: 'cache/digest-mismatch',
      details: { found },
    });
    expect(cache.list()).toEqual([]);
    expect(filesIn(content)).toEqual([]);
  });

  it.each([
    ['a folder', '.', 'cache/source-unreadable'],
    ['what is not there', 'absent.bin', 'cache/source-unreadable'],
    ['a device', '/dev/zero', 'cache/source-unreadable'],
  ])('refuses %s', async (_what, path, code) => {
    const { cache, folder } = await open();
    await expect(cache.add(join(path.startsWith('/') ? '' : folder, path), { signal })).rejects.toMatchObject({ code });
  });

  it.each([{ id: '' }, { id: 'a\u001bb' }, { name: 'x'.repeat(257) }, { version: '' }, { sha256: 'abc' }])(
    'refuses %j',
    async (meta) => {
      const { cache, file } = await open();
      await expect(cache.add(file(bytesOf(1)), { signal, ...meta })).rejects.toMatchObject({
        code: 'cache/package-invalid',
      });
    },
  );

  it('ends an add that is cancelled, with nothing left', async () => {
    const { cache, file, content } = await open();
    const stop = new AbortController();
    const adding = cache.add(file(bytesOf(8 * MIB)), { signal: stop.signal, onProgress: () => stop.abort() });
    await expect(adding).rejects.toMatchObject({ name: 'AbortError' });
    expect(filesIn(content)).toEqual([]);
    expect(cache.list()).toEqual([]);
  });

  it('lets many add, read and remove the same bytes at once', async () => {
    const { cache, file, content } = await open();
    const bytes = bytesOf(300_000);
    const path = file(bytes);
    const ids = Array.from({ length: 12 }, (_, index) => `p${index}`);
    await Promise.all(
      ids.map(async (id) => {
        const { digest } = await cache.add(path, { signal, id });
        expect(Buffer.compare(await wholeOf(cache, digest), bytes)).toBe(0);
        await cache.remove(id);
      }),
    );
    expect(cache.list()).toEqual([]);
    expect(filesIn(content)).toEqual([]);
  });

  it('works on when the clock is set back by a year', async () => {
    const rig = await open();
    await rig.cache.add(rig.file(bytesOf(100)), { signal, id: 'a' });
    const clock = { ...eagerClock, now: () => new Date(Date.now() - 365 * 24 * 3600 * 1000) };
    const { cache } = await rig.reopen({ clock });
    await cache.add(rig.file(bytesOf(101)), { signal, id: 'b' });
    expect(cache.list().map(({ id }) => id)).toEqual(['a', 'b']);
    expect(await cache.verify(undefined, { signal })).toMatchObject([{ reason: undefined }, { reason: undefined }]);
  });
});

type Damage = readonly [string, (path: string) => void, string];
const flip = (path: string): void => {
  const bytes = readFileSync(path);
  bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 4;
  writeFileSync(path, bytes);
};
const DAMAGES: readonly Damage[] = [
  ['shortened', (path) => truncateSync(path, statSync(path).size - 1), 'size-mismatch'],
  ['lengthened', (path) => writeFileSync(path, 'x', { flag: 'a' }), 'size-mismatch'],
  ['changed by one bit', flip, 'digest-mismatch'],
  ['removed', (path) => rmSync(path), 'absent'],
];

describe.each(DAMAGES)('a content that was %s', (_what, damage, reason) => {
  const damaged = async () => {
    const rig = await open();
    const { digest } = await rig.cache.add(rig.file(bytesOf(2 * MIB)), { signal, id: 'a' });
    damage(rig.contentPath(digest));
    return { ...rig, digest };
  };

  it('gives nobody a byte and is put aside', async () => {
    const { cache, content, digest } = await damaged();
    const got: Uint8Array[] = [];
    const reading = async () => {
      for await (const piece of cache.readStream(digest, signal)) got.push(piece);
    };
    await expect(reading()).rejects.toMatchObject({ code: `cache/${reason}`, details: { digest } });
    expect(got).toEqual([]);
    expect(cache.show('a')).toMatchObject({ state: 'quarantined', reason });
    expect(filesIn(content)).toEqual(reason === 'absent' ? [] : [join('quarantine', digest)]);
    await expect(wholeOf(cache, digest)).rejects.toMatchObject({ code: 'cache/quarantined' });
  });

  it('is found by a check of all, and taken into use again when it is put in again', async () => {
    const { cache, content, contentPath, file, digest } = await damaged();
    await cache.add(file(bytesOf(5), 'other.bin'), { signal });
    expect(await cache.verify(undefined, { signal })).toMatchObject([
      { package: { id: 'a', state: 'quarantined' }, reason },
      { package: { id: 'other', state: 'ready' }, reason: undefined },
    ]);
    expect(await cache.verify('a', { signal })).toMatchObject([{ reason }]);
    expect(await cache.add(file(bytesOf(2 * MIB)), { signal, id: 'a' })).toMatchObject({ state: 'ready' });
    expect(readFileSync(contentPath(digest)).equals(bytesOf(2 * MIB))).toBe(true);
    expect(filesIn(content)).toHaveLength(2);
  });

  it('is not taken for known by one who names its digest', async () => {
    const { cache, file, digest } = await damaged();
    await cache.verify('a', { signal });
    await cache.add(file(bytesOf(2 * MIB)), { signal, id: 'b', sha256: digest });
    expect(await wholeOf(cache, digest)).toHaveLength(2 * MIB);
  });

  it('is found at the next start when its length tells', async () => {
    const rig = await damaged();
    const { cache } = await rig.reopen();
    expect(cache.show('a')?.state).toBe(reason === 'digest-mismatch' ? 'ready' : 'quarantined');
  });
});

describe('verification', () => {
  it('keeps the last piece of a large content back when the digest is wrong', async () => {
    const { cache, file, contentPath } = await open();
    const size = 65 * MIB;
    const { digest } = await cache.add(file(Buffer.alloc(size, 7)), { signal, id: 'a' });
    expect((await collect(cache.readStream(digest, signal))).length).toBe(size);
    flip(contentPath(digest));
    let got = 0;
    const reading = async () => {
      for await (const piece of cache.readStream(digest, signal)) got += piece.length;
    };
    await expect(reading()).rejects.toMatchObject({ code: 'cache/digest-mismatch' });
    expect(got).toBeLessThan(size);
    await expect(wholeOf(cache, digest)).rejects.toMatchObject({ code: 'cache/quarantined' });
  });

  it('leaves a good copy alone that took the place of a bad one meanwhile', async () => {
    const { cache, file, contentPath } = await open();
    const bytes = bytesOf(2 * MIB);
    const { digest } = await cache.add(file(bytes), { signal, id: 'a' });
    flip(contentPath(digest));
    const checking = cache.verify('a', { signal });
    rmSync(contentPath(digest));
    writeFileSync(contentPath(digest), bytes);
    await checking;
    await cache.verify('a', { signal });
    expect(await wholeOf(cache, digest)).toHaveLength(bytes.length);
  });

  it('takes a content into use again whose file somebody put back', async () => {
    const { cache, file, contentPath } = await open();
    const { digest } = await cache.add(file(bytesOf(1000)), { signal, id: 'a' });
    rmSync(contentPath(digest));
    await cache.verify('a', { signal });
    writeFileSync(contentPath(digest), bytesOf(1000));
    expect(await cache.verify('a', { signal })).toMatchObject([{ package: { state: 'ready' }, reason: undefined }]);
    await expect(cache.verify('b', { signal })).rejects.toMatchObject({ code: 'cache/absent' });
  });
});

describe('opening', () => {
  it('removes what a killed writer left, and nothing else', async () => {
    const rig = await open();
    const { digest } = await rig.cache.add(rig.file(bytesOf(1000)), { signal, id: 'a' });
    const stray = sha256(bytesOf(7));
    const path = rig.contentPath(stray);
    mkdirSync(join(path, '..'), { recursive: true });
    writeFileSync(path, bytesOf(7));
    for (const folder of ['tmp', 'partial', 'quarantine']) mkdirSync(join(rig.content, folder), { recursive: true });
    writeFileSync(join(rig.content, 'tmp', '1-1'), 'half');
    writeFileSync(join(rig.content, 'partial', 'lone.part'), 'half');
    writeFileSync(join(rig.content, 'partial', 'lone.new'), 'half');
    writeFileSync(join(rig.content, 'quarantine', stray), 'wrong');
    const { cache, content } = await rig.reopen();
    expect(filesIn(content)).toEqual([join('sha256', digest.slice(0, 2), digest.slice(2, 4), digest)]);
    expect(await wholeOf(cache, digest)).toHaveLength(1000);
  });
});

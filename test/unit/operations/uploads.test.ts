import { statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { toBase64 } from '../../../src-main/base/base64.ts';
import type { Clock } from '../../../src-main/base/clock.ts';
import type { CacheOptions } from '../../../src-main/cache/cache.ts';
import { UploadDesk } from '../../../src-main/operations/uploads.ts';
import { bytesOf, cacheRigs, filesIn, sha256, signal } from '../cache/rig.ts';

const { open } = cacheRigs();

/** Sleepers that the test wakes. */
function patience() {
  const sleepers = new Set<() => void>();
  const clock: Pick<Clock, 'sleep'> = {
    sleep: (_duration, stop) =>
      new Promise((resolve, reject) => {
        sleepers.add(resolve);
        stop.addEventListener('abort', () => {
          sleepers.delete(resolve);
          reject(stop.reason);
        });
      }),
  };
  return { clock, sleepers };
}

async function desk(options: Partial<CacheOptions> = {}) {
  const rig = await open(options);
  const { clock, sleepers } = patience();
  const uploads = new UploadDesk(rig.cache, clock);
  const temporary = () => filesIn(rig.content).filter((name) => name.startsWith('tmp'));
  return { ...rig, uploads, sleepers, temporary };
}

const refused = (code: string) => expect.objectContaining({ code });

describe('a file that is handed over in pieces', () => {
  it('becomes a package with the same bytes, whatever the sizes of its pieces', async () => {
    const { uploads, cache, contentPath, temporary } = await desk();
    const bytes = bytesOf(200_000);
    const id = await uploads.begin('C:\\phones\\../game-2.0\u0007.bin', bytes.length);
    const cuts = [0, 1, 1, 4, 70_000, 70_001, 200_000];
    // All at once: their order is that of the asking.
    const received = await Promise.all(
      cuts.slice(1).map((end, index) => uploads.append(id, toBase64(bytes.subarray(cuts[index], end)))),
    );
    expect(received).toEqual(cuts.slice(1));
    const kept = await uploads.finish(id, { version: '2.0' });
    expect(kept).toMatchObject({
      ...{ id: 'game-2.0', version: '2.0', digest: sha256(bytes), size: 200_000, trust: 'verified' },
      origin: { kind: 'file', path: 'game-2.0.bin' },
    });
    const { read } = await cache.pieces(kept.digest, signal);
    expect(Buffer.compare(await read(0, bytes.length), bytes)).toBe(0);
    expect(statSync(contentPath(kept.digest)).mode & 0o777).toBe(0o600);
    expect(temporary()).toEqual([]);
    await expect(uploads.finish(id, {})).rejects.toEqual(refused('cache/upload-unknown'));
  });

  it('may be given another name when its own is none', async () => {
    const { uploads } = await desk();
    const id = await uploads.begin('///', 1);
    await uploads.append(id, 'AA==');
    await expect(uploads.finish(id, {})).rejects.toEqual(refused('cache/package-invalid'));
    expect(await uploads.finish(id, { id: 'a', name: 'A' })).toMatchObject({ id: 'a' });
  });

  it('is not begun when it is empty or too large', async () => {
    const { uploads, temporary } = await desk();
    await expect(uploads.begin('a', 0)).rejects.toEqual(refused('cache/empty'));
    await expect(uploads.begin('a', 4 * 1024 ** 3 + 1)).rejects.toEqual(refused('cache/too-large'));
    expect(temporary()).toEqual([]);
  });

  it('is not begun when the disk has no room for it beside those that are on their way', async () => {
    const { uploads } = await desk({ disk: async () => ({ bavail: 100, blocks: 200, bsize: 10 }) });
    await expect(uploads.begin('a', 1001)).rejects.toEqual(refused('cache/full'));
    const first = await uploads.begin('a', 600);
    await expect(uploads.begin('b', 401)).rejects.toEqual(refused('cache/full'));
    await uploads.begin('b', 400);
    await uploads.discard(first);
    await expect(uploads.begin('c', 600)).resolves.toBeTypeOf('string');
    await uploads.close();
  });

  it.each([
    ['more bytes than were announced', 'AAAA', 'cache/size-mismatch'],
    ['no base64', '%%%%', 'cache/piece-invalid'],
  ])('is thrown away when a piece has %s', async (_what, data, code) => {
    const { uploads, temporary, cache } = await desk();
    const id = await uploads.begin('a', 2);
    await expect(uploads.append(id, data)).rejects.toEqual(refused(code));
    expect(temporary()).toEqual([]);
    await expect(uploads.append(id, 'AA==')).rejects.toEqual(refused('cache/upload-unknown'));
    expect(cache.list()).toEqual([]);
  });

  it('is thrown away when it ends too early, when nobody wants it any more, and with the host', async () => {
    const { uploads, temporary } = await desk();
    const short = await uploads.begin('a', 2);
    await uploads.append(short, 'AA==');
    await expect(uploads.finish(short, {})).rejects.toEqual(refused('cache/size-mismatch'));
    expect(temporary()).toEqual([]);
    const unwanted = await uploads.begin('b', 2);
    expect(temporary()).toHaveLength(1);
    await uploads.discard(unwanted);
    await uploads.discard(unwanted);
    expect(temporary()).toEqual([]);
    await Promise.all([uploads.begin('c', 2), uploads.begin('d', 2)]);
    await uploads.close();
    expect(temporary()).toEqual([]);
    await expect(uploads.begin('e', 2)).rejects.toEqual(refused('cache/too-many-uploads'));
  });

  it('is thrown away when nobody goes on with it', async () => {
    const { uploads, temporary, sleepers } = await desk();
    const id = await uploads.begin('a', 2);
    await uploads.append(id, 'AA==');
    expect(sleepers.size).toBe(1);
    for (const wake of sleepers) wake();
    await expect.poll(temporary).toEqual([]);
    await expect(uploads.append(id, 'AA==')).rejects.toEqual(refused('cache/upload-unknown'));
  });

  it('is one of eight at a time', async () => {
    const { uploads } = await desk();
    const ids = await Promise.all(Array.from({ length: 8 }, () => uploads.begin('a', 2)));
    await expect(uploads.begin('a', 2)).rejects.toEqual(refused('cache/too-many-uploads'));
    await uploads.discard(ids[0] ?? '');
    await expect(uploads.begin('a', 2)).resolves.toBeTypeOf('string');
    await uploads.close();
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ContentStore } from '../../../src-main/cache/content-store.ts';
import { cacheFolders } from '../../../src-main/cache/folders.ts';
import { PackageIndex } from '../../../src-main/cache/package-index.ts';
import { bytesOf, cacheRigs, filesIn, MIB, sha256, signal, wholeOf } from './rig.ts';

const { open, serve, endings } = cacheRigs();

/** A disk of 3 MiB, where mounting is allowed. */
function smallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'pc-agent-disk-'));
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'none', folder]);
  if (status !== 0) return undefined;
  endings.push(() => void spawnSync('umount', ['-l', folder]));
  return folder;
}

function remount(folder: string, mode: 'ro' | 'rw'): void {
  expect(spawnSync('mount', ['-o', `remount,${mode}`, folder]).status).toBe(0);
}

describe('a full disk', () => {
  it('ends an add with cache/full and nothing left, and the cache works on', async ({ skip }) => {
    const disk = smallDisk();
    if (disk === undefined) return skip('mounting is not allowed here');
    const { cache, file, content } = await open({ folder: join(disk, 'content') });
    await cache.add(file(bytesOf(MIB), 'a.bin'), { signal });
    const adding = cache.add(file(bytesOf(4 * MIB), 'b.bin'), { signal });
    await expect(adding).rejects.toMatchObject({ code: 'cache/full', retry: 'after-operator' });
    expect(filesIn(content)).toHaveLength(1);
    await cache.remove('a');
    expect(await cache.add(file(bytesOf(2 * MIB), 'c.bin'), { signal })).toMatchObject({ state: 'ready' });
  });

  it('ends a fetch with cache/full and gives the disk back', async ({ skip }) => {
    const disk = smallDisk();
    if (disk === undefined) return skip('mounting is not allowed here');
    const { cache, content } = await open({ folder: join(disk, 'content') });
    const server = await serve(bytesOf(5 * MIB));
    await expect(cache.fetch(server.url, { signal })).rejects.toMatchObject({ code: 'cache/full' });
    expect(filesIn(content)).toEqual([]);
    expect(server.requests).toHaveLength(1);
  });

  it.each([
    ['ENOSPC', 'cache/full'],
    ['EDQUOT', 'cache/full'],
    ['EROFS', 'cache/read-only'],
    ['EIO', 'cache/unreadable'],
  ])('that says %s at the second megabyte is %s, with nothing left', async (code, expected) => {
    const { store, content, file } = await open();
    const folders = cacheFolders(content);
    const create = async (path: string) => {
      const handle = await openFile(path, 'wx');
      const write = handle.write.bind(handle);
      let written = 0;
      handle.write = (async (bytes: Buffer, ...rest: [number, number, number]) => {
        written += bytes.length;
        if (written > MIB) throw Object.assign(new Error(`${code}: no`), { code });
        return write(bytes, ...rest);
      }) as unknown as typeof handle.write;
      return handle;
    };
    const index = new PackageIndex(store, () => false);
    const contents = new ContentStore({ folders, index, create });
    await expect(contents.stage(file(bytesOf(3 * MIB)), { signal })).rejects.toMatchObject({ code: expected });
    expect(filesIn(content)).toEqual([]);
  });

  it('that takes only a part of each write gets it all', async () => {
    const { store, content, file } = await open();
    const create = async (path: string) => {
      const handle = await openFile(path, 'wx');
      const write = handle.write.bind(handle);
      handle.write = ((bytes: Buffer, at: number, length: number, position: number) =>
        write(bytes, at, Math.min(length, 300_001), position)) as unknown as typeof handle.write;
      return handle;
    };
    const index = new PackageIndex(store, () => false);
    const contents = new ContentStore({ folders: cacheFolders(content), index, create });
    const staged = await contents.stage(file(bytesOf(2 * MIB)), { signal });
    expect(sha256(readFileSync(staged.path))).toBe(sha256(bytesOf(2 * MIB)));
    expect(staged.digest).toBe(sha256(bytesOf(2 * MIB)));
  });
});

describe('a folder that cannot be written', () => {
  it('is read from all the same, and says so to who wants to write', async ({ skip }) => {
    const disk = smallDisk();
    if (disk === undefined) return skip('mounting is not allowed here');
    const rig = await open({ folder: join(disk, 'content') });
    const { digest } = await rig.cache.add(rig.file(bytesOf(1000)), { signal, id: 'a' });
    remount(disk, 'ro');
    const { cache, file } = await rig.reopen({ folder: join(disk, 'content') });
    expect(await wholeOf(cache, digest)).toHaveLength(1000);
    const server = await serve(bytesOf(10));
    await expect(cache.add(file(bytesOf(7)), { signal })).rejects.toMatchObject({ code: 'cache/read-only' });
    await expect(cache.fetch(server.url, { signal })).rejects.toMatchObject({ code: 'cache/read-only' });
    remount(disk, 'rw');
    expect(await cache.fetch(server.url, { signal })).toMatchObject({ size: 10 });
  });

  it('and a disk that is read-only from the start is refused at once', async ({ skip }) => {
    const disk = smallDisk();
    if (disk === undefined) return skip('mounting is not allowed here');
    remount(disk, 'ro');
    await expect(open({ folder: join(disk, 'content') })).rejects.toMatchObject({ code: 'cache/read-only' });
  });
});

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { WriteDatabase } from '../../../src-main/store/database.ts';
import { scratch } from './scratch.ts';

const { open, file } = scratch();

const put =
  (key: string, value = '1') =>
  (db: WriteDatabase) =>
    db.run('INSERT INTO settings VALUES (?, ?)', key, value);
const code = (name: string) => expect.objectContaining({ name: 'PcAgentError', code: name });
const BIG = JSON.stringify('x'.repeat(100_000));

/** A closed database with a few hundred pages. */
async function filled(): Promise<string> {
  const path = file();
  const store = open(path);
  for (let index = 0; index < 8; index += 1) await store.write(put(String(index), BIG));
  await store.close();
  return path;
}

describe('a database that cannot be used', () => {
  it('of a newer version is refused and left as it is', async () => {
    const path = await filled();
    const later = new DatabaseSync(path);
    later.exec('PRAGMA user_version = 999');
    later.close();
    const before = readFileSync(path);
    expect(() => open(path)).toThrow(code('store/newer'));
    expect(() => open(path)).toThrow(/version \(999, this program knows \d+\)/);
    expect(readFileSync(path).equals(before)).toBe(true);
  });

  it('is told as damaged when it was cut at any place', async () => {
    const path = await filled();
    const size = statSync(path).size;
    const copy = `${path}.cut`;
    for (const length of [0, 1, 16, 100, 4095, 4096, 8192, size >> 1, size - 4096, size - 1]) {
      copyFileSync(path, copy);
      truncateSync(copy, length);
      expect(() => open(copy), `cut at ${length}`).toThrow(code('store/corrupt'));
    }
  });

  it('is told as damaged when a page is overwritten', async () => {
    const path = await filled();
    const bytes = readFileSync(path);
    for (const page of [1, 2, 5, 20]) {
      const copy = Buffer.from(bytes);
      copy.fill(0xa5, page * 4096 - 4096, page * 4096);
      writeFileSync(`${path}.page`, copy);
      expect(() => open(`${path}.page`), `page ${page}`).toThrow(code('store/corrupt'));
    }
  });

  it('is told as damaged when it is something else', async () => {
    const path = file();
    writeFileSync(path, 'a letter to my aunt, who lives in the country and keeps bees');
    expect(() => open(path)).toThrow(code('store/corrupt'));
    const other = `${path}.other`;
    const foreign = new DatabaseSync(other);
    foreign.exec('CREATE TABLE bees (name TEXT)');
    foreign.close();
    expect(() => open(other)).toThrow(code('store/corrupt'));
    expect(readFileSync(path, 'utf8')).toContain('bees');
  });

  it('does not come back empty when it vanished and its log is still there', async () => {
    const path = file();
    const store = open(path);
    await store.write(put('a'));
    copyFileSync(`${path}-wal`, `${path}.saved`);
    await store.close();
    rmSync(path);
    copyFileSync(`${path}.saved`, `${path}-wal`);
    expect(() => open(path)).toThrow(code('store/corrupt'));
    writeFileSync(path, '');
    expect(() => open(path)).toThrow(code('store/corrupt'));
    expect(statSync(`${path}-wal`).size).toBeGreaterThan(0);
  });

  it('is a folder, or lies where a file is', () => {
    const path = file();
    mkdirSync(path);
    expect(() => open(path)).toThrow(code('store/unreadable'));
    writeFileSync(`${path}.file`, '');
    expect(() => open(join(`${path}.file`, 'db'))).toThrow(code('store/unreadable'));
  });

  it('is begun anew when a first start was killed before the database had its name', async () => {
    const path = file();
    writeFileSync(`${path}.new`, 'half');
    await open(path).write(put('a'));
    expect(existsSync(`${path}.new`)).toBe(false);
  });
});

describe('a database that another program has locked', () => {
  it('is waited for without holding up this one', async () => {
    const path = file();
    const store = open(path);
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    let turns = 0;
    const ticker = setInterval(() => {
      turns += 1;
      if (turns === 3) other.exec('ROLLBACK');
    }, 10);
    store.trace(put('t'));
    await store.write(put('a'));
    clearInterval(ticker);
    expect(turns).toBeGreaterThanOrEqual(3);
    expect(store.read((db) => db.all('SELECT key FROM settings'))).toHaveLength(2);
    other.close();
  });

  it('is busy in the end, and nothing of the work has happened', async () => {
    const path = file();
    let time = 0;
    const clock = {
      now: () => new Date(),
      monotonic: () => (time += 1000),
      sleep: () => Promise.reject(new Error('no')),
    };
    const store = open(path, { clock });
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    const results = await Promise.allSettled([store.write(put('a')), store.write(put('b'))]);
    for (const result of results) expect(result).toMatchObject({ reason: { code: 'store/busy', retry: 'later' } });
    other.exec('ROLLBACK');
    other.close();
    expect(store.read((db) => db.all('SELECT key FROM settings'))).toEqual([]);
    await store.write(put('a'));
  });
});

describe('a disk', () => {
  it('that is full rejects what does not fit, keeps the rest, and goes on when there is room again', async () => {
    const store = open(file());
    await store.write((db) => db.get('PRAGMA max_page_count = 60'));
    await store.write(put('a'));
    await expect(store.write(put('big', JSON.stringify('x'.repeat(400_000))))).rejects.toThrow(code('store/full'));
    await store.write(put('b'));
    await store.write((db) => db.get('PRAGMA max_page_count = 6000'));
    await store.write(put('big', BIG));
    expect(store.read((db) => db.all<{ key: string }>('SELECT key FROM settings')).map(({ key }) => key)).toEqual([
      'a',
      'b',
      'big',
    ]);
  });

  const mounts = process.platform === 'linux' && spawnSync('unshare', ['-m', 'true']).status === 0;

  /** Runs a script on a small file system of its own. */
  function onSmallDisk(path: string, options: string, act: string): string {
    const folder = dirname(path);
    const fixture = new URL('fixtures/disk.ts', import.meta.url).pathname;
    const script = `mount -t tmpfs -o ${options} none ${folder} && exec "$0" "${fixture}" "${path}" ${act}`;
    const run = spawnSync('unshare', ['-m', 'sh', '-c', script, process.execPath], {
      encoding: 'utf8',
      timeout: 15_000,
    });
    return run.stdout + run.stderr;
  }

  it.skipIf(!mounts)('that is really full rejects without losing what was acknowledged', () => {
    expect(onSmallDisk(file(), 'size=2m', 'fill')).toMatch(/^store\/full, kept [1-9]\d* of \d+, again ok\n$/);
  });

  it.skipIf(!mounts)('that is full at the first start is told as full', () => {
    expect(onSmallDisk(file(), 'size=4k', 'open')).toBe('store/full\n');
  });

  it.skipIf(!mounts)('that is mounted read-only is told as read-only', () => {
    expect(onSmallDisk(file(), 'size=4m', 'freeze')).toBe('store/read-only\n');
  });

  const root = process.getuid?.() === 0;

  it.skipIf(process.platform === 'win32')('that gives us no right to write is told as read-only', async () => {
    const path = await filled();
    const fixture = new URL('fixtures/disk.ts', import.meta.url).pathname;
    chmodSync(path, 0o444);
    chmodSync(dirname(path), 0o555);
    // The administrator may write everywhere, so somebody else tries.
    const run = spawnSync(process.execPath, [fixture, path, root ? 'open-as-nobody' : 'open'], { encoding: 'utf8' });
    chmodSync(dirname(path), 0o700);
    expect(run.stdout + run.stderr).toBe('store/read-only\n');
  });
});

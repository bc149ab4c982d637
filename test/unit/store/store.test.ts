import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import type { WriteDatabase } from '../../../src-main/store/database.ts';
import type { Store } from '../../../src-main/store/store.ts';
import { scratch } from './scratch.ts';

const { open, file } = scratch();

const put = (key: string) => (db: WriteDatabase) => db.run('INSERT INTO settings VALUES (?, ?)', key, '1').changes;

function keys(store: Store): readonly string[] {
  return store.read((db) => db.all<{ key: string }>('SELECT key FROM settings ORDER BY key')).map(({ key }) => key);
}

describe('the store', () => {
  it('resolves a write with what the work returned, and shows it to readers from then on', async () => {
    const store = open(file());
    const written = store.write(put('a'));
    expect(keys(store)).toEqual([]);
    expect(await written).toBe(1);
    expect(keys(store)).toEqual(['a']);
  });

  it('rolls a throwing work back alone and keeps the others of its group', async () => {
    const store = open(file());
    const results = await Promise.allSettled([
      store.write(put('a')),
      store.write((db) => {
        put('b')(db);
        throw new PcAgentError('job/data-invalid', 'no');
      }),
      store.write(put('c')),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(results[1]).toMatchObject({ reason: { code: 'job/data-invalid' } });
    expect(keys(store)).toEqual(['a', 'c']);
  });

  it('leaves a mistake in SQL and a broken rule as SQLite says them', async () => {
    const store = open(file());
    await store.write(put('a'));
    await expect(store.write(put('a'))).rejects.toThrow('UNIQUE constraint failed');
    await expect(store.write((db) => db.run('NONSENSE'))).rejects.toThrow('syntax error');
    expect(() => store.read((db) => db.get('NONSENSE'))).toThrow('syntax error');
  });

  it('refuses a work that waits, and keeps nothing of it', async () => {
    const store = open(file());
    const work = async (db: WriteDatabase): Promise<void> => {
      put('a')(db);
    };
    await expect(store.write(work)).rejects.toThrow(TypeError);
    expect(keys(store)).toEqual([]);
  });

  it('does not let a reader write', () => {
    const store = open(file());
    expect(() => store.read((db) => db.all("INSERT INTO settings VALUES ('a', '1') RETURNING key"))).toThrow(
      expect.objectContaining({ code: 'store/read-only' }),
    );
  });

  it('shows traces to readers and to works that come later', async () => {
    const store = open(file());
    store.trace(put('a'));
    expect(keys(store)).toEqual(['a']);
    store.trace(put('b'));
    expect(await store.write((db) => db.all('SELECT key FROM settings').length)).toBe(2);
  });

  it('lets a work read and trace while it runs', async () => {
    const store = open(file());
    store.trace(put('a'));
    const seen = await store.write((db) => {
      store.trace(put('b'));
      put('c')(db);
      return keys(store);
    });
    expect(seen).toEqual(['a']);
    expect(keys(store)).toEqual(['a', 'b', 'c']);
  });

  it('tells of a trace that failed and keeps the others', () => {
    const lost: unknown[] = [];
    const store = open(file(), { onTraceLost: (error, count) => lost.push([String(error), count]) });
    store.trace(put('a'));
    store.trace(put('a'));
    store.trace(put('b'));
    expect(keys(store)).toEqual(['a', 'b']);
    expect(lost).toEqual([[expect.stringContaining('UNIQUE'), 1]]);
  });

  it('writes what waits before it closes, and takes nothing afterwards', async () => {
    const path = file();
    const store = open(path);
    const written = store.write(put('a'));
    store.trace(put('b'));
    await store.close();
    expect(await written).toBe(1);
    await expect(store.write(put('c'))).rejects.toMatchObject({ code: 'store/closed' });
    expect(() => keys(store)).toThrow(expect.objectContaining({ code: 'store/closed' }));
    store.trace(put('d'));
    await store.close();
    expect(keys(open(path))).toEqual(['a', 'b']);
  });

  it.skipIf(process.platform === 'win32')('keeps its files to the owner', async () => {
    const path = join(dirname(file()), 'deeper', 'pc-agent.db');
    const store = open(path);
    await store.write(put('a'));
    for (const name of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(name).mode & 0o777).toBe(0o600);
    expect(statSync(dirname(path)).mode & 0o777).toBe(0o700);
  });
});

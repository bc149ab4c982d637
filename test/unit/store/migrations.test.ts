import { readdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import type { Migration } from '../../../src-main/store/migrate.ts';
import { MIGRATIONS } from '../../../src-main/store/migrations/index.ts';
import type { Store } from '../../../src-main/store/store.ts';
import { scratch } from './scratch.ts';

const { open, file } = scratch();

const upTo = (number: number) => MIGRATIONS.filter((migration) => migration.number <= number);

/** A store of the program as it was with migration `before`, filled by `fill`, opened with the next one. */
async function stepped(before: number, fill: (store: Store) => Promise<unknown>): Promise<Store> {
  const path = file();
  const old = open(path, { migrations: upTo(before) });
  await fill(old);
  await old.close();
  return open(path, { migrations: upTo(before + 1) });
}

function tables(store: Store): readonly string[] {
  return store
    .read((db) => db.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"))
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('sqlite_'));
}

describe('the list of migrations', () => {
  it('has every file once, in order', () => {
    const folder = new URL('../../../src-main/store/migrations/', import.meta.url);
    const files = readdirSync(folder)
      .filter((name) => name !== 'index.ts')
      .sort();
    expect(MIGRATIONS.map(({ number, name }) => `${String(number).padStart(3, '0')}-${name}.ts`)).toEqual(files);
    expect(MIGRATIONS.map(({ number }) => number)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });
});

describe('migrating', () => {
  const first: Migration = {
    number: 1,
    name: 'first',
    up: (db) => db.script('CREATE TABLE a (x); INSERT INTO a VALUES (1)'),
  };

  it('runs each step once', async () => {
    const path = file();
    await open(path, { migrations: [first] }).close();
    const store = open(path, { migrations: [first] });
    expect(store.read((db) => db.all('SELECT x FROM a'))).toEqual([{ x: 1 }]);
  });

  it('leaves the database of the step before when a step fails', async () => {
    const path = file();
    const broken: Migration = {
      number: 2,
      name: 'broken',
      up: (db) => {
        db.script('CREATE TABLE b (x); DELETE FROM a');
        throw new Error('a mistake in the step');
      },
    };
    expect(() => open(path, { migrations: [first, broken] })).toThrow('a mistake in the step');
    const database = new DatabaseSync(path);
    expect(database.prepare('PRAGMA user_version').get()).toEqual({ user_version: 1 });
    database.close();
    const store = open(path, { migrations: [first] });
    expect(tables(store)).toEqual(['a']);
    expect(store.read((db) => db.all('SELECT x FROM a'))).toHaveLength(1);
  });
});

describe('migration 001, settings', () => {
  it('makes its tables in an empty database', async () => {
    const store = await stepped(0, () => Promise.resolve());
    expect(tables(store)).toEqual(['accounts', 'dms_profiles', 'handsets', 'settings']);
    await store.write((db) => {
      db.run('INSERT INTO settings VALUES (?, ?)', 'offline', 'true');
      db.run("INSERT INTO dms_profiles VALUES ('1', 'Main', 'https://dms.example/dm', '[]', '2026-01-01', 1)");
      db.run("INSERT INTO handsets VALUES ('IMEI:1', 'till', NULL, NULL, NULL, '2026-01-01', '2026-01-01', 0)");
      db.run('INSERT INTO accounts VALUES (?, ?, ?, ?)', 'IMEI:1', 'pc-agent', new Uint8Array([1]), null);
    });
    expect(store.read((db) => db.get('SELECT client_nonce FROM accounts'))).toEqual({
      client_nonce: new Uint8Array([1]),
    });
  });

  it('takes no setting that is no JSON, no second default profile, and no alias twice', async () => {
    const store = await stepped(0, () => Promise.resolve());
    const run = (sql: string) => store.write((db) => db.run(sql));
    await expect(run("INSERT INTO settings VALUES ('a', '{')")).rejects.toThrow('CHECK');
    await run("INSERT INTO dms_profiles VALUES ('1', 'A', 'u', '[]', 't', 1)");
    await expect(run("INSERT INTO dms_profiles VALUES ('2', 'B', 'u', '[]', 't', 1)")).rejects.toThrow('UNIQUE');
    await run("INSERT INTO dms_profiles VALUES ('3', 'C', 'u', '[]', 't', 0)");
    await run("INSERT INTO dms_profiles VALUES ('4', 'D', 'u', '[]', 't', 0)");
    await run("INSERT INTO handsets (device, alias, first_seen, last_seen) VALUES ('a', 'x', 't', 't')");
    await expect(
      run("INSERT INTO handsets (device, alias, first_seen, last_seen) VALUES ('b', 'x', 't', 't')"),
    ).rejects.toThrow('UNIQUE');
  });
});

describe('migration 002, journal', () => {
  it('adds its tables and leaves the settings', async () => {
    const store = await stepped(1, (old) => old.write((db) => db.run("INSERT INTO settings VALUES ('a', '1')")));
    expect(tables(store)).toEqual(expect.arrayContaining(['journal_clock', 'journal_messages', 'journal_sessions']));
    expect(store.read((db) => db.all('SELECT * FROM settings'))).toEqual([{ key: 'a', value: '1' }]);
    expect(store.read((db) => db.all('SELECT * FROM journal_sessions'))).toEqual([]);
  });

  it('takes a message only with its session, and loses it with the session', async () => {
    const store = await stepped(1, () => Promise.resolve());
    const message = "INSERT INTO journal_messages VALUES (1, 1, 't', 'to-dms', 1, 1, 5, 'aa', 'x/y', 0, '{}', NULL)";
    await expect(store.write((db) => db.run(message))).rejects.toThrow('FOREIGN KEY');
    await store.write((db) => {
      db.run(
        `INSERT INTO journal_sessions (number, kind, handset, dms, virtual, started_at, recorded, clock_set_back, state, bodies)
         VALUES (1, 'relay', 'h', 'd', 1, 't', 0, 0, 'started', 'off')`,
      );
      db.run(message);
    });
    await store.write((db) => db.run('DELETE FROM journal_sessions'));
    expect(store.read((db) => db.all('SELECT * FROM journal_messages'))).toEqual([]);
  });
});

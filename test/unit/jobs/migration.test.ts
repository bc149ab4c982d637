import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { jobsMigration } from '../../../src-main/store/migrations/004-jobs.ts';
import { softwareOrdersMigration } from '../../../src-main/store/migrations/006-software-orders.ts';
import { MIGRATIONS } from '../../../src-main/store/migrations/index.ts';
import { openStore } from '../../../src-main/store/store.ts';

function openAt(file: string, newest: number) {
  const migrations = MIGRATIONS.filter(({ number }) => number <= newest);
  return openStore({ file, clock: nodeClock, migrations });
}

function scratchFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'pc-agent-jobs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, 'pc-agent.db');
}

describe('migration 4, jobs', () => {
  it('adds its tables to a database of the number before and leaves the rest as it is', async () => {
    const file = scratchFile();
    const before = openAt(file, jobsMigration.number - 1);
    await before.write((db) => db.run("INSERT INTO settings VALUES ('a', '1')"));
    await before.close();
    const after = openAt(file, jobsMigration.number);
    const names = after.read((db) =>
      db.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"),
    );
    expect(names.map(({ name }) => name)).toEqual(expect.arrayContaining(['attempts', 'jobs', 'orders', 'reports']));
    expect(after.read((db) => db.all('SELECT key FROM settings'))).toHaveLength(1);
    await after.close();
  });

  it.each([
    ['an end without its time', "UPDATE jobs SET state = 'done'"],
    ['an unknown state', "UPDATE jobs SET state = 'lost'"],
    ['a second report', "INSERT INTO reports (id, job, body, state, next_at) VALUES ('r2', 'j', '{}', 'waiting', 0)"],
    ['a report that is no JSON', "UPDATE reports SET body = 'text'"],
    ['a job of no order', "UPDATE jobs SET order_id = 'x'"],
    ['an installation of nothing', "UPDATE orders SET operation = 'install'"],
  ])('does not hold %s', async (_what, sql) => {
    const store = openAt(scratchFile(), jobsMigration.number);
    onTestFinished(() => store.close());
    await store.write((db) => {
      db.run("INSERT INTO orders (id, operation, allow_unverified, created_at) VALUES ('o', 'inventory', 0, 't')");
      db.run(
        "INSERT INTO jobs (id, order_id, handset, state, created_at, updated_at) VALUES ('j', 'o', 'h', 'queued', 't', 't')",
      );
      db.run("INSERT INTO reports (id, job, body, state, next_at) VALUES ('r', 'j', '{}', 'waiting', 0)");
    });
    await expect(store.write((db) => db.run(sql))).rejects.toThrow(/constraint failed/i);
  });
});

describe('migration 6, orders for software', () => {
  /** A database of the version before, with jobs in every state, a report, and a job that has gone. */
  async function oldDatabase(): Promise<string> {
    const file = scratchFile();
    const store = openAt(file, softwareOrdersMigration.number - 1);
    await store.write((db) => {
      db.script(`
        INSERT INTO orders VALUES ('o1', 'install', 'com.example.game', NULL, '{"text":"?","policy":"required"}', 1,
          'https://dms.example', '2026-01-01', '2026-01-02');
        INSERT INTO orders VALUES ('o2', 'remove', NULL, 'com.example.clock', NULL, 0, NULL, '2026-01-01', NULL);
        INSERT INTO orders VALUES ('o3', 'inventory', NULL, NULL, NULL, 0, NULL, '2026-01-01', NULL);
        INSERT INTO jobs (id, order_id, handset, device, package_version, package_sha256, state, begun, accepted_at, code,
            message, result_code, created_at, updated_at, ended_at) VALUES
          ('j1', 'o1', 'h', 'IMEI:1', '2.0', 'ab', 'done', 1, 't2', NULL, 'well', 1200, 't1', 't3', 't4'),
          ('j2', 'o2', 'h', 'IMEI:1', NULL, NULL, 'waiting', 1, 't2', 'bearer/lost', NULL, NULL, 't1', 't3', NULL),
          ('j3', 'o3', 'h', NULL, NULL, NULL, 'queued', 0, NULL, NULL, NULL, NULL, 't1', 't1', NULL),
          ('j4', 'o3', 'h', NULL, NULL, NULL, 'queued', 0, NULL, NULL, NULL, NULL, 't1', 't1', NULL);
        INSERT INTO attempts VALUES ('j1', 1, 't1', 't2', 'bearer/lost'), ('j1', 2, 't3', 't4', NULL);
        INSERT INTO reports (id, job, origin, body, state, tries, next_at, code, message, acknowledged_at)
          VALUES ('r1', 'j1', 'https://dms.example', '{"state":"done"}', 'waiting', 3, 17, 'dms/http-status', 'm', NULL);
        DELETE FROM jobs WHERE id = 'j4';`);
    });
    await store.close();
    return file;
  }

  const ROWS = ['orders', 'jobs', 'attempts', 'reports'] as const;
  const rowsOf = (store: ReturnType<typeof openAt>) =>
    Object.fromEntries(
      ROWS.map((table) => [table, store.read((db) => db.all<Record<string, unknown>>(`SELECT * FROM ${table}`))]),
    );

  it('keeps every row of a database of the version before, and the rules about them', async () => {
    const file = await oldDatabase();
    const before = openAt(file, softwareOrdersMigration.number - 1);
    const old = rowsOf(before);
    await before.close();
    const store = openAt(file, softwareOrdersMigration.number);
    onTestFinished(() => store.close());
    const now = rowsOf(store);
    for (const table of ROWS) {
      expect(now[table], table).toHaveLength(old[table]?.length ?? -1);
      for (const [index, row] of (old[table] ?? []).entries()) expect(now[table]?.[index], table).toMatchObject(row);
    }
    expect(store.read((db) => db.all('PRAGMA foreign_key_check'))).toEqual([]);
    const names = store.read((db) =>
      db.all<{ name: string }>("SELECT name FROM sqlite_schema WHERE name LIKE 'new_%'"),
    );
    expect(names).toEqual([]);
    // The number of the job that has gone is not given again.
    await store.write((db) =>
      db.run(
        "INSERT INTO jobs (id, order_id, handset, state, created_at, updated_at) VALUES ('j5', 'o3', 'h', 'queued', 't', 't')",
      ),
    );
    expect(store.read((db) => db.get("SELECT number FROM jobs WHERE id = 'j5'"))).toEqual({ number: 5 });
    const write = (sql: string) => store.write((db) => db.run(sql));
    await expect(write("UPDATE jobs SET state = 'failed' WHERE id = 'j1'")).rejects.toThrow('a job ends once');
    await expect(write("DELETE FROM orders WHERE id = 'o1'")).rejects.toThrow(/constraint/i);
    await expect(
      write("INSERT INTO reports (id, job, body, state, next_at) VALUES ('r2', 'j1', '{}', 'waiting', 0)"),
    ).rejects.toThrow(/constraint/i);
  });

  it.each([
    ["('o', 'update', 'p', NULL, 0, 0, 't')", true],
    ["('o', 'firmware', 'p', NULL, 0, 0, 't')", true],
    ["('o', 'activate', NULL, 'c', 0, 0, 't')", true],
    ["('o', 'install', 'p', NULL, 1, 0, 't')", true],
    ["('o', 'update', NULL, NULL, 0, 0, 't')", false],
    ["('o', 'deactivate', NULL, NULL, 0, 0, 't')", false],
    ["('o', 'activate', 'p', 'c', 0, 0, 't')", false],
    ["('o', 'update', 'p', NULL, 1, 0, 't')", false],
    ["('o', 'format', NULL, NULL, 0, 0, 't')", false],
  ])('of an order %s says %s', async (values, holds) => {
    const store = openAt(scratchFile(), softwareOrdersMigration.number);
    onTestFinished(() => store.close());
    const sql = `INSERT INTO orders (id, operation, package, component, inactive, allow_unverified, created_at) VALUES ${values}`;
    const written = store.write((db) => db.run(sql));
    if (holds) await expect(written).resolves.toMatchObject({ changes: 1 });
    else await expect(written).rejects.toThrow(/constraint/i);
  });
});

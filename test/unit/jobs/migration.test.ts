import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { jobsMigration } from '../../../src-main/store/migrations/004-jobs.ts';
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

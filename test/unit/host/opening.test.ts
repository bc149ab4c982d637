import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import { openStore } from '../../../src-main/store/store.ts';
import { testHome } from './home.ts';

const home = testHome();

it('a host opens after one that died while it removed a package, though an order waits for another', async () => {
  const own = home.places();
  await (await home.host(own)).close();
  const digest = 'ab'.repeat(32);
  const file = join(own.content, 'sha256', 'ab', 'ab', digest);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'x');
  const at = nodeClock.now().toISOString();
  const store = openStore({ file: join(own.state, 'pc-agent.db'), clock: nodeClock });
  await store.write((db) => {
    db.run("INSERT INTO cache_contents (digest, size, state, verified_at) VALUES (?, 1, 'ready', ?)", digest, at);
    db.run(
      `INSERT INTO orders (id, operation, package, allow_unverified, created_at) VALUES ('o', 'install', 'maps', 0, ?)`,
      at,
    );
    db.run(
      `INSERT INTO jobs (id, order_id, handset, state, created_at, updated_at) VALUES ('j', 'o', 'tcp:x:1', 'queued', ?, ?)`,
      ...[at, at],
    );
  });
  await store.close();
  const again = await home.host(own);
  expect(again.tasks).toEqual([]);
  await again.close();
  const after = openStore({ file: join(own.state, 'pc-agent.db'), clock: nodeClock });
  expect(after.read((db) => db.all('SELECT digest FROM cache_contents'))).toEqual([]);
  await after.close();
});

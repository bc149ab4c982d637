import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createTcpBearer } from '../../../src-main/bearer/tcp/tcp-bearer.ts';
import { plugIn } from '../offline/bench.ts';
import { QUIET, testHome } from './home.ts';

const home = testHome();

it('installs a package once on a handset that is reached at two addresses at the same time', async () => {
  const own = home.places();
  const { connection } = await home.host(own);
  const { address } = await plugIn(createTcpBearer(), {}, 'tcp:127.0.0.1:0');
  const file = join(own.state, 'maps.bin');
  writeFileSync(file, new Uint8Array(60_000));
  await connection.request('packages.add', { files: [{ file, id: 'maps' }] }, QUIET);
  const results = await Promise.all(
    [address, address.replace('127.0.0.1', 'localhost')].map((handset) =>
      connection.request('install', { handset, packages: ['maps'], consent: 'none' }, QUIET),
    ),
  );
  const states = results.flatMap(({ jobs }) => jobs.map(({ state }) => state));
  expect(states.sort()).toEqual(['done', 'skipped']);
});

import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import { writeFirmware } from '../../../src-main/fumo/firmware-package.ts';
import type { OwnOrder, OwnOutcome, OwnServer } from '../../../src-main/operations/ports.ts';
import { writeSoftware } from '../../../src-main/scomo/software-package.ts';
import { QUIET, testHome } from '../host/home.ts';

const home = testHome();
const DEVICE = 'IMEI:490154203237518';
const GAME = 'com.example.game';
const handset = 'tcp:127.0.0.1:650';

type Components = OwnOutcome['components'];

/** A host whose own server sees this on every handset, and what it was ordered. */
async function hostThatSees(components: Components) {
  const orders: OwnOrder[] = [];
  const server: OwnServer = {
    run: async (given) => {
      orders.push(...given);
      return { device: DEVICE, model: 'M1', sessions: ['1'], jobs: [], components };
    },
  };
  const own = home.places();
  const { connection } = await home.host(own, { ownServer: () => server });
  const add = async (id: string, version: string, content: string | Uint8Array = `${id} ${version}`) => {
    const file = join(own.state, 'a.bin');
    writeFileSync(file, content);
    await connection.request('packages.add', { files: [{ file, id, version }] }, QUIET);
  };
  return { connection, orders, add };
}

async function dms(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/dm`;
}

const there = (version: string, state: string) => [{ id: GAME, version, state }];

describe('the plan of an installation', () => {
  it.each([
    ['installs what is not there', [], { action: 'install' }],
    ['updates another version', there('1.0', 'active'), { action: 'update', installedVersion: '1.0' }],
    ['installs again what is not in use', there('2.0', 'inactive'), { action: 'install', installedVersion: '2.0' }],
    ['skips what is there', there('2.0', 'active'), { action: 'skip', code: 'offline/nothing-to-do' }],
    ['refuses a handset without software management', undefined, { action: 'refuse', code: 'scomo/absent' }],
  ])('%s', async (_what, components: Components, expected) => {
    const { connection, orders, add } = await hostThatSees(components);
    await add(GAME, '2.0');
    const plan = await connection.request('install.plan', { handset, packages: [GAME] }, QUIET);
    const travels = expected.action === 'install' || expected.action === 'update';
    expect(plan).toMatchObject({ device: DEVICE, model: 'M1', virtual: false, items: [expected] });
    expect(plan.bytes).toBe(travels ? plan.items[0]?.size : 0);
    expect(orders).toEqual([]);
    expect(plan).not.toHaveProperty('reportTo');
  });

  it('names the DM server that will be told', async () => {
    const { connection, add } = await hostThatSees([]);
    await add(GAME, '2.0');
    await connection.request('dms.add', { name: 'one', url: 'http://dms.example/dm' }, QUIET);
    const plan = (reportTo?: string) =>
      connection.request(
        'install.plan',
        { handset, packages: [GAME], ...(reportTo === undefined ? {} : { reportTo }) },
        QUIET,
      );
    expect(await plan()).toMatchObject({ reportTo: 'http://dms.example' });
    expect(await plan('https://other.example/x')).toMatchObject({ reportTo: 'https://other.example' });
    await expect(plan('nobody')).rejects.toMatchObject({ code: 'dms/profile-unknown' });
  });

  it('goes by the list of a DM server that has one', async () => {
    const { connection } = await hostThatSees(there('1.0', 'active'));
    const entry = { id: GAME, name: 'Game', version: '2.0', size: 5, sha256: 'ab'.repeat(32), url: '/packages/a' };
    const url = await dms((request, response) =>
      response.end(request.url === '/packages/index.json' ? JSON.stringify([entry]) : 'no'),
    );
    const plan = await connection.request('install.plan', { handset, packages: [GAME, 'none'], dms: url }, QUIET);
    expect(plan).toMatchObject({
      dms: url,
      bytes: 5,
      items: [
        { name: 'Game', size: 5, action: 'update', installedVersion: '1.0', trust: 'verified' },
        { package: 'none', action: 'refuse', code: 'cache/manifest-entry-absent' },
      ],
    });
    expect(plan).not.toHaveProperty('reportTo');
  });

  it('makes no estimate for a DM server that does not say what it has', async () => {
    const { connection } = await hostThatSees([]);
    const url = await dms((_request, response) => {
      response.statusCode = 404;
      response.end();
    });
    const plan = await connection.request('install.plan', { handset, packages: [GAME], dms: url }, QUIET);
    expect(plan).toMatchObject({ bytes: 0, items: [{ package: GAME, action: 'install', trust: 'unverified' }] });
    expect(plan).not.toHaveProperty('seconds');
  });
});

describe('what faces see of the host', () => {
  it('holds settings and ledger, and every change of them', async () => {
    const { connection } = await hostThatSees([]);
    const url = await dms((_request, response) => void response.end('no'));
    const stop = new AbortController();
    const changes: unknown[] = [];
    const states: { settings?: unknown; ledger: readonly unknown[] }[] = [];
    const following = connection.follow((update) => {
      if (update.kind === 'snapshot') states.push(update.state);
      if (update.kind === 'change') changes.push(update.change);
    }, stop.signal);
    expect(states).toMatchObject([{ settings: { journalBodies: { days: 7 } }, ledger: [] }]);
    await connection.request('settings.set', { journalBodies: { days: 1, bytes: 5 } }, QUIET);
    expect(changes).toContainEqual({ kind: 'settings', settings: { journalBodies: { days: 1, bytes: 5 } } });
    await connection.request('dms.test', { dms: url }, QUIET);
    const row = { host: '127.0.0.1', port: Number(new URL(url).port), initiator: 'dms-test' };
    expect(changes).toContainEqual({ kind: 'ledger', row: expect.objectContaining(row) });
    stop.abort();
    await following;
    const again = connection.follow((update) => {
      if (update.kind === 'snapshot') states.push(update.state);
    }, stop.signal);
    await again;
    expect(states[1]).toMatchObject({ settings: { journalBodies: { days: 1, bytes: 5 } } });
    expect(states[1]?.ledger).toContainEqual(expect.objectContaining(row));
  });
});

describe('the plan of packages that are installed whole', () => {
  const content = new Uint8Array(10);
  const bundle = writeSoftware(
    [
      { id: 'app', name: 'App', version: '2.0', needs: [{ id: 'vm', version: '1.5' }], content },
      { id: 'help', name: 'Help', version: '1.0', needs: [{ id: 'app' }], content },
    ],
    { digest: nodeDigest },
  );
  const vm = writeSoftware([{ id: 'vm', name: 'VM', version: '1.5', needs: [], content }], { digest: nodeDigest });
  const firmware = writeFirmware({ model: 'M1', from: [], to: '2' }, content, nodeDigest);

  it('tells each component and each need, refuses what would not find another, and sees what goes first', async () => {
    const { connection, orders, add } = await hostThatSees([
      { id: 'app', version: '1.0', state: 'active' },
      { id: 'help', version: '1.0', state: 'active' },
      { id: 'vm', version: '1.0', state: 'active' },
    ]);
    await add('bundle', '2.0', bundle);
    await add('machine', '1.5', vm);
    await add('radio', '2', firmware);
    await add('torn', '1', bundle.subarray(0, 60));
    const plan = async (...packages: string[]) =>
      (await connection.request('install.plan', { handset, packages }, QUIET)).items;
    const components = [
      { id: 'app', version: '2.0', installedVersion: '1.0', change: 'update' },
      { id: 'help', version: '1.0', installedVersion: '1.0', change: 'keep' },
    ];
    expect(await plan('bundle')).toMatchObject([
      {
        ...{
          action: 'refuse',
          code: 'offline/needs-missing',
          message: 'app needs vm 1.5, and there is 1.0',
          components,
        },
        needs: [
          { component: 'app', id: 'vm', version: '1.5', met: false },
          { component: 'help', id: 'app', met: true },
        ],
      },
    ]);
    expect(await plan('machine', 'bundle')).toMatchObject([
      { action: 'update', components: [{ id: 'vm', change: 'update' }] },
      { action: 'update', components, needs: [{ met: true }, { met: true }] },
    ]);
    expect(await plan('radio', 'torn')).toMatchObject([
      { action: 'refuse', code: 'offline/wrong-kind' },
      { action: 'refuse', code: 'offline/package-damaged' },
    ]);
    expect(orders).toEqual([]);
  });

  it('and an update without names takes the newest of what is newer, and nothing twice', async () => {
    const { connection, orders, add } = await hostThatSees([
      { id: 'app', version: '1.0', state: 'active' },
      { id: 'vm', version: '2.0', state: 'active' },
    ]);
    const update = () => connection.request('update', { handset }, QUIET);
    expect(await update()).toMatchObject({ operation: 'update', jobs: [], sessions: ['1'] });
    await add('app', '1.5');
    await add('vm', '1.9');
    await add('other', '3');
    await add('radio', '2', firmware);
    await add(
      'lone',
      '9',
      writeSoftware([{ id: 'app', name: 'A', version: '9', needs: [{ id: 'gone' }], content }], { digest: nodeDigest }),
    );
    await update();
    expect(orders.splice(0)).toMatchObject([{ operation: 'update', package: 'app' }]);
    await add('bundle', '2.0', bundle);
    await update();
    expect(orders).toMatchObject([
      { operation: 'update', package: 'bundle', consent: { text: 'Update a to 2.0?', policy: 'if-possible' } },
    ]);
  });
});

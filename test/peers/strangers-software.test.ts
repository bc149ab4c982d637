/**
 * Our DM server drives the software and the firmware of handsets that are not ours, each with what standards allow or
 * devices are known to do.
 */
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect } from 'vitest';
import type { JobAnswer } from '../support/dms-client.ts';
import { MessageRecord } from '../support/message-record.ts';
import { type OurDms, ourDms } from '../support/our-three.ts';
import { onStage, type Stage } from '../support/processes.ts';
import { dumpFlag, expectSameMessages, keepDump, strangersTest } from './support/strangers.ts';

const record = new MessageRecord();
const GAME = 'com.example.game';
const CLOCK = 'com.example.clock';
const FIRMWARE = 'com.example.peer-firmware';
const X = './FwUpdate/Package1';
const XML = ['--encoding', 'xml'];
const CONTENT = randomBytes(20_000);

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Packages of our DM server: a game, a newer clock, and firmware for the handsets of `test/peers`. */
async function packages(stage: Stage): Promise<string> {
  const folder = join(stage.folder, 'packages');
  await mkdir(folder);
  const put = async (file: string, content: Uint8Array, facts: object) => {
    await writeFile(join(folder, file), content);
    await writeFile(join(folder, `${file}.json`), JSON.stringify(facts));
  };
  await put('game.bin', CONTENT, { id: GAME, name: 'game-2.0', version: '2.0' });
  await put('clock.bin', CONTENT, { id: CLOCK, name: 'Clock 1.5', version: '1.5' });
  const payload = randomBytes(3_000);
  const facts = { model: 'Peer-1', from: [], to: '2.0', size: payload.length, sha256: sha256(payload) };
  const lines = Buffer.from(`PC-AGENT-FIRMWARE 1\n${JSON.stringify(facts)}\n`);
  await put('fw.bin', Buffer.concat([lines, payload]), { id: FIRMWARE, name: 'firmware', version: '2.0' });
  return folder;
}

interface Wish {
  readonly operation: string;
  readonly [field: string]: unknown;
}

const install = (software: object = {}, more: object = {}): Wish => ({
  operation: 'install',
  package: GAME,
  software,
  ...more,
});
const component = (operation: string, id: string): Wish => ({ operation, component: id });
const firmware = (wish: object, more: object = {}): Wish => ({
  operation: 'firmware',
  package: FIRMWARE,
  firmware: wish,
  ...more,
});
const INVENTORY: Wish = { operation: 'inventory' };

let devices = 0;

async function ordered(dms: OurDms, wishes: readonly Wish[]) {
  devices += 1;
  const imei = `4901542032${String(devices).padStart(5, '0')}`;
  const ids: string[] = [];
  for (const { operation, ...more } of wishes) ids.push(await dms.client.post(`IMEI:${imei}`, operation, more));
  return { imei, ids, device: `IMEI:${imei}` };
}

/** One handset over HTTP, and what became of its jobs. */
async function served(stage: Stage, dms: OurDms, wishes: readonly Wish[], ...flags: readonly string[]) {
  const { imei, ids, device } = await ordered(dms, wishes);
  const dump = dumpFlag(stage, imei);
  const handset = stage.peer('handset.py', '--http', dms.url, '--imei', imei, ...flags, ...dump);
  const held = await handset.result();
  await keepDump(stage, imei, record, flags.join(' '));
  return { held, jobs: await dms.client.jobs(ids), device };
}

const EVERYTHING: readonly Wish[] = [
  INVENTORY,
  install({ activate: false }),
  component('activate', GAME),
  component('deactivate', CLOCK),
  { operation: 'update', package: CLOCK },
  INVENTORY,
  component('remove', GAME),
  { operation: 'remove', package: GAME },
  install({ delivery: 'download', descriptor: true }),
  component('remove', GAME),
  install({ delivery: 'download', activate: false }),
  component('remove', GAME),
  { operation: 'remove', package: GAME },
  install({ delivery: 'download', install: false }),
  install({ delivery: 'present' }),
  INVENTORY,
  firmware({ delivery: 'object', update: false }),
  firmware({ delivery: 'present' }),
  firmware({ delivery: 'download', descriptor: true }),
  firmware({ delivery: 'download-and-update' }),
];

/** What a handset has in the end when all of that went well. */
const HELD = {
  ...{ exit: 0, ok: true, problems: [], pendingAlerts: 0 },
  installed: expect.arrayContaining([
    { id: CLOCK, version: '1.5', sha256: sha256(CONTENT) },
    { id: GAME, version: '2.0', sha256: sha256(CONTENT) },
  ]),
  deployed: expect.arrayContaining([
    { id: CLOCK, version: '1.5', state: '20' },
    { id: GAME, version: '2.0', state: '20' },
  ]),
  delivered: expect.arrayContaining([{ id: GAME, state: '20', status: '10' }]),
};

function expectEverything(jobs: readonly JobAnswer[], { firmwareAt = X, synchronous = false } = {}): void {
  const codes = jobs.map(({ state, resultCode }) => [state, resultCode]);
  const reported = synchronous ? [['done', undefined]] : [['done', 200]];
  expect(codes).toEqual(
    EVERYTHING.map(({ operation, firmware: wish }) => {
      if (operation === 'inventory') return ['done', undefined];
      if (operation !== 'firmware') return ['done', 1200];
      return (wish as { update?: boolean }).update === false ? ['done', undefined] : reported[0];
    }),
  );
  const clock = { id: CLOCK, version: '1.5', state: 'active', pkgId: CLOCK };
  const game = { id: GAME, version: '2.0', state: 'active', pkgId: GAME };
  expect(jobs[0]?.inventory).toContainEqual(expect.objectContaining({ id: CLOCK, version: '1.0', state: 'active' }));
  for (const index of [5, 15]) {
    expect(jobs[index]?.inventory).toContainEqual(expect.objectContaining(game));
    expect(jobs[index]?.inventory).toContainEqual(expect.objectContaining(clock));
  }
  expect(jobs[1]?.softwareFacts?.difference?.added).toContainEqual(
    expect.objectContaining({ ...game, state: 'inactive' }),
  );
  expect(jobs.slice(16).map(({ firmwareFacts }) => firmwareFacts)).toMatchObject([
    { object: firmwareAt, before: '1.0', after: '1.0', state: 50 },
    ...Array.from({ length: 3 }, () => ({ object: firmwareAt, after: '2.0' })),
  ]);
}

describe('our DM server, and our own, with handsets that are not ours', () => {
  strangersTest('drive software and firmware of one with 200 components, through the relay, in WBXML', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage, '--packages', await packages(stage));
      const { imei, ids, device } = await ordered(dms, EVERYTHING);
      const handset = stage.peer(
        'handset.py',
        ...[
          '--listen',
          '127.0.0.1:0',
          '--sessions',
          '1',
          '--imei',
          imei,
          '--components',
          '200',
          ...dumpFlag(stage, 'h'),
        ],
      );
      const trigger = ['--trigger', dms.client.triggerUrl(device), '--count', '1'];
      const relay = stage.agent('relay', '--handset', await handset.address(), ...trigger, '--dms', dms.url);
      expect(await relay.result()).toMatchObject({ exit: 0, state: 'done' });
      expect(await handset.result()).toMatchObject(HELD);
      const jobs = await dms.client.jobs(ids);
      expectEverything(jobs);
      const parts = jobs[0]?.inventory?.filter(({ id }) => id.startsWith('com.example.part.'));
      expect(parts).toHaveLength(200);
      expect(parts?.[199]).toEqual({
        ...{ id: 'com.example.part.200', name: 'Part <200> & é', version: '1.200', state: 'active' },
        ...{ pkgId: 'com.example.parts', status: 10 },
      });
      expectSameMessages(handset, dms.program);
      await keepDump(stage, 'h', record, 'a handset with 200 components');
    }),
  );

  strangersTest('drive those with what standards allow and drafts had', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage, '--packages', await packages(stage));
      const final = await served(stage, dms, EVERYTHING, ...XML, '--variant', 'sync,keeps-data');
      expectEverything(final.jobs, { synchronous: true });
      expect(final.held).toMatchObject({
        ...HELD,
        firmware: { version: '2.0', states: expect.arrayContaining([50, 90]) },
      });
      // A leaf at a time.
      const odd = ['--variant', 'alert-first,cdata,two,job-vanishes,no-list', '--components', '12'];
      const few = [install({ activate: false }), component('activate', GAME), { operation: 'update', package: CLOCK }];
      const first = await served(stage, dms, [...few, firmware({ delivery: 'object' }), INVENTORY], ...XML, ...odd);
      expect(first.jobs.map(({ state, resultCode }) => [state, resultCode])).toEqual([
        ...[1200, 1200, 1200, 200, undefined].map((code) => ['done', code]),
      ]);
      expect(first.held).toMatchObject(HELD);
      expect(first.jobs[4]?.inventory).toHaveLength(16);
      const drafts = 'draft-alert,state-chr,node-ops,misspelt,segment,operation-source';
      const roots = ['--scomo-root', './Software', '--fumo-root', './FwUpdate/x'];
      const draft = await served(stage, dms, EVERYTHING, ...XML, '--variant', drafts, ...roots);
      expectEverything(draft.jobs, { firmwareAt: './FwUpdate/x' });
      expect(draft.held).toMatchObject(HELD);
    }),
  );

  strangersTest('hear of failures, refusals, and of what ends in a later session', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage, '--packages', await packages(stage));
      const few = [install(), firmware({ delivery: 'object' })];
      const more = [
        ...[component('deactivate', CLOCK), component('remove', CLOCK), install({ delivery: 'download' }), install()],
        ...[firmware({ delivery: 'object' }), firmware({ delivery: 'download-and-update' }), INVENTORY],
      ];
      const failing = async (
        wishes: readonly Wish[],
        software: number,
        update: number,
        ...flags: readonly string[]
      ) => {
        const results = ['--install-result', String(software), '--update-result', String(update)];
        const { jobs, held } = await served(stage, dms, wishes, ...XML, ...results, ...flags);
        const { inventory } = jobs.at(-1) ?? {};
        if (wishes === more) expect(inventory).toMatchObject([{ id: CLOCK, version: '1.0', state: 'active' }]);
        const ordered = jobs.filter(({ operation }) => operation !== 'inventory');
        for (const { state, message } of ordered) expect([state, message]).toEqual(['failed', expect.any(String)]);
        return { codes: ordered.map(({ resultCode }) => resultCode), held };
      };
      const kept = await failing(more, 1405, 410, '--variant', 'keeps-data');
      expect(kept.codes).toEqual([1405, 1405, 1405, 1405, 410, 410]);
      expect(kept.held).toMatchObject({ ok: true, delivered: [{ status: '50' }, { status: '50' }] });
      const gone = await failing(more, 1407, 404, '--variant', 'drop-data,verizon,draft-alert');
      expect(gone.codes).toEqual([1407, 1407, 1407, 1407, 404, 404]);
      expect(gone.held).toMatchObject({ ok: true, delivered: [{ status: '70' }] });
      // Codes that no table has, and a final Status.
      expect((await failing(few, 1466, 577, '--variant', 'drop-data')).codes).toEqual([1466, 577]);
      expect((await failing(few, 1405, 410, '--variant', 'sync')).codes).toEqual([undefined, undefined]);

      const asking = (policy: string) => install({ consent: { text: 'Now?', policy } });
      const no = await served(stage, dms, [asking('required'), INVENTORY], ...XML, '--user-says', 'no');
      expect(no.jobs).toMatchObject([
        { state: 'failed', message: expect.stringContaining('304') },
        { inventory: [{ id: CLOCK }] },
      ]);

      const late = await served(stage, dms, [install(), INVENTORY], ...XML, '--late-alert', '--sessions', '3');
      expect(late.jobs).toMatchObject([{ state: 'done', resultCode: 1200 }, { state: 'done' }]);
      const wish = firmware({ delivery: 'download-and-update' });
      const down = await served(stage, dms, [wish], ...XML, '--variant', 'reboots,operation-source', '--sessions', '2');
      expect(down.jobs).toMatchObject([
        { state: 'done', resultCode: 200, firmwareFacts: { before: '1.0', after: '2.0' } },
      ]);
      for (const who of ['user', 'device']) {
        const { device, held } = await served(stage, dms, [], ...XML, '--ask', who);
        expect(held).toMatchObject({ ok: true, pendingAlerts: 0, firmware: { version: '2.0' } });
        expect(await dms.client.all(device)).toMatchObject([
          { operation: 'firmware', state: 'done', resultCode: 200, firmware: { requested: who } },
        ]);
      }
    }),
  );

  strangersTest('install with no network what this PC keeps, read and remove', () =>
    onStage(async (stage) => {
      const file = join(stage.folder, 'game.bin');
      await writeFile(file, CONTENT);
      const added = ['--id', GAME, '--name', 'game-2.0', '--version', '2.0'];
      expect(await stage.agent('packages', 'add', file, ...added).result()).toMatchObject({ exit: 0 });
      const handset = stage.peer(
        'handset.py',
        ...[
          '--listen',
          '127.0.0.1:0',
          '--sessions',
          '0',
          '--server-id',
          'pc-agent',
          '--server-password',
          'agent-secret',
        ],
        ...['--variant', 'draft-alert,misspelt', '--scomo-root', './Apps/Store', ...dumpFlag(stage, 'h')],
      );
      const at = ['--handset', await handset.address(), '--offline'];
      const run = (command: string, ...more: readonly string[]) => stage.agent(command, ...at, ...more).result();
      const clock = { id: CLOCK, version: '1.0', state: 'active', uri: './Apps/Store/Inventory/Deployed/clock' };
      expect(await run('inventory')).toMatchObject({ exit: 0, ok: true, components: [clock] });
      const game = { id: GAME, version: '2.0', state: 'active', pkgId: GAME, status: 10 };
      expect(await run('install', '--package', GAME)).toMatchObject({
        ...{ exit: 0, ok: true, jobs: [{ package: GAME, state: 'done', resultCode: 1200 }] },
        components: [clock, game],
      });
      expect(await run('remove', '--component', CLOCK)).toMatchObject({
        ...{ exit: 0, ok: true, jobs: [{ component: CLOCK, state: 'done', resultCode: 1200 }] },
        components: [game],
      });
      expect(await handset.terminate()).toMatchObject({
        ...{ exit: 0, ok: true, problems: [], pendingAlerts: 0 },
        installed: [{ id: GAME, sha256: sha256(CONTENT) }],
        deployed: [{ id: GAME, version: '2.0', state: '20' }],
      });
      await keepDump(stage, 'h', record, 'our own server');
    }),
  );

  strangersTest('write and get messages that libwbxml reads as we read them', async () => {
    expect(record.size).toBeGreaterThan(150);
    expect(await record.disagreements()).toEqual([]);
  });
});

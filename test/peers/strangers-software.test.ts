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
  install({ delivery: 'download', activate: false }),
  component('remove', GAME),
  { operation: 'remove', package: GAME },
  install({ delivery: 'download', install: false, descriptor: true }),
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

const endings = (jobs: readonly JobAnswer[]) => jobs.map(({ state, resultCode }) => [state, resultCode]);

function expectEverything(jobs: readonly JobAnswer[]): void {
  expect(endings(jobs)).toEqual(
    EVERYTHING.map(({ operation, firmware: wish }) => {
      if (operation === 'inventory') return ['done', undefined];
      if (operation !== 'firmware') return ['done', 1200];
      return (wish as { update?: boolean }).update === false ? ['done', undefined] : ['done', 200];
    }),
  );
  const clock = { id: CLOCK, version: '1.5', state: 'active', pkgId: CLOCK };
  const game = { id: GAME, version: '2.0', state: 'active', pkgId: GAME };
  expect(jobs[0]?.inventory).toContainEqual(expect.objectContaining({ id: CLOCK, version: '1.0', state: 'active' }));
  for (const index of [5, 13]) {
    expect(jobs[index]?.inventory).toContainEqual(expect.objectContaining(game));
    expect(jobs[index]?.inventory).toContainEqual(expect.objectContaining(clock));
  }
  expect(jobs[1]?.softwareFacts?.difference?.added).toContainEqual(
    expect.objectContaining({ ...game, state: 'inactive' }),
  );
  expect(jobs.slice(14).map(({ firmwareFacts }) => firmwareFacts)).toMatchObject([
    { object: X, before: '1.0', after: '1.0', state: 50 },
    ...Array.from({ length: 3 }, () => ({ object: X, after: '2.0' })),
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
      const few = [install({ activate: false }), component('activate', GAME), { operation: 'update', package: CLOCK }];
      const wishes = [...few, firmware({ delivery: 'object' }), INVENTORY];
      const final = await served(stage, dms, wishes, ...XML, '--variant', 'sync,keeps-data');
      // FUMO knows no final Status in place of an alert, so no result code is wanted of it.
      expect(endings(final.jobs.slice(0, 3))).toEqual(Array(3).fill(['done', 1200]));
      expect(final.jobs[3]).toMatchObject({ state: 'done', firmwareFacts: { before: '1.0', after: '2.0', state: 90 } });
      expect(final.held).toMatchObject({
        ...HELD,
        firmware: { version: '2.0', states: expect.arrayContaining([50, 90]) },
      });
      // A leaf at a time.
      const odd = ['--variant', 'alert-first,cdata,two,job-vanishes,no-list', '--components', '12'];
      const first = await served(stage, dms, wishes, ...XML, ...odd);
      expect(endings(first.jobs)).toEqual([1200, 1200, 1200, 200, undefined].map((code) => ['done', code]));
      expect(first.held).toMatchObject(HELD);
      expect(first.jobs[4]?.inventory).toHaveLength(16);
      const drafts = 'draft-alert,state-chr,node-ops,misspelt,segment,operation-source';
      const roots = ['--scomo-root', './Software', '--fumo-root', './FwUpdate/x'];
      const draft = await served(
        ...([stage, dms] as const),
        [
          ...[install({ delivery: 'download', activate: false }), component('activate', GAME)],
          ...[{ operation: 'update', package: CLOCK }, component('deactivate', CLOCK), component('activate', CLOCK)],
          ...[firmware({ delivery: 'object' }), firmware({ delivery: 'download-and-update' }), INVENTORY],
        ],
        ...[...XML, '--variant', drafts, ...roots],
      );
      const codes = [1200, 1200, 1200, 1200, 1200, 200, 200, undefined];
      expect(endings(draft.jobs)).toEqual(codes.map((code) => ['done', code]));
      expect(draft.jobs[6]?.firmwareFacts).toMatchObject({ object: './FwUpdate/x', after: '2.0' });
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
      const gone = await failing(few, 1407, 404, '--variant', 'drop-data,verizon,draft-alert');
      expect(gone.codes).toEqual([1407, 404]);
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

      // Alerts that nobody ordered, with codes of no table, and each of the ordered ones ten times.
      const noisy = await served(stage, dms, [...few, INVENTORY], ...XML, '--variant', 'stray,ten-times');
      expect(endings(noisy.jobs)).toEqual([1200, 200, undefined].map((code) => ['done', code]));
      expect(noisy.jobs[2]?.inventory).toMatchObject([{ id: CLOCK, version: '1.0' }, { id: GAME }]);
      expect(noisy.held).toMatchObject({ ok: true, problems: [], pendingAlerts: 0 });
      expect(await dms.client.all(noisy.device)).toHaveLength(3);

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

  strangersTest('install with no network what this PC keeps, activate, update, read and remove', () =>
    onStage(async (stage) => {
      const folder = await packages(stage);
      const keep = (file: string, id: string, name: string, version: string) =>
        stage.agent('packages', 'add', join(folder, file), '--id', id, '--name', name, '--version', version).result();
      await keep('game.bin', GAME, 'game-2.0', '2.0');
      await keep('clock.bin', CLOCK, 'Clock 1.5', '1.5');
      await keep('fw.bin', FIRMWARE, 'firmware', '2.0');
      const peer = (...flags: readonly string[]) =>
        stage.peer(
          'handset.py',
          ...['--listen', '127.0.0.1:0', '--sessions', '0', '--server-id', 'pc-agent'],
          ...['--server-password', 'agent-secret', '--scomo-root', './Apps/Store', ...flags],
        );
      const handset = peer('--variant', 'draft-alert,misspelt', ...dumpFlag(stage, 'h'));
      const address = await handset.address();
      const run = (command: string, ...more: readonly string[]) =>
        stage.agent(command, '--handset', address, '--offline', ...more).result();
      const done = (resultCode: number, more: object) => ({
        ...{ exit: 0, ok: true, jobs: [{ state: 'done', resultCode, difference: expect.objectContaining(more) }] },
      });
      const changed = (id: string, field: string, before: string, after: string) => ({ id, field, before, after });
      const clock = { id: CLOCK, version: '1.0', state: 'active', uri: './Apps/Store/Inventory/Deployed/clock' };
      const game = { id: GAME, version: '2.0', state: 'active', pkgId: GAME, status: 10 };
      expect(await run('install', '--package', GAME, '--inactive')).toMatchObject({
        ...done(1200, { added: [expect.objectContaining({ ...game, state: 'inactive' })] }),
        components: [clock, { ...game, state: 'inactive' }],
      });
      expect(await run('activate', '--component', GAME)).toMatchObject(
        done(1200, { added: [], removed: [], changed: [changed(GAME, 'state', 'inactive', 'active')] }),
      );
      expect(await run('update')).toMatchObject({
        ...done(1200, { changed: expect.arrayContaining([changed(CLOCK, 'version', '1.0', '1.5')]) }),
        components: [{ ...clock, version: '1.5' }, game],
      });
      const gone = await run('remove', '--component', CLOCK);
      expect(gone).toMatchObject({ ...done(1200, { added: [], changed: [] }), components: [game] });
      const updated = done(200, { changed: expect.arrayContaining([changed('firmware', 'version', '1.0', '2.0')]) });
      expect(await run('firmware', '--package', FIRMWARE)).toMatchObject(updated);
      expect(await handset.terminate()).toMatchObject({
        ...{ exit: 0, ok: true, problems: [], pendingAlerts: 0, firmware: { version: '2.0' } },
        installed: [{ id: GAME, sha256: sha256(CONTENT) }],
        deployed: [{ id: GAME, version: '2.0', state: '20' }],
      });

      // It says how that ended only in a session of later.
      const odd = ['--late-alert', '--variant', 'operation-source', '--encoding', 'xml', '--imei', '490154203299999'];
      const late = peer(...odd, ...dumpFlag(stage, 'late'));
      const there = ['--handset', await late.address(), '--offline'];
      expect(await stage.agent('firmware', ...there, '--package', FIRMWARE).result()).toMatchObject(updated);
      expect(await late.terminate()).toMatchObject({ exit: 0, ok: true, sessions: [{}, {}], pendingAlerts: 0 });
      await keepDump(stage, 'late', record, 'our own server, later');
      await keepDump(stage, 'h', record, 'our own server');
    }),
  );

  strangersTest('write and get messages that libwbxml reads as we read them', async () => {
    expect(record.size).toBeGreaterThan(150);
    expect(await record.disagreements()).toEqual([]);
  });
});

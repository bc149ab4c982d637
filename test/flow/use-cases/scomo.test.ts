/** Software: DM server, relay and handset as processes of their own. Ids are those of the use cases. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import { writeSoftware } from '../../../src-main/scomo/software-package.ts';
import type { JobAnswer } from '../../support/dms-client.ts';
import {
  alertsAt,
  calling,
  DEVICE,
  expectTransparent,
  GAME,
  ourDms,
  ourHandset,
  relayed,
} from '../../support/our-three.ts';
import { onStage } from '../../support/processes.ts';

const MAPS = 'com.example.maps';
const CLOCK = 'com.example.clock';
const NOTES = 'com.example.notes';
const SUITE = 'com.example.suite';
const keys = generateKeyPairSync('ed25519');

const statesOf = (job: JobAnswer) =>
  Object.fromEntries((job.inventory ?? []).map(({ id, version, state }) => [id, `${version} ${state}`]));

const FACTORY = { [CLOCK]: '1.4 active', [NOTES]: '1.0 inactive' };
const UNCHANGED = { added: [], removed: [], changed: [] };

/** A suite of two components that need each other, the second also the clock in a version. */
function suite(folder: string, { clock = '1.4', broken = false, key = keys.privateKey } = {}): string {
  const packages = join(folder, 'packages');
  mkdirSync(packages, { recursive: true });
  const octets = (text: string) => new TextEncoder().encode(text.repeat(1000));
  const bytes = writeSoftware(
    [
      { id: CLOCK, name: 'Clock', version: '2.0', needs: [{ id: 'com.example.zones' }], content: octets('clock') },
      {
        id: 'com.example.zones',
        name: 'Zones',
        version: '1.0',
        needs: [{ id: CLOCK, version: clock }],
        content: octets('zones'),
      },
    ],
    { digest: nodeDigest, sign: (signed) => sign(null, signed, key) },
  );
  if (broken) bytes[bytes.length - 1] = 0;
  writeFileSync(join(packages, 'suite.bin'), bytes);
  writeFileSync(join(packages, 'suite.bin.json'), JSON.stringify({ id: SUITE, name: 'suite', version: '2.0' }));
  return packages;
}

describe('software', () => {
  it('ACT-10 PCA-01 SCOMO-F1-N1 SCOMO-F1-N2 SCOMO-F1-N3 SCOMO-F1-N4 SCOMO-F1-N5 SCOMO-F1-A3 SCOMO-F3-N1 SCOMO-F3-N2 SCOMO-F3-N3 SCOMO-F3-N4 SCOMO-F3-A2 SCOMO-F5-N1 SCOMO-F5-N2 SCOMO-UC1-N1 SCOMO-UC1-N2: queued jobs deliver, install, deactivate, activate and remove, each with 202, an alert and its difference', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage);
      const handset = await ourHandset(stage);
      const { client } = dms;
      const delivered = await client.post(DEVICE, 'install', { package: GAME, software: { install: false } });
      const install = await client.post(DEVICE, 'install', {
        package: GAME,
        software: { delivery: 'present', activate: false },
      });
      const activate = await client.post(DEVICE, 'activate', { component: GAME });
      const deactivate = await client.post(DEVICE, 'deactivate', { component: CLOCK });
      const between = await client.post(DEVICE, 'inventory');
      const gone = await client.post(DEVICE, 'remove', { component: NOTES });
      const dropped = await client.post(DEVICE, 'remove', { package: GAME });
      const after = await client.post(DEVICE, 'inventory');
      await relayed(stage, dms, handset.address);
      expect(await client.job(delivered)).toMatchObject({ state: 'done', softwareFacts: { difference: UNCHANGED } });
      const ordered = await client.jobs([install, activate, deactivate, gone, dropped]);
      for (const job of ordered) expect(job).toMatchObject({ state: 'done', resultCode: 1200 });
      expect(ordered[0]?.softwareFacts?.difference).toMatchObject({ added: [{ id: GAME, state: 'inactive' }] });
      const changed = (id: string, before: string, now: string) => [{ id, field: 'state', before, after: now }];
      expect(ordered[1]?.softwareFacts?.difference?.changed).toEqual(changed(GAME, 'inactive', 'active'));
      expect(ordered[2]?.softwareFacts?.difference?.changed).toEqual(changed(CLOCK, 'active', 'inactive'));
      expect(ordered[3]?.softwareFacts?.difference?.removed).toMatchObject([{ id: NOTES, version: '1.0' }]);
      expect((await client.job(between)).inventory).toContainEqual({
        ...{ id: GAME, name: 'game', version: '2.0', state: 'active', pkgId: GAME, status: 10 },
      });
      expect(statesOf(await client.job(between))).toEqual({
        [CLOCK]: '1.4 inactive',
        [NOTES]: '1.0 inactive',
        [GAME]: '2.0 active',
      });
      expect(statesOf(await client.job(after))).toEqual({ [CLOCK]: '1.4 inactive', [GAME]: '2.0 active' });
      expect(alertsAt(dms).map((alert) => (alert as { correlator?: string }).correlator)).toEqual([
        install,
        activate,
        deactivate,
        gone,
        dropped,
      ]);
      expectTransparent(handset.program, dms.program);
      const offered = (await client.packages()).find(({ id }) => id === GAME);
      // Octet by octet what was offered, which is longer than any message.
      const component = { id: GAME, version: '2.0', state: 20, sha256: offered?.sha256 };
      expect(await handset.program.terminate()).toMatchObject({ components: expect.arrayContaining([component]) });
    }));

  it('SCOMO-F2-N1 SCOMO-F2-N2 SCOMO-F2-N3 SCOMO-F2-N4 SCOMO-F2-N5 SCOMO-F2-N6 SCOMO-F2-N7 SCOMO-F2-A3 SCOMO-F3-A3 SCOMO-F4-N1 SCOMO-F4-N2 SCOMO-F4-N3 SCOMO-F4-N4 SCOMO-F4-N5: the handset fetches packages by itself, installs them at once, leaves them inactive, or keeps them, and says so by one alert each', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage);
      const handset = await ourHandset(stage, '--encoding', 'xml');
      const { client } = dms;
      const download = { delivery: 'download' };
      const both = await client.post(DEVICE, 'install', {
        package: GAME,
        software: { ...download, descriptor: true },
      });
      const inactive = await client.post(DEVICE, 'install', {
        package: MAPS,
        software: { ...download, activate: false },
      });
      const only = await client.post(DEVICE, 'install', { package: MAPS, software: { ...download, install: false } });
      const after = await client.post(DEVICE, 'inventory');
      await relayed(stage, dms, handset.address);
      for (const job of await client.jobs([both, inactive, only])) {
        expect(job).toMatchObject({ state: 'done', resultCode: 1200 });
      }
      expect(statesOf(await client.job(after))).toEqual({
        ...FACTORY,
        [GAME]: '2.0 active',
        [MAPS]: '1.1 inactive',
      });
      expect(alertsAt(dms)).toMatchObject(
        ['DownloadInstall', 'DownloadInstallInactive', 'Download'].map((name, index) => ({
          resultCode: 1200,
          uri: expect.stringMatching(new RegExp(`^\\./SCM/Download/[^/]+/Operations/${name}$`)),
          correlator: [both, inactive, only][index],
        })),
      );
      // The one that came by a descriptor was notified too.
      const answer = await fetch(new URL('/api/v1/installations', dms.url));
      const { installations } = (await answer.json()) as { readonly installations: readonly object[] };
      expect(installations).toMatchObject([{ file: `${GAME}-2.0.bin`, code: 900, success: true }]);
    }));

  it('ACT-10 SCOMO-F1-A1 SCOMO-F2-A1 SCOMO-F3-A1 SCOMO-F4-N2 SCOMO-UC2-A1-1 SCOMO-UC3-A1: the handset asks for a package in a session of its own, changes a component or downloads and installs by itself, and reports it', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage);
      const state = ['--state', join(stage.folder, 'handset')];
      const want = await calling(stage, dms, ...state, '--software', `want=${GAME}`);
      const [job, ...others] = await dms.client.all(DEVICE);
      expect(others).toEqual([]);
      expect(job).toMatchObject({
        operation: 'install',
        state: 'done',
        resultCode: 1200,
        software: { requested: true },
      });
      expect(want.of('session')).toMatchObject([{}, { state: 'done' }]);
      const left = './SCM/Download/left';
      const leaf = (name: string, data: string) => ({ kind: 'Add', target: `${left}/${name}`, format: 'chr', data });
      const url = (await dms.client.packages()).find(({ id }) => id === MAPS)?.url ?? '';
      await dms.client.post(DEVICE, 'commands', {
        commands: [{ kind: 'Add', target: left, format: 'node' }, leaf('PkgID', MAPS), leaf('PkgURL', url)],
      });
      await calling(stage, dms, ...state, '--software', `deactivate=${GAME}`);
      // No Exec, no Correlator.
      expect(alertsAt(dms).at(-1)).toEqual({
        resultCode: 1200,
        uri: './SCM/Inventory/Deployed/game/Operations/Deactivate',
      });
      // It does what the server has left for it, when it wants to.
      await calling(stage, dms, ...state, '--software', `download-install=${MAPS}`);
      const after = await dms.client.post(DEVICE, 'inventory');
      await calling(stage, dms, ...state);
      expect(alertsAt(dms).at(-1)).toEqual({ resultCode: 1200, uri: `${left}/Operations/DownloadInstall` });
      expect(statesOf(await dms.client.job(after))).toEqual({
        ...FACTORY,
        [GAME]: '2.0 inactive',
        [MAPS]: '1.0 active',
      });
    }));

  it('SCOMO-UC2 SCOMO-UC2-PRE SCOMO-UC2-POST SCOMO-UC2-N1 SCOMO-UC2-N2 SCOMO-UC2-N3 SCOMO-UC2-N4 SCOMO-UC2-N5 SCOMO-UC2-A1-3 SCOMO-UC3 SCOMO-UC3-POST SCOMO-UC3-N1 SCOMO-UC3-N2 SCOMO-UC3-N3 SCOMO-UC3-N4 SCOMO-UC3-N5: what is installed and older is updated when its user agrees; what is up to date gets no command', () =>
    onStage(async (stage) => {
      const packages = join(stage.folder, 'packages');
      mkdirSync(packages);
      writeFileSync(join(packages, 'clock.bin'), 'a newer clock');
      writeFileSync(join(packages, 'clock.bin.json'), JSON.stringify({ id: CLOCK, name: 'Clock', version: '1.10' }));
      writeFileSync(join(packages, 'new.bin'), 'something new'.repeat(10_000));
      const dms = await ourDms(stage, '--packages', packages);
      const handset = await ourHandset(stage, '--answer', 'reject', '--answer', 'accept');
      const { client } = dms;
      const wish = { package: CLOCK, software: { consent: { text: 'A newer clock?' } } };
      const declined = await client.post(DEVICE, 'update', wish);
      const agreed = await client.post(DEVICE, 'update', { ...wish, component: CLOCK });
      const again = await client.post(DEVICE, 'update', { component: CLOCK });
      const absent = await client.post(DEVICE, 'update', { package: 'new' });
      const fresh = await client.post(DEVICE, 'install', { package: 'new', software: wish.software });
      await relayed(stage, dms, handset.address);
      const [no, yes, none, missing, installed] = await client.jobs([declined, agreed, again, absent, fresh]);
      expect(no).toMatchObject({ state: 'failed', softwareFacts: { difference: UNCHANGED } });
      expect(no?.message).toContain('304');
      expect(yes).toMatchObject({ state: 'done', resultCode: 1200 });
      expect(yes?.softwareFacts?.difference).toEqual({
        ...UNCHANGED,
        changed: [{ id: CLOCK, field: 'version', before: '1.4', after: '1.10' }],
      });
      expect(none).toMatchObject({ state: 'done', message: `${CLOCK} is up to date` });
      expect(none?.resultCode).toBeUndefined();
      expect(missing).toMatchObject({ state: 'failed', message: 'new is not installed' });
      expect(installed).toMatchObject({
        ...{ state: 'done', resultCode: 1200 },
        softwareFacts: { difference: { added: [{ id: 'new', state: 'active' }] } },
      });
      const asked = handset.program.of('handset').flatMap(({ state, answer }) => (state === 'asked' ? [answer] : []));
      expect(asked).toEqual(['reject', 'accept', 'accept']);
      // It could show how much has come of what there is.
      const progress = handset.program.of('progress').filter(({ total }) => total === 130_000);
      expect(progress.length).toBeGreaterThan(1);
      expect(alertsAt(dms)).toHaveLength(2);
      // The handset answers another session.
      const after = await client.post(DEVICE, 'inventory');
      await relayed(stage, dms, handset.address);
      expect(statesOf(await client.job(after))).toMatchObject({ [CLOCK]: '1.10 active', new: '1.0 active' });
    }));

  it('SCOMO-HLFR-9 SCOMO-OSR-DMS-07 SCOMO-OSR-Device-08 SCOMO-UC2-A2-1 SCOMO-UC2-A2-2: components that need each other in a circle come in one signed package, by one operation', () =>
    onStage(async (stage) => {
      const pem = join(stage.folder, 'key.pem');
      writeFileSync(pem, keys.publicKey.export({ type: 'spki', format: 'pem' }));
      const dms = await ourDms(stage, '--packages', suite(stage.folder));
      const handset = await ourHandset(stage, '--package-key', pem);
      expect(await dms.client.packages()).toMatchObject([
        { id: SUITE, components: [{ id: CLOCK, needs: [{ id: 'com.example.zones' }] }, { version: '1.0' }] },
      ]);
      const update = await dms.client.post(DEVICE, 'update', { component: 'com.example.zones' });
      await relayed(stage, dms, handset.address);
      const job = await dms.client.job(update);
      expect(job).toMatchObject({ state: 'done', resultCode: 1200, package: SUITE });
      expect(job.softwareFacts?.difference).toMatchObject({
        added: [{ id: 'com.example.zones', version: '1.0', state: 'active', pkgId: SUITE }],
        removed: [],
        changed: [
          { id: CLOCK, field: 'pkgId', after: SUITE },
          { id: CLOCK, field: 'version', before: '1.4', after: '2.0' },
        ],
      });
      expect(alertsAt(dms)).toHaveLength(1);
    }));

  it.each([
    ['the first component fails', ['--fault', 'component-fails=1'], {}, 1405, `${CLOCK} was told to fail`],
    ['the second fails', ['--fault', 'component-fails=2'], {}, 1405, 'com.example.zones was told to fail'],
    ['a need is missing', [], { clock: '3.0' }, 1405, 'needs com.example.clock 3.0, and there is 2.0'],
    ['the contents are damaged', [], { broken: true }, 1407, 'the contents of com.example.zones are damaged'],
    ['there is no room', ['--fault', 'install-room=9999'], {}, 1406, '10000 bytes would be installed'],
    ['the signature is wrong', ['--fault', 'bad-signature'], {}, 1407, 'the signature of com.example.suite is wrong'],
  ] as const)(
    'CMP-02 SCOMO-HLFR-9 SCOMO-UC2-A2-3 SCOMO-OSR-Device-08: when %s the inventory is what it was, and the server hears why',
    (_what, flags, made, resultCode, problem) =>
      onStage(async (stage) => {
        const dms = await ourDms(stage, '--packages', suite(stage.folder, made));
        const handset = await ourHandset(stage, ...flags);
        const install = await dms.client.post(DEVICE, 'install', { package: SUITE });
        const status = await dms.client.post(DEVICE, 'commands', {
          commands: [{ kind: 'Get', target: './SCM/Inventory/Delivered/suite/Status' }],
        });
        const after = await dms.client.post(DEVICE, 'inventory');
        await relayed(stage, dms, handset.address);
        const job = await dms.client.job(install);
        expect(job).toMatchObject({ state: 'failed', resultCode, softwareFacts: { difference: UNCHANGED } });
        expect(job.softwareFacts?.problem).toContain(problem);
        // A failed package shows its own status.
        expect((await dms.client.job(status)).replies?.[0]?.items[0]?.data).toBe('50');
        expect(statesOf(await dms.client.job(after))).toEqual(FACTORY);
        expect(alertsAt(dms)).toMatchObject([{ resultCode, correlator: install }]);
      }),
  );

  it.each([
    ['both are installed by one operation', [], 'done', 1200],
    ['neither is installed when the second fails', ['--fault', 'component-fails=2'], 'failed', 1405],
  ] as const)(
    'SCOMO-HLFR-9 SCOMO-OSR-DMS-07: of two packages that are staged and bound in an Atomic %s',
    (_what, flags, end, resultCode) =>
      onStage(async (stage) => {
        const dms = await ourDms(stage);
        const handset = await ourHandset(stage, ...flags);
        const { client } = dms;
        const software = { install: false };
        for (const id of [GAME, MAPS]) await client.post(DEVICE, 'install', { package: id, software });
        const base = './SCM/Ext/Bundles/both';
        const bind = await client.post(DEVICE, 'commands', {
          commands: [
            {
              kind: 'Atomic',
              commands: [
                { kind: 'Add', target: base, format: 'node' },
                { kind: 'Add', target: `${base}/PkgRefs`, format: 'chr', data: 'game maps' },
              ],
            },
            { kind: 'Exec', target: `${base}/Operations/Install`, correlator: 'both' },
          ],
        });
        const after = await client.post(DEVICE, 'inventory');
        await relayed(stage, dms, handset.address);
        expect((await client.job(bind)).replies?.map(({ code }) => code)).toEqual([200, 202]);
        const both = { [GAME]: '2.0 active', [MAPS]: '1.1 active' };
        expect(statesOf(await client.job(after))).toEqual(end === 'done' ? { ...FACTORY, ...both } : FACTORY);
        expect(alertsAt(dms)).toMatchObject([{ resultCode, uri: `${base}/Operations/Install` }]);
      }),
  );

  it('SCOMO-HLFR-9: two Execs in one Atomic install both or neither; one whose Atomic fails is forgotten', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage);
      const handset = await ourHandset(stage, '--fault', 'component-fails=2');
      const { client } = dms;
      const software = { install: false };
      for (const id of [GAME, MAPS]) await client.post(DEVICE, 'install', { package: id, software });
      const exec = (name: string, correlator: string) => {
        return { kind: 'Exec', target: `./SCM/Inventory/Delivered/${name}/Operations/Install`, correlator };
      };
      const atomic = (...commands: readonly object[]) =>
        client.post(DEVICE, 'commands', { commands: [{ kind: 'Atomic', commands }] });
      const forgotten = await atomic(exec('game', 'never'), { kind: 'Delete', target: './Nowhere' });
      const together = await atomic(exec('game', 'first'), exec('maps', 'second'));
      const after = await client.post(DEVICE, 'inventory');
      await relayed(stage, dms, handset.address);
      const codes = async (id: string) =>
        (await client.job(id)).replies?.map(({ code, children }) => [code, children?.map((child) => child.code)]);
      expect(await codes(forgotten)).toEqual([[507, [216, 404]]]);
      expect(await codes(together)).toEqual([[200, [202, 202]]]);
      expect(statesOf(await client.job(after))).toEqual(FACTORY);
      expect(alertsAt(dms)).toMatchObject([
        { correlator: 'first', resultCode: 1473 },
        { correlator: 'second', resultCode: 1405 },
      ]);
    }));

  it('SCOMO-HLFR-9: a handset that is killed between two components takes the first one back and says so in its next session', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage, '--packages', suite(stage.folder));
      const state = ['--state', join(stage.folder, 'handset')];
      const handset = await ourHandset(stage, ...state, '--fault', 'install-reboots');
      const install = await dms.client.post(DEVICE, 'install', { package: SUITE });
      await relayed(stage, dms, handset.address);
      expect(await dms.client.job(install)).toMatchObject({ state: 'running' });
      await handset.program.kill();
      const again = await ourHandset(stage, ...state);
      const after = await dms.client.post(DEVICE, 'inventory');
      await relayed(stage, dms, again.address);
      const job = await dms.client.job(install);
      expect(job).toMatchObject({ state: 'failed', resultCode: 1405, softwareFacts: { difference: UNCHANGED } });
      expect(job.softwareFacts?.problem).toContain('went down');
      expect(statesOf(await dms.client.job(after))).toEqual(FACTORY);
    }));

  it('SCOMO-F1-A2 SCOMO-F2-A2: a package for another model is refused; jobs say why they failed', () =>
    onStage(async (stage) => {
      const packages = join(stage.folder, 'packages');
      mkdirSync(packages);
      writeFileSync(join(packages, 'other.bin'), 'for others');
      writeFileSync(join(packages, 'other.bin.json'), JSON.stringify({ id: 'other', model: 'Other' }));
      writeFileSync(join(packages, 'any.bin'), 'for all'.repeat(200));
      const dms = await ourDms(stage, '--packages', packages);
      const handset = await ourHandset(stage, '--fault', 'storage-full=1000');
      const { client } = dms;
      const download = (url: string) =>
        client.post(DEVICE, 'install', { package: 'any', software: { delivery: 'download', url } });
      const jobs = [
        await download('http://127.0.0.1:9/any.bin'),
        await download(new URL('/packages/nothing.bin', dms.url).href),
        await client.post(DEVICE, 'install', { package: 'any', software: { delivery: 'download' } }),
        await client.post(DEVICE, 'install', { package: 'other' }),
        await client.post(DEVICE, 'install', { package: 'other', software: { delivery: 'download' } }),
        await client.post(DEVICE, 'activate', { component: 'nothing' }),
        await client.post(DEVICE, 'activate', { component: CLOCK }),
        await client.post(DEVICE, 'install', { package: 'any', software: { delivery: 'present' } }),
      ];
      await relayed(stage, dms, handset.address);
      const [dead, absent, full, model, alsoModel, none, active, missing] = await client.jobs(jobs);
      expect(dead).toMatchObject({ state: 'failed', resultCode: 1501 });
      expect(absent).toMatchObject({ state: 'failed', resultCode: 1402 });
      expect(full).toMatchObject({
        state: 'failed',
        resultCode: 1404,
        message: expect.stringContaining('no memory'),
      });
      for (const job of [model, alsoModel]) {
        expect(job).toMatchObject({ state: 'failed', message: expect.stringContaining('Other') });
      }
      expect(none).toMatchObject({ state: 'failed', message: 'nothing is not installed' });
      expect(active).toMatchObject({ state: 'failed', message: 'the handset refused Exec with status 405' });
      expect(missing).toMatchObject({ state: 'failed', message: 'the handset does not have the package any' });
    }));
});

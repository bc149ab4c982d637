/** Firmware updates: DM server, relay and handset as processes of their own. Ids are those of the use cases. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JobAnswer } from '../../support/dms-client.ts';
import {
  alertsAt,
  calling,
  DEVICE,
  expectTransparent,
  type OurDms,
  ourDms,
  ourHandset,
  relayed,
} from '../../support/our-three.ts';
import { onStage } from '../../support/processes.ts';

const X = './FwUpdate/Package1';
const FIRMWARE = 'com.example.firmware';
const VERSION = './DevDetail/FwV';

const get = (...targets: readonly string[]) => targets.map((target) => ({ kind: 'Get', target }));
const valuesOf = (job: JobAnswer) => job.replies?.map(({ code, items }) => items[0]?.data ?? code);

const firmware = (dms: OurDms, wish: object = {}, more: object = {}) =>
  dms.client.post(DEVICE, 'firmware', { ...more, firmware: wish });
const look = (dms: OurDms) =>
  dms.client.post(DEVICE, 'commands', {
    commands: get(VERSION, `${X}/State`, `${X}/Download/PkgURL`, `${X}/DownloadAndUpdate/PkgURL`),
  });

describe('firmware updates', () => {
  it('FUMO-F1-N1 FUMO-F1-N2 FUMO-F1-N3 FUMO-F1-N4 FUMO-F1-N5 FUMO-F1-A2 FUMO-F3-N1 FUMO-F3-N2 FUMO-F3-N3 FUMO-F3-N4 FUMO-F3-N5: a package is chosen by model and FwV, delivered as a large object, and applied in a session of its own', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage);
      const handset = await ourHandset(stage);
      const delivery = await firmware(dms, { delivery: 'object', update: false });
      const between = await look(dms);
      await relayed(stage, dms, handset.address);
      expect(await dms.client.job(delivery)).toMatchObject({
        state: 'done',
        package: FIRMWARE,
        firmwareFacts: { object: X, before: '1.0', after: '1.0', state: 50 },
      });
      expect(valuesOf(await dms.client.job(between))).toEqual(['1.0', '50', '', '']);
      expect(alertsAt(dms)).toEqual([]);
      const update = await firmware(dms, { delivery: 'present' });
      await relayed(stage, dms, handset.address);
      expect(await dms.client.job(update)).toMatchObject({
        state: 'done',
        resultCode: 200,
        firmwareFacts: { before: '1.0', after: '2.0' },
      });
      expect([90, 100]).toContain((await dms.client.job(update)).firmwareFacts?.state);
      expect(alertsAt(dms)).toEqual([{ resultCode: 200, uri: X, correlator: update }]);
      expectTransparent(handset.program, dms.program);
      // What was downloaded is what was offered: the handset found the checksum right, and what it runs is the new one.
      expect(await handset.program.terminate()).toMatchObject({ firmware: { version: '2.0', state: 100 } });
      // Nothing leads on from there.
      expect(await dms.program.terminate()).toMatchObject({ exit: 0, failedSessions: 0 });
    }));

  it('FUMO-F2-N1 FUMO-F2-N2 FUMO-F2-N3 FUMO-F2-N4 FUMO-F2-N5 FUMO-F2-N6 FUMO-F2-N7 FUMO-F2-N8 FUMO-F2-A1 FUMO-F2-C1 FUMO-F4-N1 FUMO-F4-N2 FUMO-F4-N3 FUMO-F4-N4 FUMO-F4-N5: the handset downloads by Download/PkgURL and waits, or by DownloadAndUpdate/PkgURL and goes on', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage);
      const handset = await ourHandset(stage, '--encoding', 'xml');
      const download = await firmware(dms, { delivery: 'download', update: false });
      const between = await look(dms);
      const both = await firmware(dms, { delivery: 'download-and-update' });
      const after = await look(dms);
      await relayed(stage, dms, handset.address);
      const url = new URL(`/packages/${FIRMWARE}-2.0.bin`, dms.url).href;
      expect(await dms.client.job(download)).toMatchObject({
        state: 'done',
        resultCode: 200,
        firmwareFacts: { before: '1.0', after: '1.0', state: 50 },
      });
      expect(valuesOf(await dms.client.job(between))).toEqual(['1.0', '50', url, '']);
      expect(await dms.client.job(both)).toMatchObject({
        state: 'done',
        resultCode: 200,
        firmwareFacts: { after: '2.0' },
      });
      expect(valuesOf(await dms.client.job(after))?.slice(0, 1)).toEqual(['2.0']);
      expect(alertsAt(dms)).toEqual([
        { resultCode: 200, uri: X, correlator: download },
        { resultCode: 200, uri: X, correlator: both },
      ]);
    }));

  it('FUMO-F2-DL FUMO-F3-A1: the handset downloads by a descriptor, begins the update by itself, and reports it in its next session', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage);
      const state = ['--state', join(stage.folder, 'handset')];
      const download = await firmware(dms, { delivery: 'download', update: false, descriptor: true });
      const between = await look(dms);
      await calling(stage, dms, ...state);
      expect(await dms.client.job(download)).toMatchObject({
        state: 'done',
        resultCode: 200,
        firmwareFacts: { state: 50 },
      });
      expect(valuesOf(await dms.client.job(between))?.[2]).toMatch(/\.bin\.dd$/);
      const after = await look(dms);
      await calling(stage, dms, ...state, '--firmware', 'update');
      // No Exec, no Correlator.
      expect(alertsAt(dms).at(-1)).toEqual({ resultCode: 200, uri: X });
      expect(valuesOf(await dms.client.job(after))?.slice(0, 1)).toEqual(['2.0']);
    }));

  it('FUMO-F4-A1: the handset begins download and update by itself with a URL that is there, and reports it later', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage);
      const state = ['--state', join(stage.folder, 'handset')];
      const data = new URL(`/packages/${FIRMWARE}-2.0.bin`, dms.url).href;
      const target = `${X}/DownloadAndUpdate/PkgURL`;
      await dms.client.post(DEVICE, 'commands', { commands: [{ kind: 'Replace', target, format: 'chr', data }] });
      await calling(stage, dms, ...state);
      const begun = await calling(stage, dms, ...state, '--firmware', 'download-and-update');
      expect(begun.of('result')[0]).toMatchObject({ firmware: { version: '2.0' } });
      const after = await look(dms);
      await calling(stage, dms, ...state);
      expect(alertsAt(dms)).toEqual([{ resultCode: 200, uri: X }]);
      expect(valuesOf(await dms.client.job(after))?.[0]).toBe('2.0');
    }));

  it.each([
    [
      'FUMO-F5-N1 FUMO-F5-N2 FUMO-F5-N3 FUMO-F5-N4 FUMO-F5-N5: its user asks, and gets it by DownloadAndUpdate',
      'ask-as-user',
      undefined,
    ],
    ['FUMO-F5-A1: it downloads first and waits for Exec Update', 'ask-as-device', 'download'],
    ['FUMO-F5-A2 FUMO-F1-A1: it gets PkgData and waits for Exec Update', 'ask-as-device', 'object'],
  ] as const)('%s', (_title, action, delivery) =>
    onStage(async (stage) => {
      const dms = await ourDms(stage);
      const state = ['--state', join(stage.folder, 'handset')];
      if (delivery !== undefined) await firmware(dms, { delivery, update: false });
      await calling(stage, dms, ...state, '--firmware', action);
      const [job, ...others] = await dms.client.all(DEVICE);
      expect(others).toEqual([]);
      // The wish was acknowledged, or it would still be kept to be said again.
      const kept = JSON.parse(await readFile(join(stage.folder, 'handset', 'handset.json'), 'utf8'));
      expect(kept).toMatchObject({ alerts: [], firmware: { alerts: [] } });
      if (delivery === undefined) {
        expect(job).toMatchObject({
          operation: 'firmware',
          ...{ state: 'done', resultCode: 200, firmware: { requested: 'user' } },
          firmwareFacts: { before: '1.0', after: '2.0' },
        });
        expect(alertsAt(dms)).toEqual([{ resultCode: 200, uri: X, correlator: job?.id }]);
      } else {
        expect(job).toMatchObject({ state: 'done', firmwareFacts: { before: '1.0', after: '1.0', state: 50 } });
        const update = await firmware(dms, { delivery: 'present' });
        await calling(stage, dms, ...state);
        expect(await dms.client.job(update)).toMatchObject({
          state: 'done',
          resultCode: 200,
          firmwareFacts: { after: '2.0' },
        });
      }
    }),
  );

  it('FUMO-F3-N5: a handset that goes down in the middle of an update goes on with it and reports in its next session', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage);
      const state = ['--state', join(stage.folder, 'handset')];
      const handset = await ourHandset(stage, ...state, '--fault', 'firmware-reboots');
      const update = await firmware(dms);
      await relayed(stage, dms, handset.address);
      expect(await dms.client.job(update)).toMatchObject({ state: 'running', package: FIRMWARE });
      await handset.program.kill();
      const again = await ourHandset(stage, ...state);
      const after = await look(dms);
      await relayed(stage, dms, again.address);
      expect(await dms.client.job(update)).toMatchObject({
        state: 'done',
        resultCode: 200,
        firmwareFacts: { before: '1.0', after: '2.0' },
      });
      expect(valuesOf(await dms.client.job(after))?.[0]).toBe('2.0');
      expect(alertsAt(dms)).toEqual([{ resultCode: 200, uri: X, correlator: update }]);
    }));

  it('say why they failed: another model, a package that is none, a server that is not there, no way to do it, a code of the maker', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage);
      const handset = await ourHandset(stage, '--model', 'Other');
      const jobs = [
        await firmware(dms, {}, { package: FIRMWARE }),
        await firmware(dms, {}, { package: 'com.example.game' }),
        await firmware(dms, { url: 'http://127.0.0.1:9/fw' }),
        await firmware(dms, { delivery: 'present' }),
        await firmware(dms),
      ];
      await relayed(stage, dms, handset.address);
      const [model, content, server, absent, none] = await dms.client.jobs(jobs);
      expect(model).toMatchObject({
        state: 'failed',
        resultCode: 403,
        firmwareFacts: { before: '1.0', after: '1.0' },
      });
      expect(content).toMatchObject({
        state: 'failed',
        resultCode: 402,
        message: expect.stringContaining('damaged'),
      });
      expect(server).toMatchObject({ state: 'failed', resultCode: 412 });
      expect(absent).toMatchObject({ state: 'failed', message: 'the handset refused Exec with status 405' });
      expect(none).toMatchObject({ state: 'failed', message: 'there is no firmware for Other with 1.0' });
      await handset.program.terminate();
      const odd = await ourHandset(stage, '--fault', 'firmware-fails=451');
      const failing = await firmware(dms);
      await relayed(stage, dms, odd.address);
      expect(await dms.client.job(failing)).toMatchObject({ state: 'failed', resultCode: 451 });
    }));
});

/** Handsets that start sessions themselves, by each way in that this computer has, at a host that runs. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeDigest } from '../../src-main/base/node/digest.ts';
import { openPtyPair } from '../../src-main/bearer/pty/pty-pair.ts';
import type { ListenerView } from '../../src-main/contract/listening.ts';
import { writeFirmware } from '../../src-main/fumo/firmware-package.ts';
import { alertsAt, DEVICE, digestsOf, expectInstalled, expectTransparent, GAME, ourDms } from '../support/our-three.ts';
import { onStage, type Program, type Stage } from '../support/processes.ts';

const LIMIT = 60_000;

/** Puts a way in on. @returns where a handset calls */
async function opened(stage: Stage, kind: string, place: string): Promise<string> {
  const { exit, listener } = await stage.agent('listen', 'on', kind, place).result();
  expect({ exit, listener }).toMatchObject({ exit: 0, listener: { kind, state: 'listening' } });
  return String((listener as ListenerView).address);
}

const calls = (stage: Stage, address: string, ...flags: readonly string[]): Program =>
  stage.agent('virtual-handset', '--connect', address, ...flags);

describe('handsets that call a host that runs', () => {
  it('PCA-01 ACT-08 ACT-10 SCOMO-F1-A1: are let in once by a person, by TCP, a serial port and the network, and nothing between handset and DM server is changed', () =>
    onStage(async (stage) => {
      const host = stage.agent('serve');
      await host.address();
      const dms = await ourDms(stage);
      const line = await openPtyPair(AbortSignal.timeout(LIMIT));
      stage.owns(() => line.close());
      await stage.agent('dms', 'add', dms.url, '--default').result();
      const tcp = await opened(stage, 'tcp', '127.0.0.1:0');
      expect(await opened(stage, 'serial', line.near)).toBe(`serial:${line.near}`);
      const network = await opened(stage, 'network', '127.0.0.1:0');
      const job = await dms.client.post(DEVICE, 'install', { package: GAME });

      const first = calls(stage, tcp);
      const asked = await host.event('who calls', ({ type, state }) => type === 'caller' && state === 'asking');
      expect(asked).toMatchObject({ kind: 'tcp', device: DEVICE, from: '127.0.0.1' });
      expect(dms.program.of('message')).toEqual([]);
      const accepted = await stage.agent('callers', 'accept', String(asked.id)).result();
      expect(accepted).toMatchObject({ exit: 0, caller: { state: 'accepted', manufacturer: 'PC Agent' } });
      expect(await first.result()).toMatchObject({ exit: 0, ok: true });
      expectTransparent(first, dms.program);
      expectInstalled(await dms.client.job(job));

      const seen = (way: 'to-dms' | 'to-handset') => digestsOf(dms.program, way).length;
      for (const address of [`serial:${line.far}`, network]) {
        const [before, back] = [seen('to-dms'), seen('to-handset')];
        const handset = calls(stage, address);
        expect(await handset.result()).toMatchObject({ exit: 0, ok: true });
        expect(digestsOf(handset, 'to-dms')).toEqual(digestsOf(dms.program, 'to-dms').slice(before));
        expect(digestsOf(handset, 'to-handset')).toEqual(digestsOf(dms.program, 'to-handset').slice(back));
      }
      expect(alertsAt(dms).length).toBeGreaterThan(0);
      expect(host.of('session').filter(({ state }) => state === 'done')).toHaveLength(3);
      expect(host.of('caller').map(({ state }) => state)).toEqual(['asking', 'accepted']);

      await stage.agent('callers', 'refuse', String(asked.id)).result();
      const posts = seen('to-dms');
      expect(await calls(stage, network).result()).toMatchObject({ exit: 1, code: 'dm/session-cut' });
      expect(seen('to-dms')).toBe(posts);
      expect(await host.terminate()).toMatchObject({ exit: 0 });
    }));

  it('CMP-04 PCA-02 SCOMO-F2-N5 FUMO-F4-N3: download what the host keeps over their network link, and the ways in are open again after a restart', () =>
    onStage(async (stage) => {
      const first = stage.agent('serve');
      await first.address();
      const file = join(stage.folder, 'maps.jar');
      writeFileSync(file, Buffer.alloc(300_000, 'maps'));
      await stage.agent('packages', 'add', file, '--id', 'maps').result();
      const place = new URL(await opened(stage, 'network', '127.0.0.1:0')).host;
      await stage.agent('listen', 'on', 'network', place).result();
      await first.terminate();
      const host = stage.agent('serve');
      await host.address();
      const offer = stage.agent('packages', 'offer', 'maps', '--network');
      const url = await offer.address();
      expect(url).toContain(`http://${place}/packages/`);
      const inbox = join(stage.folder, 'inbox');
      const handset = stage.agent('virtual-handset', '--download', url, '--inbox', inbox);
      expect(await handset.result()).toMatchObject({
        exit: 0,
        download: { notification: { code: 900 } },
      });
      expect(await offer.result()).toMatchObject({ exit: 0, notification: { success: true } });

      // The PC's own server orders it over OBEX, and the handset fetches it over the network.
      const cabled = stage.agent('virtual-handset', '--listen', 'tcp:127.0.0.1:0');
      const flags = ['--handset', await cabled.address(), '--package', 'maps', '--download'];
      const installed = stage.agent('install', ...flags);
      expect(await installed.result()).toMatchObject({ exit: 0, jobs: [{ state: 'done', resultCode: 1200 }] });
      const update = join(stage.folder, 'update.fw');
      const step = { model: 'Virtual Handset', from: ['1.0'], to: '2.0' };
      writeFileSync(update, writeFirmware(step, Buffer.alloc(300_000, 'firmware'), nodeDigest));
      await stage.agent('packages', 'add', update, '--id', 'firmware').result();
      const updated = stage.agent('firmware', '--handset', flags[1] ?? '', '--package', 'firmware', '--download');
      expect(await updated.result()).toMatchObject({ exit: 0, jobs: [{ state: 'done', resultCode: 200 }] });
      for (const { events } of [installed, updated]) {
        const sent = events.filter(({ type }) => type === 'message').map(({ bytes }) => Number(bytes));
        expect(Math.max(...sent)).toBeLessThan(5_000);
      }
      const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
      const { components, firmware } = await cabled.terminate();
      expect(firmware).toMatchObject({ version: '2.0' });
      expect(components).toContainEqual(expect.objectContaining({ id: 'maps', sha256 }));
    }));
});

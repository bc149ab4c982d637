/** The three programs as three people would start them, with the command lines of the contract. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DmsClient } from '../support/dms-client.ts';
import { DEVICE, expectInstalled, expectTransparent, GAME, ourDms, ourHandset } from '../support/our-three.ts';
import { onStage, type ProgramEvent } from '../support/processes.ts';

const FACTORY = ['com.example.clock', 'com.example.notes'];

const idsOf = (list: unknown) => (list as readonly { readonly id: string }[]).map(({ id }) => id).sort();

/** Digest of the game in what a handset says of itself. */
function gameIn(result: ProgramEvent): unknown {
  return (result.components as readonly ProgramEvent[]).find(({ id }) => id === GAME)?.sha256;
}

async function digestOfGame(client: DmsClient): Promise<unknown> {
  return (await client.packages()).find(({ id }) => id === GAME)?.sha256;
}

describe('three terminals', () => {
  for (const encoding of ['wbxml', 'xml']) {
    for (const auth of ['md5', 'mac']) {
      it(`install a package in ${encoding} with ${auth}, started by the server`, () =>
        onStage(async (stage) => {
          const dms = await ourDms(stage, '--auth', auth);
          const handset = await ourHandset(stage, '--encoding', encoding, '--auth', auth);
          const trigger = ['--trigger', dms.client.triggerUrl(DEVICE), '--count', '2'];
          const relay = stage.agent('relay', '--handset', handset.address, '--dms', dms.url, ...trigger);
          const install = await dms.client.post(DEVICE, 'install', { package: GAME });
          await relay.event('the first session done', ({ type, state }) => type === 'session' && state === 'done');
          // The second session's package 0 and proofs are made with the nonces that the first one left.
          const inventory = await dms.client.post(DEVICE, 'inventory');
          expect(await relay.result()).toMatchObject({ exit: 0, ok: true, state: 'done', sessionCount: 2 });
          expectInstalled(await dms.client.job(install));
          expect(idsOf((await dms.client.job(inventory)).inventory)).toEqual([...FACTORY, GAME].sort());
          expectTransparent(handset.program, dms.program);
          const held = await handset.program.terminate();
          expect(held).toMatchObject({ exit: 0, ok: true, sessions: [{ ok: true }, { ok: true }] });
          expect(gameIn(held)).toBe(await digestOfGame(dms.client));
          expect(await dms.program.terminate()).toMatchObject({ exit: 0, ok: true, failedSessions: 0 });
        }));

      it(`install a package in ${encoding} with ${auth}, started by the handset over OBEX and over HTTP`, () =>
        onStage(async (stage) => {
          const dms = await ourDms(stage, '--auth', auth);
          const state = join(stage.folder, 'handset');
          const flags = ['--encoding', encoding, '--auth', auth, '--state', state];
          const install = await dms.client.post(DEVICE, 'install', { package: GAME });
          const obex = stage.agent('relay', '--listen', 'tcp:127.0.0.1:0', '--dms', dms.url, '--count', '1');
          const first = stage.agent('virtual-handset', '--connect', await obex.address(), '--initiate', ...flags);
          expect(await first.result()).toMatchObject({ exit: 0, ok: true });
          expect(await obex.result()).toMatchObject({ exit: 0, state: 'done' });
          expectInstalled(await dms.client.job(install));
          expectTransparent(first, dms.program);
          const removal = await dms.client.post(DEVICE, 'remove', { component: 'com.example.notes' });
          const http = stage.agent('relay', '--listen', 'http://127.0.0.1:0/dm', '--dms', dms.url, '--count', '1');
          const second = stage.agent('virtual-handset', '--connect', await http.address(), ...flags);
          const held = await second.result();
          expect(held).toMatchObject({ exit: 0, ok: true });
          expect(await http.result()).toMatchObject({ exit: 0, state: 'done' });
          expect(await dms.client.job(removal)).toMatchObject({ state: 'done', resultCode: 1200 });
          expect(idsOf(held.components)).toEqual(['com.example.clock', GAME]);
          expect(gameIn(held)).toBe(await digestOfGame(dms.client));
        }));
    }
  }

  it('go on after both ends were restarted: nonces, components and jobs are kept', () =>
    onStage(async (stage) => {
      const states = { dms: join(stage.folder, 'dms'), handset: join(stage.folder, 'phone') };
      const before = await ourDms(stage, '--auth', 'mac', '--state', states.dms);
      const phone = await ourHandset(stage, '--auth', 'mac', '--state', states.handset);
      const install = await before.client.post(DEVICE, 'install', { package: GAME });
      const session = async (handset: string, dms: Awaited<ReturnType<typeof ourDms>>) => {
        const trigger = ['--trigger', dms.client.triggerUrl(DEVICE), '--count', '1'];
        const relay = stage.agent('relay', '--handset', handset, '--dms', dms.url, ...trigger);
        expect(await relay.result()).toMatchObject({ exit: 0, state: 'done' });
        return relay;
      };
      await session(phone.address, before);
      expectInstalled(await before.client.job(install));
      const queued = await before.client.post(DEVICE, 'inventory');
      expect(await before.program.terminate()).toMatchObject({ exit: 0, ok: true });
      expect(await phone.program.terminate()).toMatchObject({ exit: 0, ok: true });

      const after = await ourDms(stage, '--auth', 'mac', '--state', states.dms);
      const again = await ourHandset(stage, '--auth', 'mac', '--state', states.handset);
      const relay = await session(again.address, after);
      expectInstalled(await after.client.job(install));
      expect(idsOf((await after.client.job(queued)).inventory)).toEqual([...FACTORY, GAME].sort());
      // Package 0 was believed at once and no side had to be asked for a newer proof.
      expect(relay.of('message').filter((event) => event.package === 0)).toHaveLength(1);
      expect(again.program.of('error')).toEqual([]);
      expect(gameIn(await again.program.terminate())).toBe(await digestOfGame(after.client));
    }));

  it('a handset whose state was lost is challenged and still served', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage, '--auth', 'md5');
      for (const round of [1, 2]) {
        const inventory = await dms.client.post(DEVICE, 'inventory');
        const handset = stage.agent('virtual-handset', '--connect', dms.url, '--auth', 'md5');
        expect(await handset.result(), `round ${round}`).toMatchObject({ exit: 0, ok: true });
        expect(await dms.client.job(inventory)).toMatchObject({ state: 'done' });
      }
    }));

  for (const address of ['tcp:127.0.0.1:0', 'http://127.0.0.1:0/dm']) {
    it(`several handsets at once come in on relay --listen ${address}`, () =>
      onStage(async (stage) => {
        const imeis = ['004999010640000', '004999010640018', '004999010640026', '004999010640034'];
        const dms = await ourDms(stage);
        const jobs = await Promise.all(
          imeis.map((imei) => dms.client.post(`IMEI:${imei}`, 'install', { package: GAME })),
        );
        const count = String(imeis.length);
        const relay = stage.agent('relay', '--listen', address, '--dms', dms.url, '--count', count);
        const where = await relay.address();
        const handsets = imeis.map((imei) => stage.agent('virtual-handset', '--connect', where, '--imei', imei));
        const digest = await digestOfGame(dms.client);
        for (const handset of handsets) {
          const held = await handset.result();
          expect(held).toMatchObject({ exit: 0, ok: true });
          expect(gameIn(held)).toBe(digest);
        }
        expect(await relay.result()).toMatchObject({ exit: 0, state: 'done', sessionCount: imeis.length });
        for (const job of await dms.client.jobs(jobs)) expectInstalled(job);
      }));
  }
});

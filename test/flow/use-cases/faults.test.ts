/** What virtual handsets do wrong on purpose, with DM server, relay, host and command line as processes of their own. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEVICE, digestsOf, GAME, type OurDms, ourDms, ourHandset } from '../../support/our-three.ts';
import { onStage, type Program, type ProgramEvent, type Stage } from '../../support/processes.ts';

type Ended = ProgramEvent & { readonly exit: number | null };

/** One session by the relay, started by the server's notification. */
async function relayed(stage: Stage, dms: OurDms, address: string): Promise<Ended> {
  const trigger = ['--trigger', dms.client.triggerUrl(DEVICE), '--count', '1'];
  return stage.agent('relay', '--handset', address, '--dms', dms.url, ...trigger).result();
}

const model = (dms: OurDms) =>
  dms.client.post(DEVICE, 'commands', { commands: [{ kind: 'Get', target: './DevInfo/Mod' }] });

const isSaid = ({ type, direction }: ProgramEvent) => type === 'message' && direction === 'to-dms';
const saidBy = (program: Program) => program.events.filter(isSaid);

describe('a handset that does things wrong, behind a relay', () => {
  it('the link is cut in the middle of a packet, is slow, and carries a message twice', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage);
      await model(dms);
      const cut = await ourHandset(stage, '--fault', 'cable-at-byte=sent:700');
      expect(await relayed(stage, dms, cut.address)).toMatchObject({ exit: 1, ok: false, code: /^(bearer|obex)\// });
      expect(await cut.program.terminate()).toMatchObject({ sessions: [{ ok: false }] });

      const slow = await ourHandset(stage, '--fault', 'slow-link=4000/20', '--fault', 'wrong-model=Somebody Else');
      const job = await model(dms);
      const before = performance.now();
      expect(await relayed(stage, dms, slow.address)).toMatchObject({ exit: 0, state: 'done' });
      const octets = slow.program.of('message').reduce((sum, { bytes }) => sum + Number(bytes), 0);
      expect(performance.now() - before).toBeGreaterThan((1000 * octets) / 2 / 4000);
      expect((await dms.client.job(job)).replies?.[0]?.items[0]?.data).toBe('Somebody Else');
      await slow.program.terminate();

      const twice = await ourHandset(stage, '--fault', 'duplicate-message=1');
      await model(dms);
      expect(await relayed(stage, dms, twice.address)).toMatchObject({ exit: 0, state: 'done' });
      const [first, second] = saidBy(twice.program);
      expect(second?.sha256).toBe(first?.sha256);
      expect(digestsOf(dms.program, 'to-dms').filter((sha256) => sha256 === first?.sha256)).toHaveLength(2);
    }));

  it('FUMO-F3-N5: with a low battery nothing is begun; killed before the end of its session it has not forgotten what to report', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage);
      const low = await ourHandset(stage, '--fault', 'low-battery');
      const jobs = [
        await dms.client.post(DEVICE, 'firmware'),
        await dms.client.post(DEVICE, 'install', { package: GAME }),
        await dms.client.post(DEVICE, 'inventory'),
      ];
      expect(await relayed(stage, dms, low.address)).toMatchObject({ exit: 0, state: 'done' });
      const [firmware, install, inventory] = await dms.client.jobs(jobs);
      expect(firmware).toMatchObject({
        state: 'failed',
        resultCode: 450,
        firmwareFacts: { after: '1.0', state: 50 },
      });
      expect(install).toMatchObject({ state: 'failed', resultCode: 1450 });
      expect(inventory?.inventory?.map(({ id }) => id)).not.toContain(GAME);
      await low.program.terminate();

      // Its Status 202 has gone out, and then the process is gone: kill -9, before the final message.
      const state = ['--state', join(stage.folder, 'handset')];
      const sound = await ourHandset(stage, ...state);
      const delivery = await dms.client.post(DEVICE, 'firmware', { firmware: { delivery: 'object', update: false } });
      expect(await relayed(stage, dms, sound.address)).toMatchObject({ exit: 0, state: 'done' });
      expect(await dms.client.job(delivery)).toMatchObject({ state: 'done', firmwareFacts: { state: 50 } });
      await sound.program.kill();
      const update = await dms.client.post(DEVICE, 'firmware', { firmware: { delivery: 'present' } });
      const silent = await ourHandset(stage, ...state, '--fault', 'stall=8', '--fault', 'firmware-reboots');
      const ended = relayed(stage, dms, silent.address);
      await silent.program.count(8, 'a message to the server', isSaid);
      await silent.program.kill();
      expect(await ended).toMatchObject({ exit: 1, ok: false });
      expect(await dms.client.job(update)).toMatchObject({ state: 'running' });
      await model(dms);
      const again = await ourHandset(stage, ...state);
      expect(await relayed(stage, dms, again.address)).toMatchObject({ exit: 0, state: 'done' });
      expect(await dms.client.job(update)).toMatchObject({ resultCode: 200, firmwareFacts: { after: '2.0' } });
      const told = dms.program.of('session').filter(({ state: how }) => how !== 'started');
      expect(told.at(-1)?.alerts).toEqual([{ resultCode: 200, uri: './FwUpdate/Package1', correlator: update }]);
      expect(told.at(-2)?.alerts).toEqual([]);
    }));
});

describe('faults that are set while the handset runs', () => {
  it('ACT-05 ACT-11: from the command line, by the host: it refuses work, is reached at two addresses, and comes back at another one', () =>
    onStage(async (stage) => {
      const host = stage.agent('serve');
      await host.address();
      const run = (...args: readonly string[]): Promise<Ended> => stage.agent(...args).result();
      const started = await run('virtual', 'start', '--profile', 'old-phone');
      const device = String(started.device);
      expect(started).toMatchObject({ exit: 0, address: expect.stringMatching(/^tcp:/) });
      const faults = (...flags: readonly string[]) => run('virtual', 'faults', '--device', device, ...flags);
      const removal = ['remove', '--handset', device, '--component', 'com.example.snake', '--offline'];
      const remove = (consent = 'none') => run(...removal, '--consent', consent);
      const listed = async () =>
        ((await run('virtual', 'list')).handsets as readonly Record<string, unknown>[])[0] ?? {};

      expect(await faults('--fault', 'low-battery', '--fault', 'slow-link=50000')).toMatchObject({
        ...{ exit: 0, device },
        faults: ['low-battery', 'slow-link=50000'],
      });
      expect(await faults('--fault', 'no-such')).toMatchObject({ exit: 1, code: 'virtual/fault-unknown' });
      expect(await remove()).toMatchObject({ exit: 1, ok: false, message: expect.stringContaining('1450') });
      expect(await faults('--fault', 'user-refuses', '--fault', 'duplicate-bearer')).toMatchObject({ exit: 0 });
      expect(await remove('required')).toMatchObject({ exit: 1, ok: false, code: 'scomo/declined' });
      const two = await listed();
      expect(two).toMatchObject({ model: 'Old Phone', faults: ['user-refuses', 'duplicate-bearer'] });
      const addresses = (two.bearers as readonly { readonly address: string }[]).map(({ address }) => address);
      expect(addresses).toEqual([started.address, expect.stringMatching(/^tcp:127\.0\.0\.1:\d+$/)]);
      const second = await run('inventory', '--handset', addresses[1] ?? '', '--offline');
      expect(second).toMatchObject({ exit: 0, components: [{ id: 'com.example.snake', state: 'active' }] });

      await faults('--fault', 're-enumerate=1');
      // The work goes on where it comes back.
      const removing = stage.agent(...removal, '--consent', 'none', '--reconnect', '20');
      expect(await removing.result()).toMatchObject({ exit: 0, ok: true });
      const now = (await listed()).address;
      expect(now).not.toBe(started.address);
      expect(removing.of('continuation')).toMatchObject([{ over: now, how: 'new-session' }]);
      expect(await listed()).toMatchObject({ faults: [], address: expect.stringMatching(/^tcp:/) });
      expect(await run('inventory', '--handset', device, '--offline')).toMatchObject({ exit: 0, components: [] });
      expect(await run('virtual', 'stop', '--device', device)).toMatchObject({ exit: 0, stopped: device });
      expect(await faults()).toMatchObject({ exit: 3, code: 'virtual/not-running' });
    }));
});

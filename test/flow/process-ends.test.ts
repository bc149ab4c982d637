/** How each server ends: told to between two sessions, told to within one, or because npm has gone. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { DEVICE, GAME, type OurDms, ourDms, ourHandset } from '../support/our-three.ts';
import { onStage, type Program, type ProgramEvent, type Stage } from '../support/processes.ts';

/** What listens says where, what calls says whom. */
const saysItsProcess = ({ type }: ProgramEvent) => type === 'listening' || type === 'started';

/** A session that stands still because the DM server withholds its second answer. */
async function standingSession(
  stage: Stage,
): Promise<{ readonly dms: OurDms; readonly handset: Program; readonly relay: Program }> {
  const dms = await ourDms(stage, '--fault', 'dms-stall');
  const { program, address } = await ourHandset(stage);
  const trigger = ['--trigger', dms.client.triggerUrl(DEVICE)];
  const relay = stage.agent('relay', '--handset', address, '--dms', dms.url, ...trigger);
  await dms.client.post(DEVICE, 'inventory');
  await dms.program.count(2, 'a message of the handset', ({ direction }) => direction === 'to-dms');
  return { dms, handset: program, relay };
}

describe('told to end between two sessions', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('every server gives a result and exits with 0 (%s)', (signal) =>
    onStage(async (stage) => {
      const dms = await ourDms(stage);
      const handset = await ourHandset(stage);
      const listening = [
        stage.agent('relay', '--listen', 'tcp:127.0.0.1:0', '--dms', dms.url),
        stage.agent('relay', '--listen', 'http://127.0.0.1:0/dm', '--dms', dms.url),
      ];
      for (const relay of listening) await relay.address();
      const trigger = ['--trigger', dms.client.triggerUrl(DEVICE)];
      const dialling = stage.agent('relay', '--handset', handset.address, '--dms', dms.url, ...trigger);
      await dms.client.post(DEVICE, 'install', { package: GAME });
      await dialling.event('its session done', ({ type, state }) => type === 'session' && state === 'done');
      for (const program of [dialling, ...listening, handset.program, dms.program]) {
        const { pid } = await program.event('its process', saysItsProcess);
        expect(pid).toBe(program.pid);
        program.signal(signal);
        expect(await program.result(), program.name).toMatchObject({ type: 'result', exit: 0, ok: true });
        expect(program.events.at(-1)?.type).toBe('result');
      }
      await expect(reach(dms.url)).rejects.toThrow(/ECONNREFUSED/);
    }),
  );
});

describe('told to end in mid-session', () => {
  it('the relay breaks it off with 4, and the handset goes on', () =>
    onStage(async (stage) => {
      const { relay, handset } = await standingSession(stage);
      expect(await relay.terminate()).toMatchObject({
        exit: 4,
        ok: false,
        code: 'relay/cancelled',
        state: 'aborted',
      });
      expect(relay.of('session').at(-1)).toMatchObject({ state: 'aborted', code: 'relay/cancelled' });
      await handset.event('the end', ({ type, state }) => type === 'session' && state !== 'started');
      expect(await handset.terminate()).toMatchObject({ exit: 0, ok: true });
    }));

  it('the handset breaks it off with 4', () =>
    onStage(async (stage) => {
      const { relay, handset, dms } = await standingSession(stage);
      expect(await handset.terminate()).toMatchObject({ exit: 4, ok: false, code: 'dm/cancelled' });
      dms.program.signal('SIGTERM');
      await relay.event('the end', ({ type, state }) => type === 'session' && state === 'failed');
    }));

  it('the DM server breaks it off with 4, and the relay says what it lost', () =>
    onStage(async (stage) => {
      const { relay, dms } = await standingSession(stage);
      expect(await dms.program.terminate()).toMatchObject({ exit: 4, ok: false, code: 'dm/cancelled' });
      const end = await relay.event('the end', ({ type, state }) => type === 'session' && state === 'failed');
      expect(String(end.code)).toMatch(/^dms\//);
      // It goes on asking for work until it is told to end.
      expect(await relay.terminate()).toMatchObject({ exit: 0, ok: true });
    }));

  it.each(['tcp:127.0.0.1:0', 'http://127.0.0.1:0/dm'])(
    'a relay that listens on %s breaks the session off with 4, and the handset knows',
    (address) =>
      onStage(async (stage) => {
        const dms = await ourDms(stage, '--fault', 'dms-stall');
        const relay = stage.agent('relay', '--listen', address, '--dms', dms.url);
        const handset = stage.agent('virtual-handset', '--connect', await relay.address());
        await dms.program.count(2, 'a message of the handset', ({ direction }) => direction === 'to-dms');
        expect(await relay.terminate()).toMatchObject({ exit: 4, ok: false, code: 'relay/cancelled' });
        expect(await handset.result()).toMatchObject({ exit: 1, ok: false, sessions: [{ ok: false }] });
      }),
  );

  it('a calling handset breaks its session off with 4', () =>
    onStage(async (stage) => {
      const dms = await ourDms(stage, '--fault', 'dms-stall');
      const handset = stage.agent('virtual-handset', '--connect', dms.url);
      const { pid } = await handset.event(
        'its process',
        ({ type, address }) => type === 'started' && address === dms.url,
      );
      expect(() => process.kill(Number(pid), 0)).not.toThrow();
      await dms.program.count(2, 'a message of the handset', ({ direction }) => direction === 'to-dms');
      expect(await handset.terminate()).toMatchObject({ exit: 4, ok: false, code: 'dm/cancelled' });
    }));
});

describe.runIf(process.platform === 'linux')('when npm is killed', () => {
  it.each([
    ['virtual-dms', ['--listen', '127.0.0.1:0']],
    ['virtual-handset', ['--listen', 'tcp:127.0.0.1:0']],
    ['relay', ['--listen', 'tcp:127.0.0.1:0', '--dms', 'http://127.0.0.1:9/dm']],
    ['relay', ['--handset', 'tcp:127.0.0.1:9', '--dms', 'http://127.0.0.1:9/dm', '--trigger', 'http://127.0.0.1:9/t']],
  ])('%s %s ends by itself', (name, flags) =>
    onStage(async (stage) => {
      const npm = ['npm', 'run', '-s', '--ignore-scripts', 'pc-agent', '--', name, ...flags, '--json'];
      const run = stage.program(name, npm);
      const { pid } = await run.event('its process', saysItsProcess);
      const server = Number(pid);
      expect(server).not.toBe(run.pid);
      run.signal('SIGKILL');
      // Its output is closed when the last process that held it has gone.
      expect(await run.ended).toMatchObject({ signal: 'SIGKILL' });
      expect(run.events.at(-1)).toMatchObject({ type: 'result', ok: true });
      expect(() => process.kill(server, 0)).toThrow(/ESRCH/);
    }),
  );
});

async function reach(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  try {
    await once(socket, 'connect');
  } finally {
    socket.destroy();
  }
}

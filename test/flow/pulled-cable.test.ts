import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cableTo } from '../support/cable.ts';
import { ourHandset } from '../support/our-three.ts';
import { onStage, type Program } from '../support/processes.ts';
import { thoroughly } from '../support/thoroughly.ts';

const SIZE = 600_000;
const RATE = 400_000;
const PACKAGE = 'com.example.big';

/** Sessions as the handset's own process saw them. */
const sessionsOf = (handset: Program) => handset.of('session').filter(({ state }) => state === 'started').length;

describe('a cable that is pulled in the middle of a delivery', () => {
  it('PCA-04: and put back: the same job goes on by itself, from the beginning of the object, and ends once', () =>
    onStage(async (stage) => {
      const file = join(stage.folder, 'big.bin');
      await writeFile(file, randomBytes(SIZE));
      expect(await stage.agent('packages', 'add', file, '--id', PACKAGE, '--version', '2').result()).toMatchObject({
        exit: 0,
      });
      const state = join(stage.folder, 'handset');
      const { program, address } = await ourHandset(stage, '--state', state);
      const cable = await cableTo(stage, address, RATE);
      const install = ['install', '--handset', cable.address, '--package', PACKAGE, '--offline'];
      const agent = stage.agent(...install, '--reconnect', '30');
      await cable.passed(SIZE * 0.4);
      await cable.pull();
      await agent.event('that the link was lost', (event) => event.type === 'interruption' && event.state === 'lost');
      expect(agent.of('phase').at(-1)).toMatchObject({ phase: 'over', unplug: 'safe' });
      await cable.plug();
      const result = await agent.result();
      expect(result).toMatchObject({ exit: 0, ok: true, jobs: [{ state: 'done', resultCode: 1200 }] });
      expect(agent.of('interruption').map((event) => event.state)).toEqual(['lost', 'back']);
      expect((result.sessions as unknown[]).length).toBe(2);
      expect(sessionsOf(program)).toBe(2);
      await program.terminate();
      expect(await readFile(join(state, 'handset.json'), 'utf8')).toContain(PACKAGE);
    }));

  it('PCA-04: and not put back: it has failed when its time is over, and the handset is as it was', () =>
    onStage(async (stage) => {
      const file = join(stage.folder, 'big.bin');
      await writeFile(file, randomBytes(SIZE));
      await stage.agent('packages', 'add', file, '--id', PACKAGE, '--version', '2').result();
      const { program, address } = await ourHandset(stage);
      const cable = await cableTo(stage, address, RATE);
      const install = ['install', '--handset', cable.address, '--package', PACKAGE, '--offline'];
      const agent = stage.agent(...install, '--reconnect', '1');
      await cable.passed(SIZE * 0.4);
      await cable.pull();
      const result = await agent.result();
      expect(result).toMatchObject({ exit: 1, ok: false, code: expect.stringMatching(/^(bearer|obex)\//) });
      expect(agent.of('interruption').map((event) => event.state)).toEqual(['lost', 'given-up']);
      expect(program.of('handset').filter(({ installed }) => installed !== undefined)).toEqual([]);
    }));

  thoroughly('and Ctrl-C while it is waited for: cancelled, exit 4', () =>
    onStage(async (stage) => {
      const file = join(stage.folder, 'big.bin');
      await writeFile(file, randomBytes(SIZE));
      await stage.agent('packages', 'add', file, '--id', PACKAGE, '--version', '2').result();
      const { address } = await ourHandset(stage);
      const cable = await cableTo(stage, address, RATE);
      const install = ['install', '--handset', cable.address, '--package', PACKAGE, '--offline'];
      const agent = stage.agent(...install, '--reconnect', '30');
      await cable.passed(SIZE * 0.4);
      await cable.pull();
      await agent.event('that the link was lost', (event) => event.type === 'interruption');
      agent.signal('SIGINT');
      expect(await agent.result()).toMatchObject({ exit: 4, ok: false, jobs: [{ state: 'cancelled' }] });
    }),
  );
});

/** The PC's own DM server with no network: host, command line and handset as processes of their own. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import { writeFirmware } from '../../../src-main/fumo/firmware-package.ts';
import { writeSoftware } from '../../../src-main/scomo/software-package.ts';
import { hostFace, rowsOf } from '../../support/host-face.ts';
import { DEVICE, ourDms, ourHandset } from '../../support/our-three.ts';
import { onStage, type Program, type Stage } from '../../support/processes.ts';

const CLOCK = 'com.example.clock';
const NOTES = 'com.example.notes';
const ZONES = 'com.example.zones';
const SUITE = 'com.example.suite';
const FIRMWARE = 'com.example.firmware';
const MODEL = 'V1';
const UNCHANGED = { added: [], removed: [], changed: [] };
const octets = (text: string): Uint8Array => new TextEncoder().encode(text.repeat(8000));

/** Two components of which none does anything without the other. */
const suite = (): Uint8Array =>
  writeSoftware(
    [
      { id: CLOCK, name: 'Clock', version: '2.0', needs: [{ id: ZONES }], content: octets('clock') },
      { id: ZONES, name: 'Zones', version: '1.0', needs: [{ id: CLOCK, version: '2.0' }], content: octets('zones') },
    ],
    { digest: nodeDigest },
  );

const firmware = (model = MODEL): Uint8Array =>
  writeFirmware({ model, from: ['1.0'], to: '2.0' }, octets('firmware'), nodeDigest);

/** A host with its offline switch on, its face, and packages in its cache. */
async function offlineHost(stage: Stage, packages: Readonly<Record<string, Uint8Array>>) {
  const host = stage.agent('serve');
  await host.address();
  const face = await hostFace(join(stage.folder, 'home'));
  await face.request('host.offline', { offline: true });
  for (const [id, bytes] of Object.entries(packages)) {
    const file = join(stage.folder, `${id}.bin`);
    await writeFile(file, bytes);
    await face.request('packages.add', { files: [{ file, id, version: '2.0' }] });
  }
  return { host, face };
}

const byId = (components: readonly { readonly id: string }[] = []) =>
  components.toSorted((one, other) => one.id.localeCompare(other.id));

const questionsAt = (handset: Program) =>
  handset.of('handset').flatMap(({ state, question }) => (state === 'asked' ? [question] : []));

/** Resolves when the handset has said that it has begun, and not how it ended. */
async function begun(stage: Stage): Promise<void> {
  const query = 'SELECT count(*) AS open FROM jobs WHERE ended_at IS NULL AND accepted_at IS NOT NULL';
  const home = join(stage.folder, 'home');
  while (rowsOf<{ readonly open: number }>(home, query)[0]?.open !== 1) await setTimeout(20);
}

/** A handset on one address for as long as the test lasts, however often it goes down. */
async function phone(stage: Stage, ...flags: readonly string[]) {
  const common = ['--model', MODEL, '--state', join(stage.folder, 'phone')];
  const { program, address } = await ourHandset(stage, ...common, ...flags);
  const again = async (...more: readonly string[]): Promise<Program> => {
    const next = stage.agent('virtual-handset', '--listen', address, ...common, ...more);
    await next.address();
    return next;
  };
  return { program, address, again };
}

describe('offline', () => {
  it('CMP-05 PCA-03 SCOMO-HLFR-9 SCOMO-OSR-DMS-07 SCOMO-OSR-Device-08 SCOMO-UC2-A2-1 SCOMO-UC2-A2-2 SCOMO-UC2-A2-3: a bundle goes onto a handset whole or not at all, with no network, and the DM server hears later what changed and what was in the way', () =>
    onStage(async (stage) => {
      const state = join(stage.folder, 'dms');
      const dms = await ourDms(stage, '--state', state);
      await dms.program.terminate();
      const { face } = await offlineHost(stage, { [SUITE]: suite() });
      const first = await phone(stage, '--fault', 'component-fails=2');
      const order = { handset: first.address, packages: [SUITE], reportTo: dms.url };
      const plan = await face.request('install.plan', order);
      expect(plan.items).toMatchObject([
        {
          action: 'update',
          components: [
            { id: CLOCK, version: '2.0', installedVersion: '1.4', change: 'update' },
            { id: ZONES, version: '1.0', change: 'add' },
          ],
          needs: [
            { component: CLOCK, id: ZONES, met: true },
            { component: ZONES, id: CLOCK, version: '2.0', met: true },
          ],
        },
      ]);
      const before = (await face.request('inventory', { handset: first.address })).components;
      const failed = await face.request('install', order);
      expect(failed).toMatchObject({
        jobs: [{ state: 'failed', code: 'scomo/operation-failed', resultCode: 1405, difference: UNCHANGED }],
      });
      expect(failed.jobs[0]?.message).toContain(ZONES);
      // Field by field, by the handset's own word.
      expect(byId(failed.components)).toEqual(byId(before));

      // Killed between the two components, it takes the first one back, and says so in its next session.
      await first.program.kill();
      const second = await first.again('--fault', 'install-reboots');
      const going = face.request('install', { ...order, reconnect: 60 });
      await begun(stage);
      await second.kill();
      const third = await first.again();
      expect(await going).toMatchObject({ jobs: [{ state: 'failed', resultCode: 1405, difference: UNCHANGED }] });

      const done = await face.request('install', order);
      const difference = {
        added: [{ id: ZONES, version: '1.0', state: 'active', pkgId: SUITE }],
        removed: [],
        changed: [
          { id: CLOCK, field: 'pkgId', before: CLOCK, after: SUITE },
          { id: CLOCK, field: 'version', before: '1.4', after: '2.0' },
        ],
      };
      expect(done).toMatchObject({ jobs: [{ state: 'done', resultCode: 1200, difference }] });
      expect(questionsAt(third)).toHaveLength(1);
      const { jobs } = await face.request('jobs.list', {});
      expect(jobs.filter(({ operation }) => operation === 'install').map((job) => job.difference)).toMatchObject([
        difference,
        UNCHANGED,
        UNCHANGED,
      ]);

      expect(await face.request('reports.send', {})).toEqual({ unsent: 3 });
      const again = stage.agent('virtual-dms', '--listen', new URL(dms.url).host, '--state', state);
      await again.address();
      await face.request('host.offline', { offline: false });
      for (let unsent = 1; unsent > 0; ) ({ unsent } = await face.request('reports.send', {}));
      const kept = (await dms.client.reports(DEVICE)).map(({ report }) => report);
      expect(kept).toMatchObject([
        { state: 'failed', resultCode: 1405, difference: UNCHANGED, message: expect.stringContaining(ZONES) },
        { state: 'failed', resultCode: 1405, difference: UNCHANGED },
        { state: 'done', resultCode: 1200, difference },
      ]);
      face.close();
    }));

  it('ACT-13 ACT-15 SCOMO-UC2 SCOMO-UC2-PRE SCOMO-UC2-POST SCOMO-UC2-N1 SCOMO-UC2-N2 SCOMO-UC2-N3 SCOMO-UC2-N4 SCOMO-UC2-N5 SCOMO-UC2-A1-3 SCOMO-F3-N4: the command line updates what is older after the user has agreed, activates and deactivates, and commands nothing of what is up to date', () =>
    onStage(async (stage) => {
      const { face } = await offlineHost(stage, { [NOTES]: octets('notes'), 'com.example.game': octets('game') });
      const { program: handset, address } = await phone(stage, '--answer', 'reject', '--answer', 'accept');
      const run = (command: string, ...flags: readonly string[]) =>
        stage.agent(command, '--handset', address, ...flags).result();

      const refused = await run('update', '--consent', 'required');
      expect(refused).toMatchObject({
        exit: 1,
        code: 'scomo/declined',
        jobs: [{ state: 'refused', difference: UNCHANGED }],
      });
      // Only what is installed is offered.
      expect(refused.jobs).toMatchObject([{ package: NOTES }]);
      const updated = await run('update', '--package', NOTES, 'com.example.game');
      expect(updated).toMatchObject({
        exit: 2,
        jobs: [
          { package: NOTES, state: 'done', resultCode: 1200 },
          { package: 'com.example.game', state: 'skipped', code: 'offline/nothing-to-do' },
        ],
      });
      expect(questionsAt(handset)).toMatchObject([
        { text: 'Update com.example.notes to 2.0?' },
        { text: 'Update com.example.notes to 2.0?' },
      ]);
      const sent = handset.of('message').length;
      expect(await run('update')).toMatchObject({ exit: 2, ok: true, jobs: [] });
      const session = handset.of('message').slice(sent);
      expect(session.length).toBeGreaterThan(4);
      // No question, no package, nothing that takes the room of one.
      expect(session.filter(({ bytes }) => Number(bytes) > 4000)).toEqual([]);
      expect(questionsAt(handset)).toHaveLength(2);

      const state = (before: string, after: string) => ({
        exit: 0,
        jobs: [{ state: 'done', difference: { changed: [{ id: NOTES, field: 'state', before, after }] } }],
      });
      expect(await run('activate', '--component', NOTES)).toMatchObject(state('inactive', 'active'));
      expect(await run('deactivate', '--component', NOTES)).toMatchObject(state('active', 'inactive'));
      expect(await run('deactivate', '--component', NOTES)).toMatchObject({ exit: 2 });
      expect(await run('activate', '--component', 'com.example.game')).toMatchObject({
        exit: 1,
        code: 'offline/not-installed',
      });
      const { components } = await face.request('inventory', { handset: address });
      expect(components?.find(({ id }) => id === NOTES)).toMatchObject({ version: '2.0', state: 'inactive' });
      face.close();
    }));

  it('FUMO-F1-N1 FUMO-F1-N2 FUMO-F1-N3 FUMO-F1-N4 FUMO-F1-N5 FUMO-F1-A2 FUMO-F3-N1 FUMO-F3-N2 FUMO-F3-N3 FUMO-F3-N4 FUMO-F3-N5: firmware goes there from the PC, the handset dies in the middle of the update, and its next session tells how it ended', () =>
    onStage(async (stage) => {
      const { face } = await offlineHost(stage, { [FIRMWARE]: firmware(), 'com.example.other': firmware('V2') });
      const first = await phone(stage, '--fault', 'firmware-reboots');
      const command = ['firmware', '--handset', first.address, '--package'];
      const other = await stage.agent(...command, 'com.example.other').result();
      expect(other).toMatchObject({ exit: 1, code: 'offline/wrong-model', jobs: [{ state: 'failed' }] });
      expect(first.program.of('message').filter(({ bytes }) => Number(bytes) > 4000)).toEqual([]);
      const update = stage.agent(...command, FIRMWARE, '--reconnect', '60');
      await begun(stage);
      await first.program.kill();
      const second = await first.again();
      const difference = {
        changed: [
          { id: 'firmware', field: 'state', before: '10', after: '100' },
          { id: 'firmware', field: 'version', before: '1.0', after: '2.0' },
        ],
      };
      expect(await update.result()).toMatchObject({
        exit: 0,
        jobs: [{ state: 'done', resultCode: 200, difference }],
      });
      // Told once: the package did not travel again.
      expect(second.of('message').filter(({ bytes }) => Number(bytes) > 4000)).toEqual([]);
      expect(await stage.agent(...command, FIRMWARE).result()).toMatchObject({ exit: 2 });
      face.close();
    }));
});

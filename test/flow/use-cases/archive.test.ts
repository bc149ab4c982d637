/** Archive and restore: host, handsets and commands as processes of their own. Ids are those of the use cases. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeDigest } from '../../../src-main/base/node/digest.ts';
import type { ComponentView } from '../../../src-main/contract/results.ts';
import { writeSoftware } from '../../../src-main/scomo/software-package.ts';
import { type HostFace, hostFace, rowsOf } from '../../support/host-face.ts';
import { DEVICE, GAME, ourHandset } from '../../support/our-three.ts';
import { onStage, type Program, type Stage } from '../../support/processes.ts';

const NOTES = 'com.example.notes';

interface Running {
  readonly program: Program;
  readonly face: HostFace;
}

async function startHost(stage: Stage): Promise<Running> {
  const program = stage.agent('serve');
  await program.address();
  const face = await hostFace(join(stage.folder, 'home'));
  stage.owns(async () => face.close());
  return { program, face };
}

/** The next host, after one that was killed. */
async function killed(stage: Stage, { program, face }: Running): Promise<Running> {
  await program.kill();
  face.close();
  return startHost(stage);
}

async function addPackage(stage: Stage, { face }: Running, id: string, version: string, bytes: Uint8Array) {
  const file = join(stage.folder, `${id}-${version}.bin`);
  writeFileSync(file, bytes);
  await face.request('packages.add', { files: [{ file, id, version, name: `${id} ${version}` }] });
}

const octets = (text: string, times = 2000) => new TextEncoder().encode(text.repeat(times));

const componentsOf = async ({ face }: Running, handset: string): Promise<readonly ComponentView[]> =>
  (await face.request('inventory', { handset, offline: true })).components ?? [];

const asked = (handset: Program) =>
  handset.of('handset').flatMap(({ question }) => (question as { text?: string } | undefined)?.text ?? []);

const started = ({ type, state }: { readonly type: string; readonly state?: unknown }) =>
  type === 'session' && state === 'started';

describe('archive and restore', () => {
  it('ACT-09: a component is archived and put back, equal field by field; a host that is killed in between leaves it on the phone or in the archive', () =>
    onStage(async (stage) => {
      const home = join(stage.folder, 'home');
      const { program: phone, address } = await ourHandset(stage);
      let host = await startHost(stage);
      // Kept over the host's restarts: all of it is done without a network.
      await host.face.request('host.offline', { offline: true });
      await addPackage(stage, host, GAME, '2.0', octets('game'));
      await host.face.request('install', { handset: address, packages: [GAME], inactive: true, offline: true });
      const before = await componentsOf(host, address);
      expect(before).toContainEqual(expect.objectContaining({ id: GAME, version: '2.0', state: 'inactive' }));

      const target = ['--handset', address];
      // Its package was never on this PC, so nothing on the phone is touched.
      expect(await stage.agent('archive', 'add', ...target, '--component', NOTES).result()).toMatchObject({
        exit: 1,
        code: 'archive/package-absent',
      });
      expect(await componentsOf(host, address)).toEqual(before);
      const added = await stage.agent('archive', 'add', ...target, '--component', GAME, '--note', 'level 7').result();
      expect(added).toMatchObject({ exit: 0, device: DEVICE, archive: { component: GAME, note: 'level 7' } });
      expect(asked(phone)).toContain(`Remove ${GAME}?`);
      const without = before.filter(({ id }) => id !== GAME);
      expect(await componentsOf(host, address)).toEqual(without);
      expect(await stage.agent('packages', 'remove', GAME).result()).toMatchObject({
        exit: 1,
        code: 'cache/needed-by-archive',
      });
      const { id } = added.archive as { readonly id: string };
      const restored = await stage.agent('archive', 'restore', id, ...target).result();
      expect(restored).toMatchObject({ exit: 0, remaining: { missing: [], outdated: [], extra: [] } });
      expect(await componentsOf(host, address)).toEqual(before);
      await host.face.request('archives.remove', { archive: id });

      const archive = () => {
        const work = host.face.request('archive', { handset: address, component: GAME, offline: true });
        return work.then(
          () => 'answered',
          () => 'broken off',
        );
      };
      // The second session, which is to remove it, begins when the archive is on the disk.
      const sessions = phone.events.filter(started).length;
      const first = archive();
      await phone.count(sessions + 2, 'sessions', started);
      host = await killed(stage, host);
      expect(await first).toBe('broken off');
      expect(rowsOf(home, 'SELECT component, state FROM archives')).toEqual([{ component: GAME, state: 'pending' }]);
      expect((await host.face.request('archives.list', {})).archives).toEqual([]);
      expect(await componentsOf(host, address)).toEqual(before);

      // The phone has the order, and nobody hears how it ends.
      const questions = asked(phone).length;
      const second = archive();
      await phone.count(
        questions + 1,
        'questions',
        ({ type, question }) => type === 'handset' && question !== undefined,
      );
      host = await killed(stage, host);
      await second;
      expect(await componentsOf(host, address)).toEqual(without);
      const { archives } = await host.face.request('archives.list', {});
      expect(archives).toMatchObject([{ component: GAME, state: 'inactive', device: DEVICE }]);
      await host.face.request('restore', { handset: address, archive: archives[0]?.id ?? '', offline: true });
      expect(await componentsOf(host, address)).toEqual(before);
    }));

  it('ACT-12 SCOMO-UC1-POST SCOMO-UC1-B1 PCA-07: a list of components is taken, exported, laid beside phones as a policy, and put on its phone and on others of that model; another model is refused', () =>
    onStage(async (stage) => {
      const [phone, twin, other] = await Promise.all([
        ourHandset(stage),
        ourHandset(stage, '--imei', '004999010640018'),
        ourHandset(stage, '--imei', '004999010640026', '--model', 'Other'),
      ]);
      const host = await startHost(stage);
      const { face } = host;
      const suite = writeSoftware(
        ['alarm', 'zones'].map((id) => ({ id, name: id, version: '1.0', needs: [], content: octets(id) })),
        { digest: nodeDigest },
      );
      await addPackage(stage, host, GAME, '2.0', octets('game'));
      await addPackage(stage, host, 'suite', '1.0', suite);
      const at = (handset: string) => ({ handset, offline: true, consent: 'none' as const });
      await face.request('install', { ...at(phone.address), packages: [GAME, 'suite'] });
      await face.request('deactivate', { ...at(phone.address), component: 'zones' });
      const wanted = await componentsOf(host, phone.address);
      expect(
        await stage.agent('snapshots', 'take', '--handset', phone.address, '--name', 'Bench').result(),
      ).toMatchObject({ exit: 0, snapshot: { name: 'Bench' } });

      // A newer game, no alarm, and something of the owner's own.
      await addPackage(stage, host, GAME, '3.0', octets('newer'));
      await addPackage(stage, host, 'toy', '1.0', octets('toy'));
      await face.request('install', { ...at(phone.address), packages: [GAME, 'toy'] });
      await face.request('remove', { ...at(phone.address), component: 'alarm' });
      const target = ['--handset', phone.address];
      expect(await stage.agent('snapshots', 'compare', 'bench', ...target).result()).toMatchObject({
        exit: 1,
        code: 'snapshot/differs',
        comparison: {
          missing: [{ id: 'alarm', version: '1.0', package: 'suite' }],
          outdated: [{ id: GAME, field: 'version', has: '3.0', wanted: '2.0', package: GAME }],
          extra: [{ id: 'toy', version: '1.0' }],
        },
      });
      const sessions = phone.program.events.filter(started).length;
      const back = await stage.agent('snapshots', 'restore', 'bench', ...target, '--remove-extra').result();
      expect(back).toMatchObject({ exit: 0, remaining: { missing: [], outdated: [], extra: [] } });
      // One look, and one session for all that changed.
      expect(phone.program.events.filter(started)).toHaveLength(sessions + 2);
      const byId = (list: readonly ComponentView[]) => [...list].sort((a, b) => a.id.localeCompare(b.id));
      expect(byId(await componentsOf(host, phone.address))).toEqual(byId(wanted));

      // The bench is prepared elsewhere: the list goes there as a file, and onto another phone of that model.
      const file = join(stage.folder, 'bench.json');
      expect(await stage.agent('snapshots', 'export', 'Bench', '--to', file).result()).toMatchObject({ exit: 0 });
      const listed = JSON.parse(readFileSync(file, 'utf8')) as {
        readonly components: readonly { readonly id: string }[];
      };
      expect(listed.components.map(({ id }) => id).sort()).toEqual(wanted.map(({ id }) => id).sort());
      expect(await stage.agent('snapshots', 'import', file, '--name', 'Copy').result()).toMatchObject({
        exit: 0,
        snapshot: { name: 'Copy', device: '' },
      });
      const restored = await face.request('snapshots.restore', { ...at(twin.address), snapshot: 'Copy' });
      expect(restored.remaining).toMatchObject({ missing: [], outdated: [], extra: [] });
      expect(byId(await componentsOf(host, twin.address))).toEqual(byId(wanted));
      expect(await face.request('snapshots.compare', { handset: twin.address, snapshot: 'Bench' })).toMatchObject({
        missing: [],
        outdated: [],
        extra: [],
      });

      const factory = await componentsOf(host, other.address);
      await expect(
        face.request('snapshots.restore', { ...at(other.address), snapshot: 'Bench' }),
      ).rejects.toMatchObject({
        code: 'snapshot/other-model',
      });
      expect(await componentsOf(host, other.address)).toEqual(factory);
      const ordered = `SELECT operation FROM jobs JOIN orders ON orders.id = order_id
          WHERE device = 'IMEI:004999010640026' AND operation <> 'inventory'`;
      expect(rowsOf(join(stage.folder, 'home'), ordered)).toEqual([]);
    }));
});

import { describe, expect, it } from 'vitest';
import { type ArchiveStore, createArchiveStore, type NewArchive } from '../../../src-main/archive/archive-store.ts';
import { allKeptPackages, keepersIn } from '../../../src-main/archive/kept-packages.ts';
import { createSnapshotStore } from '../../../src-main/archive/snapshot-store.ts';
import { nodeClock } from '../../../src-main/base/node/clock.ts';
import type { Job } from '../../../src-main/jobs/job.ts';
import { MIGRATIONS } from '../../../src-main/store/migrations/index.ts';
import { scratch } from '../store/scratch.ts';
import { rowsIn } from './rows.ts';

const { open, file } = scratch();
const DEVICE = 'IMEI:490154203237518';
const PACKAGE = {
  ...{ id: 'com.example.game', name: 'Game', version: '2.0', model: '', trust: 'verified' as const },
  ...{ digest: 'a'.repeat(64), size: 30_000 },
};
const GAME: NewArchive = {
  ...{ device: DEVICE, model: 'M1', component: 'com.example.game', name: 'Game', version: '2.0' },
  ...{ componentState: 'inactive', package: PACKAGE, note: 'level 7' },
};
const TWELVE = '2030-01-01T12:00:00.000Z';
const clock = { now: () => new Date(TWELVE) };
const at = (hour: number) => `2030-01-01T${hour}:00:00.000Z`;

function removal(state: Job['state'], endedAt?: string, component = GAME.component): Job {
  return { operation: 'remove', component, state, endedAt } as Job;
}

describe('migration 007, archives', () => {
  it('comes to a database of the version before and leaves what is in it', async () => {
    const path = file();
    const old = open(path, { migrations: MIGRATIONS.filter(({ number }) => number < 7) });
    await old.write((db) => db.run("INSERT INTO settings VALUES ('a', '1')"));
    await old.close();
    const store = open(path, { migrations: MIGRATIONS.filter(({ number }) => number <= 7) });
    expect(store.read((db) => db.all('SELECT * FROM settings'))).toEqual([{ key: 'a', value: '1' }]);
    const archive = (state: string, component = 'active') =>
      store.write((db) =>
        db.run(
          `INSERT INTO archives (id, device, component, version, component_state, state, made_at)
           VALUES ('${state}', 'd', 'c', '1', '${component}', '${state}', 't')`,
        ),
      );
    await archive('pending');
    await expect(archive('lost')).rejects.toThrow('CHECK');
    await expect(archive('archived', '30')).rejects.toThrow('CHECK');
    await expect(archive('pending')).rejects.toThrow('UNIQUE');
  });
});

/** The archives as the process after the one that was killed has them. */
async function afterKill(path: string, jobs: readonly Job[]): Promise<ArchiveStore> {
  const archives = createArchiveStore(open(path), clock);
  await archives.settle(() => jobs);
  return archives;
}

describe('an archive', () => {
  it('is on the disk before its component is removed, and listed when the removal is known', async () => {
    const path = file();
    const archives = createArchiveStore(open(path), clock);
    const { id } = await archives.begin(GAME);
    expect(rowsIn(path, 'SELECT state, component FROM archives')).toEqual([
      { state: 'pending', component: GAME.component },
    ]);
    expect(archives.list()).toEqual([]);
    // Whoever began it settles it.
    await archives.settle(() => []);
    expect(archives.get(id)?.state).toBe('pending');
    await archives.archived(id);
    const { componentState, note } = GAME;
    expect(archives.list(DEVICE)).toEqual([
      expect.objectContaining({ id, state: 'archived', archivedAt: TWELVE, componentState, note, package: PACKAGE }),
    ]);
    expect(archives.list('IMEI:1')).toEqual([]);
    await archives.restored(id);
    expect(archives.get(id)).toMatchObject({ state: 'restored', restoredAt: TWELVE });
  });

  it.each<[string, Job[], 'archived' | 'pending' | 'gone']>([
    ['was never ordered', [], 'gone'],
    ['is done', [removal('done', at(13))], 'archived'],
    ['found nothing any more', [removal('skipped', at(13))], 'archived'],
    ['failed', [removal('failed', at(13))], 'gone'],
    ['was refused by the person', [removal('refused', at(13))], 'gone'],
    ['expired', [removal('expired', at(13))], 'gone'],
    ['was broken off', [removal('cancelled', at(13))], 'gone'],
    ['has not begun', [removal('queued')], 'pending'],
    ['has begun, and the handset says no more', [removal('waiting')], 'pending'],
    ['was done for an earlier one', [removal('done', at(11))], 'gone'],
    ['is that of another component', [removal('done', at(13), 'com.example.maps')], 'gone'],
    ['failed once and was done then', [removal('failed', at(13)), removal('done', at(14))], 'archived'],
  ])('of a killed process is settled by its job that %s', async (_title, jobs, fate) => {
    const path = file();
    const store = open(path);
    const { id } = await createArchiveStore(store, clock).begin(GAME);
    await store.close();
    const archives = await afterKill(path, jobs);
    expect(archives.get(id)?.state ?? 'gone').toBe(fate);
    expect(rowsIn(path, 'SELECT package FROM kept_packages')).toHaveLength(fate === 'gone' ? 0 : 1);
  });

  it('that is pending is taken up when it is wanted again', async () => {
    const path = file();
    const store = open(path);
    const first = await createArchiveStore(store, clock).begin(GAME);
    const again = await createArchiveStore(store, clock).begin({ ...GAME, version: '3.0' });
    expect(again).toMatchObject({ id: first.id, version: '3.0' });
    expect(rowsIn(path, 'SELECT version FROM archives')).toEqual([{ version: '3.0' }]);
  });

  it('is one of at most 5000', async () => {
    const store = open(file());
    await store.write((db) =>
      db.script(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
        INSERT INTO archives (id, device, component, version, component_state, state, made_at)
        SELECT i, 'IMEI:1', 'c', '1', 'active', 'archived', '${TWELVE}' FROM n`),
    );
    const archives = createArchiveStore(store, clock);
    await expect(archives.begin(GAME)).rejects.toMatchObject({ code: 'archive/too-many' });
  });
});

describe('a snapshot', () => {
  const snapshot = (name: string) => ({
    ...{ name, device: DEVICE, model: 'M1', takenAt: TWELVE, packages: [PACKAGE] },
    components: [{ id: 'com.example.game', version: '2.0', state: 'active' }],
  });

  it('has a name of its own, whatever its letter case, and is found by it', async () => {
    const snapshots = createSnapshotStore(open(file()));
    const { id } = await snapshots.add(snapshot('Größe Ä'));
    for (const name of ['größe ä', 'GRÖßE Ä ', 'Gr\u006f\u0308ße \u0041\u0308']) {
      await expect(snapshots.add(snapshot(name)), name).rejects.toMatchObject({ code: 'snapshot/exists' });
      expect(snapshots.find(name)?.id).toBe(id);
    }
    expect(snapshots.find(id)?.components).toEqual(snapshot('').components);
    await snapshots.drop(id);
    expect(snapshots.list()).toEqual([]);
  });

  it('and archives are named by what needs a content, until they are gone', async () => {
    const store = open(file());
    const [archives, snapshots] = [createArchiveStore(store, nodeClock), createSnapshotStore(store)];
    const [{ id }, taken] = [await archives.begin(GAME), await snapshots.add(snapshot('Bench'))];
    const keepers = keepersIn(store);
    expect(keepers(PACKAGE.digest)).toEqual([`archive ${id} of com.example.game`, 'snapshot Bench']);
    expect(allKeptPackages(store)).toEqual([PACKAGE]);
    await archives.drop(id);
    await snapshots.drop(taken.id);
    expect(keepers(PACKAGE.digest)).toEqual([]);
    // What was dropped meanwhile keeps nothing.
    await snapshots.keep(taken.id, [PACKAGE]);
    expect(allKeptPackages(store)).toEqual([]);
  });

  it('is one of at most 500', async () => {
    const store = open(file());
    await store.write((db) =>
      db.script(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)
        INSERT INTO snapshots (id, name, name_key, device, taken_at, components)
        SELECT i, i, i, '', '${TWELVE}', '[]' FROM n`),
    );
    const snapshots = createSnapshotStore(store);
    await expect(snapshots.add(snapshot('Bench'))).rejects.toMatchObject({ code: 'snapshot/too-many' });
  });
});

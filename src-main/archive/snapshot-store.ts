import { randomUUID } from 'node:crypto';
import { PcAgentError } from '../base/errors.ts';
import type { SnapshotDocument } from '../contract/software-views.ts';
import type { ReadDatabase } from '../store/database.ts';
import type { Store } from '../store/store.ts';
import { type KeptPackage, keepPackages, keptPackages, releasePackages } from './kept-packages.ts';

/** One component of a snapshot, with the package that it came from where that is known. */
export type SnapshotComponent = SnapshotDocument['components'][number];

export interface NewSnapshot {
  readonly name: string;
  /** DevId; empty: it came from a file. */
  readonly device: string;
  readonly model: string | undefined;
  /** ISO 8601. */
  readonly takenAt: string;
  readonly components: readonly SnapshotComponent[];
  /** What is kept for it. */
  readonly packages: readonly KeptPackage[];
}

export interface SnapshotRecord extends NewSnapshot {
  readonly id: string;
}

/** Named sets of components. What a promise gives is on the disk. */
export interface SnapshotStore {
  /** Oldest first. */
  list(): readonly SnapshotRecord[];
  /** By id or name; letter case does not count. */
  find(idOrName: string): SnapshotRecord | undefined;
  /** @throws PcAgentError `snapshot/exists`, `snapshot/too-many` */
  add(snapshot: NewSnapshot): Promise<SnapshotRecord>;
  /** Keeps packages that came into the cache later. */
  keep(id: string, packages: readonly KeptPackage[]): Promise<void>;
  drop(id: string): Promise<void>;
}

/** With 1000 components each they are 200 MB at the very most. */
const MAX_SNAPSHOTS = 500;

interface Row {
  readonly id: string;
  readonly name: string;
  readonly device: string;
  readonly model: string | null;
  readonly taken_at: string;
  readonly components: string;
}

const SELECT = 'SELECT id, name, device, model, taken_at, components FROM snapshots';

export function createSnapshotStore(store: Store): SnapshotStore {
  const find = (idOrName: string): SnapshotRecord | undefined =>
    store.read((db) => {
      const row = db.get<Row>(
        `${SELECT} WHERE id = ?1 OR name_key = ?2 ORDER BY id = ?1 DESC`,
        idOrName,
        keyOf(idOrName),
      );
      return row === undefined ? undefined : recordOf(db, row);
    });
  return {
    list: () => store.read((db) => db.all<Row>(`${SELECT} ORDER BY number`).map((row) => recordOf(db, row))),
    find,
    async add({ name, device, model, takenAt, components, packages }) {
      const id = randomUUID();
      await store.write((db) => {
        assertRoom(db, name);
        db.run(
          `INSERT INTO snapshots (id, name, name_key, device, model, taken_at, components)
           VALUES (?, ?, ?, ?, ?, ?, ?)`,
          ...[id, name, keyOf(name), device, model ?? null, takenAt, JSON.stringify(components)],
        );
        keepPackages(db, id, packages);
      });
      const kept = find(id);
      if (kept === undefined) throw new TypeError('a snapshot that was kept is not there');
      return kept;
    },
    async keep(id, packages) {
      await store.write((db) => {
        if (db.get('SELECT id FROM snapshots WHERE id = ?', id) !== undefined) keepPackages(db, id, packages);
      });
    },
    async drop(id) {
      await store.write((db) => {
        db.run('DELETE FROM snapshots WHERE id = ?', id);
        releasePackages(db, id);
      });
    },
  };
}

/** @throws PcAgentError `snapshot/exists`, `snapshot/too-many` */
function assertRoom(db: ReadDatabase, name: string): void {
  if (db.get('SELECT id FROM snapshots WHERE name_key = ?', keyOf(name)) !== undefined) {
    throw new PcAgentError('snapshot/exists', `there is a snapshot ${name} already`, { details: { name } });
  }
  const { count } = db.get<{ count: number }>('SELECT count(*) AS count FROM snapshots') ?? { count: 0 };
  if (count < MAX_SNAPSHOTS) return;
  throw new PcAgentError('snapshot/too-many', `there are ${count} snapshots already: remove some`, {
    retry: 'after-operator',
    details: { count, limit: MAX_SNAPSHOTS },
  });
}

/** SQLite's own comparison knows the letter case of ASCII only. */
function keyOf(name: string): string {
  return name.trim().normalize('NFC').toLowerCase();
}

function recordOf(db: ReadDatabase, row: Row): SnapshotRecord {
  return {
    id: row.id,
    name: row.name,
    device: row.device,
    model: row.model ?? undefined,
    takenAt: row.taken_at,
    components: JSON.parse(row.components) as readonly SnapshotComponent[],
    packages: keptPackages(db, row.id),
  };
}

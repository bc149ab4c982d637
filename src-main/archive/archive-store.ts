import { randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { PcAgentError } from '../base/errors.ts';
import type { Job } from '../jobs/job.ts';
import type { ReadDatabase, WriteDatabase } from '../store/database.ts';
import type { Store } from '../store/store.ts';
import { fateOf } from './archive-fate.ts';
import { type KeptPackage, keepPackages, keptPackages, releasePackages } from './kept-packages.ts';

/**
 * - `pending`: on the disk before its component is removed; nobody knows yet how that ended
 * - `archived`: the removal is known to have succeeded
 * - `restored`: it was put back; it may be put back again
 */
export type ArchiveState = 'pending' | 'archived' | 'restored';

/** A component that is about to be taken off a handset. */
export interface NewArchive {
  readonly device: string;
  readonly model: string | undefined;
  readonly component: string;
  readonly name: string | undefined;
  readonly version: string;
  /** How it is put back. */
  readonly componentState: 'active' | 'inactive';
  readonly package: KeptPackage;
  readonly note: string | undefined;
}

export interface ArchiveRecord extends NewArchive {
  readonly id: string;
  readonly state: ArchiveState;
  /** ISO 8601. */
  readonly madeAt: string;
  readonly archivedAt: string | undefined;
  readonly restoredAt: string | undefined;
}

/** Components that were taken off handsets. What a promise gives is on the disk. */
export interface ArchiveStore {
  /** Oldest first, without those whose removal is not settled. */
  list(device?: string): readonly ArchiveRecord[];
  get(id: string): ArchiveRecord | undefined;
  /**
   * Keeps it before its component is removed; whoever began it settles it. A pending one of the same component of the
   * same handset is taken up.
   * @throws PcAgentError `archive/too-many`
   */
  begin(archive: NewArchive): Promise<ArchiveRecord>;
  /** Its component is gone from the handset. */
  archived(id: string): Promise<void>;
  restored(id: string): Promise<void>;
  /** Forgets one; its package is no longer needed by it. */
  drop(id: string): Promise<void>;
  /** Nobody works on it any more, and it is not known how its removal ended. */
  leave(id: string): void;
  /** Settles pending ones on which nobody works by the ends of the jobs that were to remove their components. */
  settle(jobs: (device: string) => readonly Job[]): Promise<void>;
}

/** A bound for mistakes; each row is small. */
const MAX_ARCHIVES = 5000;

interface Row {
  readonly id: string;
  readonly device: string;
  readonly model: string | null;
  readonly component: string;
  readonly name: string | null;
  readonly version: string;
  readonly component_state: 'active' | 'inactive';
  readonly note: string | null;
  readonly state: ArchiveState;
  readonly made_at: string;
  readonly archived_at: string | null;
  readonly restored_at: string | null;
}

const SELECT = `SELECT id, device, model, component, name, version, component_state, note, state, made_at, archived_at,
  restored_at FROM archives`;

export function createArchiveStore(store: Store, clock: Pick<Clock, 'now'>): ArchiveStore {
  return new SqliteArchiveStore(store, clock);
}

class SqliteArchiveStore implements ArchiveStore {
  readonly #store: Store;
  readonly #clock: Pick<Clock, 'now'>;
  /** Somebody in this process works on these. */
  readonly #underWay = new Set<string>();

  constructor(store: Store, clock: Pick<Clock, 'now'>) {
    this.#store = store;
    this.#clock = clock;
  }

  list(device?: string): readonly ArchiveRecord[] {
    return this.#store.read((db) => {
      const rows = db.all<Row>(
        `${SELECT} WHERE state <> 'pending' AND (?1 IS NULL OR device = ?1) ORDER BY number`,
        device ?? null,
      );
      return rows.map((row) => recordOf(db, row));
    });
  }

  get(id: string): ArchiveRecord | undefined {
    return this.#store.read((db) => {
      const row = db.get<Row>(`${SELECT} WHERE id = ?`, id);
      return row === undefined ? undefined : recordOf(db, row);
    });
  }

  async begin(archive: NewArchive): Promise<ArchiveRecord> {
    const record = await this.#store.write((db) => {
      const { device, component } = archive;
      const before = db.get<{ id: string }>(
        "SELECT id FROM archives WHERE state = 'pending' AND device = ? AND component = ?",
        device,
        component,
      );
      if (before !== undefined) this.#forget(db, before.id);
      const id = before?.id ?? randomUUID();
      this.#insert(db, id, archive);
      return recordOf(db, db.get<Row>(`${SELECT} WHERE id = ?`, id));
    });
    this.#underWay.add(record.id);
    return record;
  }

  async archived(id: string): Promise<void> {
    await this.#store.write((db) => {
      db.run("UPDATE archives SET state = 'archived', archived_at = ? WHERE id = ?", this.#now(), id);
    });
    this.leave(id);
  }

  async restored(id: string): Promise<void> {
    await this.#store.write((db) => {
      db.run(
        "UPDATE archives SET state = 'restored', restored_at = ? WHERE id = ? AND state <> 'pending'",
        this.#now(),
        id,
      );
    });
  }

  async drop(id: string): Promise<void> {
    await this.#store.write((db) => this.#forget(db, id));
    this.leave(id);
  }

  leave(id: string): void {
    this.#underWay.delete(id);
  }

  async settle(jobs: (device: string) => readonly Job[]): Promise<void> {
    const pending = this.#store.read((db) =>
      db.all<Row>(`${SELECT} WHERE state = 'pending' ORDER BY number`).map((row) => recordOf(db, row)),
    );
    for (const archive of pending) {
      if (this.#underWay.has(archive.id)) continue;
      const fate = fateOf(archive, jobs(archive.device));
      if (fate === 'gone') await this.archived(archive.id);
      if (fate === 'there') await this.drop(archive.id);
    }
  }

  #insert(db: WriteDatabase, id: string, archive: NewArchive): void {
    const { count } = db.get<{ count: number }>('SELECT count(*) AS count FROM archives') ?? { count: 0 };
    if (count >= MAX_ARCHIVES) {
      throw new PcAgentError('archive/too-many', `there are ${count} archives already: remove some`, {
        retry: 'after-operator',
        details: { count, limit: MAX_ARCHIVES },
      });
    }
    const { device, model, component, name, version, componentState, note } = archive;
    db.run(
      `INSERT INTO archives (id, device, model, component, name, version, component_state, note, state, made_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'pending', ?)`,
      ...[id, device, model ?? null, component, name ?? null, version, componentState, note ?? null, this.#now()],
    );
    keepPackages(db, id, [archive.package]);
  }

  #forget(db: WriteDatabase, id: string): void {
    db.run('DELETE FROM archives WHERE id = ?', id);
    releasePackages(db, id);
  }

  #now(): string {
    return this.#clock.now().toISOString();
  }
}

function recordOf(db: ReadDatabase, row: Row | undefined): ArchiveRecord {
  const [kept] = row === undefined ? [] : keptPackages(db, row.id);
  if (row === undefined || kept === undefined) throw new TypeError('an archive that was kept is not there');
  return {
    id: row.id,
    device: row.device,
    model: row.model ?? undefined,
    component: row.component,
    name: row.name ?? undefined,
    version: row.version,
    componentState: row.component_state,
    package: kept,
    note: row.note ?? undefined,
    state: row.state,
    madeAt: row.made_at,
    archivedAt: row.archived_at ?? undefined,
    restoredAt: row.restored_at ?? undefined,
  };
}

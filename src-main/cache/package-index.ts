import { PcAgentError } from '../base/errors.ts';
import type { ReadDatabase, WriteDatabase } from '../store/database.ts';
import type { Store } from '../store/store.ts';
import type { CachedPackage, CompleteMeta, PackageOrigin, QuarantineReason, Trust } from './cached-package.ts';

/** Bytes in the cache, as the index knows them. */
export interface ContentRecord {
  readonly digest: string;
  readonly size: number;
  readonly state: 'ready' | 'quarantined';
  readonly reason: QuarantineReason | null;
}

export interface PackageRecord {
  readonly meta: CompleteMeta;
  readonly digest: string;
  readonly size: number;
  readonly origin: PackageOrigin;
  readonly trust: Trust;
  readonly at: string;
}

interface Row {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly model: string;
  readonly digest: string;
  readonly size: number;
  readonly source_kind: 'file' | 'url';
  readonly source: string;
  readonly trust: Trust;
  readonly state: 'ready' | 'quarantined';
  readonly reason: QuarantineReason | null;
  readonly added_at: string;
  readonly verified_at: string;
  readonly last_used_at: string | null;
}

const SELECT = `SELECT p.id, p.name, p.version, p.model, p.digest, c.size, p.source_kind, p.source, p.trust, c.state,
  c.reason, p.added_at, c.verified_at, c.last_used_at FROM cache_packages p JOIN cache_contents c USING (digest)`;

/** The rows of the cache; the files are the caller's. */
export class PackageIndex {
  readonly #store: Store;
  /** A queued job needs this content. */
  readonly #inUse: (digest: string) => boolean;

  /** Archives and snapshots that need this content. */
  readonly #neededBy: (digest: string) => readonly string[];

  constructor(
    store: Store,
    inUse: (digest: string) => boolean,
    neededBy: (digest: string) => readonly string[] = () => [],
  ) {
    this.#store = store;
    this.#inUse = inUse;
    this.#neededBy = neededBy;
  }

  list(): readonly CachedPackage[] {
    return this.#store.read((db) => db.all<Row>(`${SELECT} ORDER BY p.number`)).map(packageOf);
  }

  count(): number {
    const row = this.#store.read((db) => db.get<{ count: number }>('SELECT count(*) AS count FROM cache_packages'));
    return row?.count ?? 0;
  }

  get(id: string): CachedPackage | undefined {
    return this.#store.read((db) => rowOf(db, id));
  }

  content(digest: string): ContentRecord | undefined {
    return this.#store.read((db) =>
      db.get<ContentRecord>('SELECT digest, size, state, reason FROM cache_contents WHERE digest = ?', digest),
    );
  }

  contents(): readonly ContentRecord[] {
    return this.#store.read((db) => db.all<ContentRecord>('SELECT digest, size, state, reason FROM cache_contents'));
  }

  /**
   * Keeps a package whose content is on the disk.
   * @throws PcAgentError `cache/replace-refused`: nobody vouches for it, and it would take the place of one that is
   * vouched for.
   */
  record(record: PackageRecord): Promise<CachedPackage> {
    return this.#store.write((db) => {
      const { meta, digest, size, origin, at } = record;
      const before = rowOf(db, meta.id);
      if (before?.trust === 'verified' && record.trust === 'unverified' && before.digest !== digest) {
        throw new PcAgentError('cache/replace-refused', `${meta.id} is there and verified; the new one is not`, {
          retry: 'after-operator',
          details: { id: meta.id, digest: before.digest, found: digest },
        });
      }
      // The same bytes were vouched for once, which does not become untrue.
      const trust = before?.trust === 'verified' && before.digest === digest ? 'verified' : record.trust;
      db.run(
        `INSERT INTO cache_contents (digest, size, state, verified_at) VALUES (?, ?, 'ready', ?)
         ON CONFLICT (digest) DO UPDATE SET size = excluded.size, state = 'ready', reason = NULL,
           verified_at = CASE WHEN state = 'ready' THEN verified_at ELSE excluded.verified_at END`,
        digest,
        size,
        at,
      );
      db.run(
        `INSERT INTO cache_packages (id, name, version, model, digest, source_kind, source, trust, added_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET name = excluded.name, version = excluded.version, model = excluded.model,
           digest = excluded.digest, source_kind = excluded.source_kind, source = excluded.source,
           trust = excluded.trust, added_at = excluded.added_at`,
        ...[meta.id, meta.name, meta.version, meta.model, digest],
        ...[origin.kind, origin.kind === 'file' ? origin.path : origin.url, trust, at],
      );
      const kept = rowOf(db, meta.id);
      if (kept === undefined) throw new TypeError('a package that was kept is not there');
      return kept;
    });
  }

  /** @returns what it was. @throws PcAgentError `cache/absent`, `cache/in-use`, `cache/needed-by-archive` */
  remove(id: string): Promise<CachedPackage> {
    return this.#store.write((db) => {
      const found = rowOf(db, id);
      if (found === undefined) throw new PcAgentError('cache/absent', `there is no package ${id}`, { details: { id } });
      if (users(db, found.digest) === 1) this.#assertFree(found);
      db.run('DELETE FROM cache_packages WHERE id = ?', id);
      return found;
    });
  }

  /** Contents that no package refers to and no job needs. */
  unused(): readonly string[] {
    const all = this.#store.read((db) =>
      db.all<{ digest: string }>(
        'SELECT digest FROM cache_contents WHERE digest NOT IN (SELECT digest FROM cache_packages)',
      ),
    );
    return all.map(({ digest }) => digest).filter((digest) => !this.#isNeeded(digest));
  }

  /** Takes a content out when still nothing needs it; true when it did. */
  drop(digest: string): Promise<boolean> {
    return this.#store.write((db) => {
      if (users(db, digest) > 0 || this.#isNeeded(digest)) return false;
      return db.run('DELETE FROM cache_contents WHERE digest = ?', digest).changes > 0;
    });
  }

  quarantine(digest: string, reason: QuarantineReason): Promise<void> {
    return this.#store.write((db) => {
      db.run("UPDATE cache_contents SET state = 'quarantined', reason = ? WHERE digest = ?", reason, digest);
    });
  }

  verified(digest: string, at: string): Promise<void> {
    return this.#store.write((db) => {
      db.run("UPDATE cache_contents SET state = 'ready', reason = NULL, verified_at = ? WHERE digest = ?", at, digest);
    });
  }

  used(digest: string, at: string): void {
    this.#store.trace((db) => {
      db.run('UPDATE cache_contents SET last_used_at = ? WHERE digest = ?', at, digest);
    });
  }

  #isNeeded(digest: string): boolean {
    return this.#inUse(digest) || this.#neededBy(digest).length > 0;
  }

  /** @throws PcAgentError `cache/in-use`, `cache/needed-by-archive` */
  #assertFree({ id, digest }: CachedPackage): void {
    if (this.#inUse(digest)) {
      throw new PcAgentError('cache/in-use', `a job that is not done needs ${id}`, {
        retry: 'later',
        details: { id, digest },
      });
    }
    const needed = this.#neededBy(digest);
    const [first, ...others] = needed;
    if (first === undefined) return;
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    throw new PcAgentError('cache/needed-by-archive', `${first}${more} cannot be put back without ${id}`, {
      retry: 'after-operator',
      details: { id, digest, neededBy: needed.slice(0, 20) },
    });
  }
}

function rowOf(db: ReadDatabase, id: string): CachedPackage | undefined {
  const row = db.get<Row>(`${SELECT} WHERE p.id = ?`, id);
  return row === undefined ? undefined : packageOf(row);
}

function users(db: WriteDatabase, digest: string): number {
  return db.get<{ count: number }>('SELECT count(*) AS count FROM cache_packages WHERE digest = ?', digest)?.count ?? 0;
}

function packageOf(row: Row): CachedPackage {
  const { id, name, version, model, digest, size, trust, state } = row;
  return {
    ...{ id, name, version, model, digest, size, trust, state },
    origin: row.source_kind === 'file' ? { kind: 'file', path: row.source } : { kind: 'url', url: row.source },
    reason: row.reason ?? undefined,
    addedAt: row.added_at,
    verifiedAt: row.verified_at,
    lastUsedAt: row.last_used_at ?? undefined,
  };
}

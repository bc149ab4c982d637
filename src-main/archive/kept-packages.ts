import type { Trust } from '../cache/cached-package.ts';
import type { ReadDatabase, WriteDatabase } from '../store/database.ts';
import type { Store } from '../store/store.ts';

/**
 * A package whose bytes an archive or a snapshot needs. They stay in the cache when a newer package of the same id
 * takes its place there, so what is put back is what was there.
 */
export interface KeptPackage {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  /** Handset model that it is for; empty: any. */
  readonly model: string;
  readonly trust: Trust;
  /** SHA-256, lower-case hex. */
  readonly digest: string;
  readonly size: number;
}

interface Row extends Omit<KeptPackage, 'id'> {
  readonly package: string;
}

/** Archives and snapshots that need a content, as a person knows them. */
export type Keepers = (digest: string) => readonly string[];

/** What one keeper needs, from now on. */
export function keepPackages(db: WriteDatabase, keeper: string, packages: readonly KeptPackage[]): void {
  for (const { id, name, version, model, trust, digest, size } of packages) {
    db.run(
      `INSERT OR REPLACE INTO kept_packages (keeper, package, name, version, model, trust, digest, size)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      ...[keeper, id, name, version, model, trust, digest, size],
    );
  }
}

/** What one keeper needs. */
export function keptPackages(db: ReadDatabase, keeper: string): readonly KeptPackage[] {
  return db
    .all<Row>(
      `SELECT package, name, version, model, trust, digest, size FROM kept_packages WHERE keeper = ? ORDER BY package`,
      keeper,
    )
    .map(({ package: id, ...rest }) => ({ id, ...rest }));
}

/** What anybody needs, each content once. */
export function allKeptPackages(store: Store): readonly KeptPackage[] {
  return store
    .read((db) =>
      db.all<Row>(
        'SELECT package, name, version, model, trust, digest, size FROM kept_packages GROUP BY digest, package',
      ),
    )
    .map(({ package: id, ...rest }) => ({ id, ...rest }));
}

/** It needs nothing any more. */
export function releasePackages(db: WriteDatabase, keeper: string): void {
  db.run('DELETE FROM kept_packages WHERE keeper = ?', keeper);
}

/** Who needs a content; what is pending counts too. */
export function keepersIn(store: Store): Keepers {
  return (digest) =>
    store
      .read((db) =>
        db.all<{ who: string }>(
          `SELECT coalesce('archive ' || archives.id || ' of ' || archives.component, 'snapshot ' || snapshots.name) AS who
           FROM kept_packages LEFT JOIN archives ON archives.id = keeper LEFT JOIN snapshots ON snapshots.id = keeper
           WHERE digest = ? ORDER BY who`,
          digest,
        ),
      )
      .flatMap(({ who }) => (who === null ? [] : [who]));
}

import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { Comparison, SnapshotView } from '../../../src-main/contract/software-views.ts';

const UNVERIFIED = 'cache/unverified';

/** Those that were taken of this handset or of one of its model, newest first. */
export function snapshotsFor(
  snapshots: readonly SnapshotView[],
  { device, model }: Pick<KnownHandset, 'device' | 'model'>,
): readonly SnapshotView[] {
  return snapshots
    .filter((each) => each.device === device || each.model === undefined || model === undefined || each.model === model)
    .toSorted((a, b) => Date.parse(b.takenAt) - Date.parse(a.takenAt));
}

/** Components that nothing usable is kept for; one that nobody vouches for is asked about before it is put back. */
export function lostOf({ components }: Pick<SnapshotView, 'components'>): SnapshotView['components'] {
  return components.filter(({ package: id, code }) => id === undefined || (code ?? UNVERIFIED) !== UNVERIFIED);
}

/** What a handset would get, and what cannot be had. */
export interface PutBack {
  /** Components that would be installed, updated, activated or deactivated. */
  readonly work: number;
  /** Components whose package this computer does not have. */
  readonly lost: readonly { readonly id: string; readonly version: string }[];
}

export function putBackOf({ missing, outdated }: Comparison): PutBack {
  const versions = outdated.filter(({ field }) => field === 'version');
  const lost = [
    ...missing.filter(({ package: id }) => id === undefined),
    ...versions.filter(({ package: id }) => id === undefined).map(({ id, wanted }) => ({ id, version: wanted })),
  ];
  return { work: missing.length + outdated.length - lost.length, lost };
}

/** Not one difference. */
export function isSame({ missing, outdated, extra }: Comparison): boolean {
  return missing.length + outdated.length + extra.length === 0;
}

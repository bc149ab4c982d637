import type { StorageView } from '../../../src-main/contract/journal-views.ts';

const LOW_PART = 0.1;
const LOW_BYTES = 1_000_000_000;

/** Less than a tenth of the disk, or less than 1 GB, is free. */
export function isStorageLow({ free, total }: Pick<StorageView, 'free' | 'total'>): boolean {
  return free < LOW_BYTES || free < total * LOW_PART;
}

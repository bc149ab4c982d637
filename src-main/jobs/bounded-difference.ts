import type { InventoryDifference } from '../contract/software-views.ts';

/** UTF-16 units of a difference as JSON: enough for hundreds of components, little enough for every list and report. */
export const MAX_DIFFERENCE = 64 * 1024;

/** As much of a difference as is kept and reported, and how much is left out. */
export function boundedDifference(difference: InventoryDifference): InventoryDifference {
  let room = MAX_DIFFERENCE;
  let more = difference.more ?? 0;
  const take = <Entry>(entries: readonly Entry[]): Entry[] =>
    entries.filter((entry) => {
      room -= JSON.stringify(entry).length + 1;
      if (room < 0) more += 1;
      return room >= 0;
    });
  const [changed, added, removed] = [take(difference.changed), take(difference.added), take(difference.removed)];
  return { added, removed, changed, ...(more === 0 ? {} : { more }) };
}

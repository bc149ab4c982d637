import type { InventoryDifference } from '../contract/software-views.ts';

/** What is another on a handset, a line each, for a person who reads it below the job. */
export function differenceLines({ added, removed, changed, more = 0 }: InventoryDifference): readonly string[] {
  const lines = [
    ...added.map(({ id, version, state }) => `  + ${id} ${version} ${state}`),
    ...removed.map(({ id, version }) => `  - ${id} ${version}`),
    ...changed.map(({ id, field, before = 'none', after = 'none' }) => `  ${id} ${field}: ${before} -> ${after}`),
    ...(more === 0 ? [] : [`  and ${more} more`]),
  ];
  return lines.length === 0 ? ['  nothing is different on the handset'] : lines;
}

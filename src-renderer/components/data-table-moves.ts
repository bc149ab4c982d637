/** What a virtual table does with keys and gaps, apart from how it is drawn. */

/** Rows of a page when nobody has measured how many are seen. */
const LEAST_PAGE = 1;

/** The row that a key leads to; `undefined` for a key that moves nothing. */
export function rowAfterKey(key: string, active: number, count: number, page: number): number | undefined {
  if (count === 0) return undefined;
  const step = Math.max(LEAST_PAGE, page);
  const wanted: Readonly<Record<string, number>> = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + step,
    PageUp: active - step,
    Home: 0,
    End: count - 1,
  };
  if (!Object.hasOwn(wanted, key)) return undefined;
  return Math.min(count - 1, Math.max(0, wanted[key] ?? 0));
}

/** The rows that are drawn: those in view and, that focus stays where it is, the active one. */
export function drawnRows(seen: readonly number[], active: number): number[] {
  return active < 0 || seen.includes(active) ? [...seen] : [...seen, active].sort((a, b) => a - b);
}

export interface Sort<Key extends string = string> {
  readonly column: Key;
  readonly direction: 'ascending' | 'descending';
}

/** A press on a column's head: another column from its beginning, the same one the other way round. */
export function sortAfterPress<Key extends string>(sort: Sort<Key>, column: Key): Sort<Key> {
  const turned = sort.column === column && sort.direction === 'ascending';
  return { column, direction: turned ? 'descending' : 'ascending' };
}

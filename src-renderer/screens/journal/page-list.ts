/** A list that is read page by page, newest first, to which newer rows come while it is read. */
export interface PageList<Row> {
  readonly rows: readonly Row[];
  /** `before` of the next page; absent when there is none. */
  readonly next: number | undefined;
  /** Rows that are newer than the first and not shown yet, newest first. */
  readonly fresh: readonly Row[];
  /** More came than one page holds: only a new beginning shows them all. */
  readonly gap: boolean;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  readonly next: number | undefined;
}

/** A list from its first page. */
export function firstOf<Row>({ rows, next }: Page<Row>): PageList<Row> {
  return { rows, next, fresh: [], gap: false };
}

/** The list with one more page at its end. */
export function withPage<Row>(
  list: PageList<Row>,
  { rows, next }: Page<Row>,
  keyOf: (row: Row) => string,
): PageList<Row> {
  const known = new Set(list.rows.map(keyOf));
  return { ...list, rows: [...list.rows, ...rows.filter((row) => !known.has(keyOf(row)))], next };
}

/** The list after a look at the newest page: rows that are shown are renewed in their place, new ones wait aside. */
export function withNewest<Row>(list: PageList<Row>, newest: Page<Row>, keyOf: (row: Row) => string): PageList<Row> {
  const seen = new Map(newest.rows.map((row) => [keyOf(row), row]));
  const known = new Set(list.rows.map(keyOf));
  const fresh = newest.rows.filter((row) => !known.has(keyOf(row)));
  const rows = list.rows.map((row) => seen.get(keyOf(row)) ?? row);
  // Not one row is known: between the page and the list there may be others.
  const gap = list.rows.length > 0 && fresh.length === newest.rows.length && newest.next !== undefined;
  return { ...list, rows, fresh, gap };
}

/** The list with its new rows shown. */
export function withFreshShown<Row>(list: PageList<Row>): PageList<Row> {
  return { ...list, rows: [...list.fresh, ...list.rows], fresh: [] };
}

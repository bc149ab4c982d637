import type { LedgerRow } from '../../../src-main/contract/journal-views.ts';

export interface HostTotal {
  readonly host: string;
  readonly connections: number;
  readonly bytesOut: number;
  readonly bytesIn: number;
}

/** What rows come to for each host, the one with most traffic first. */
export function totalsOf(rows: readonly LedgerRow[]): readonly HostTotal[] {
  const totals = new Map<string, HostTotal>();
  for (const { host, bytesOut, bytesIn } of rows) {
    const before = totals.get(host) ?? { host, connections: 0, bytesOut: 0, bytesIn: 0 };
    totals.set(host, {
      host,
      connections: before.connections + 1,
      bytesOut: before.bytesOut + bytesOut,
      bytesIn: before.bytesIn + bytesIn,
    });
  }
  return [...totals.values()].toSorted(
    (a, b) => b.bytesOut + b.bytesIn - (a.bytesOut + a.bytesIn) || a.host.localeCompare(b.host),
  );
}

/** Newest first; those that hold every word of `filter` in what is shown of them. */
export function rowsShown(
  rows: readonly LedgerRow[],
  filter: string,
  textOf: (row: LedgerRow) => string,
): readonly LedgerRow[] {
  const wanted = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const newestFirst = rows.toReversed();
  if (wanted.length === 0) return newestFirst;
  return newestFirst.filter((row) => {
    const text = textOf(row).toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
}

/** Host and port as in an address. */
export function placeOf({ host, port }: Pick<LedgerRow, 'host' | 'port'>): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** The words for a key of the ledger; the key itself where there are none. */
export function wordFor(words: Readonly<Record<string, string>>, key: string): string {
  return (Object.hasOwn(words, key) ? words[key] : undefined) ?? key;
}

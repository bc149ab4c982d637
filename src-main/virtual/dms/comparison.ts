import { z } from 'zod';
import { compareVersions } from '../../scomo/version-order.ts';
import type { KnownDevice } from './device-book.ts';
import type { InventoryEntry } from './software-facts.ts';
import { Urgency } from './urgency.ts';
import type { WantedHere } from './wanted.ts';

/** What a handset has beside what it is to have. */
export const Comparison = z.object({
  device: z.string(),
  model: z.string().optional(),
  readAt: z.iso.datetime().meta({ description: 'when the handset was asked' }),
  wanted: z.int().meta({ description: 'components that it is to have' }),
  missing: z.array(
    z.object({
      id: z.string(),
      version: z.string().optional(),
      urgency: Urgency,
      package: z.string().optional().meta({ description: 'that brings it; absent: none is offered' }),
    }),
  ),
  outdated: z.array(
    z.object({
      id: z.string(),
      has: z.string(),
      wanted: z.string(),
      urgency: Urgency,
      package: z.string().optional(),
    }),
  ),
  extra: z.array(z.object({ id: z.string(), version: z.string() })),
});
export type Comparison = z.infer<typeof Comparison>;

/** `undefined` when the handset's components were never read. */
export function comparisonOf(known: KnownDevice, wanted: readonly WantedHere[]): Comparison | undefined {
  const { device, model, readAt, components } = known;
  if (readAt === undefined || components === undefined) return undefined;
  const about = { device, ...(model === undefined ? {} : { model }), readAt, wanted: wanted.length };
  return { ...about, ...differences(components, wanted) };
}

function differences(
  components: readonly InventoryEntry[],
  wanted: readonly WantedHere[],
): Pick<Comparison, 'missing' | 'outdated' | 'extra'> {
  const there = new Map(components.map(({ id, version }) => [id, version]));
  const names = new Set(wanted.map(({ id }) => id));
  const missing = wanted.filter(({ id }) => !there.has(id)).map((each) => ({ ...each }));
  const outdated = wanted.flatMap(({ id, version, ...rest }) => {
    const has = there.get(id);
    if (has === undefined || version === undefined || compareVersions(has, version) >= 0) return [];
    return [{ id, has, wanted: version, ...rest }];
  });
  const extra = components.filter(({ id }) => !names.has(id)).map(({ id, version }) => ({ id, version }));
  return { missing, outdated, extra };
}

/** RFC 4180, one line for each finding; a handset that has all has a line without one. */
export function csvOf(comparisons: readonly Comparison[]): string {
  const title = ['device', 'model', 'readAt', 'finding', 'component', 'has', 'wanted', 'urgency', 'package'];
  return [title, ...comparisons.flatMap(rowsOf)].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function rowsOf({ device, model, readAt, missing, outdated, extra }: Comparison): readonly (readonly string[])[] {
  const row = (finding: string, id: string, has: string, wanted: string, urgency: string, pkg: string) => [
    ...[device, model ?? '', readAt, finding],
    ...[id, has, wanted, urgency, pkg],
  ];
  const rows = [
    ...missing.map((each) => row('missing', each.id, '', each.version ?? '', each.urgency, each.package ?? '')),
    ...outdated.map((each) => row('outdated', each.id, each.has, each.wanted, each.urgency, each.package ?? '')),
    ...extra.map((each) => row('extra', each.id, each.version, '', '', '')),
  ];
  return rows.length > 0 ? rows : [row('none', '', '', '', '', '')];
}

/** Ids come from handsets: none of them is to be a formula where the file is opened as a table. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

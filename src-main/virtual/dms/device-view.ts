import { z } from 'zod';
import { compareVersions } from '../../scomo/version-order.ts';
import type { KnownDevice } from './device-book.ts';
import type { DmsPackage } from './packages.ts';
import { InventoryEntry } from './software-facts.ts';
import { mostUrgent, Urgency, USUAL_URGENCY } from './urgency.ts';
import { isForModel, newestWith, type WantedHere } from './wanted.ts';

const LastSession = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  state: z.enum(['done', 'failed', 'aborted']),
  code: z.string().optional(),
});

/** A handset among the others. */
export const DeviceRow = z.object({
  device: z.string(),
  model: z.string().optional().meta({ description: 'DevInfo/Mod' }),
  manufacturer: z.string().optional().meta({ description: 'DevInfo/Man' }),
  firmware: z.string().optional().meta({ description: 'DevDetail/FwV' }),
  firmwareReadAt: z.iso
    .datetime()
    .optional()
    .meta({ description: 'when the firmware was that: read by this server, or reported by a PC; absent: never' }),
  lastSession: LastSession.optional(),
  readAt: z.iso.datetime().optional().meta({ description: 'when its components were read; absent: never' }),
  outdated: z.int().meta({ description: 'components of which a newer version is wanted or offered' }),
  missing: z.int().meta({ description: 'components that are wanted and not there' }),
  urgency: Urgency.optional().meta({ description: 'of the most urgent of them' }),
});
export type DeviceRow = z.infer<typeof DeviceRow>;

/** What this server knows of a handset's software. */
export const DeviceView = DeviceRow.extend({
  components: z.array(
    InventoryEntry.extend({
      newer: z
        .object({ version: z.string(), urgency: Urgency, package: z.string().optional() })
        .optional()
        .meta({ description: 'what it is outdated by' }),
    }),
  ),
  lacks: z.array(
    z.object({ id: z.string(), version: z.string().optional(), urgency: Urgency, package: z.string().optional() }),
  ),
  removed: z.array(z.object({ id: z.string(), version: z.string(), at: z.iso.datetime() })),
});
export type DeviceView = z.infer<typeof DeviceView>;

export function deviceView(
  known: KnownDevice,
  wanted: readonly WantedHere[],
  offered: readonly DmsPackage[],
): DeviceView {
  const { version: _version, components = [], removed, ...facts } = known;
  const usable = offered.filter((pkg) => isForModel(pkg, known.model));
  const rows = components.map((entry) => {
    const newer = newerThan(entry, wanted, usable);
    return newer === undefined ? entry : { ...entry, newer };
  });
  const there = new Set(components.map(({ id }) => id));
  const lacks =
    known.readAt === undefined ? [] : wanted.filter(({ id }) => !there.has(id)).map((each) => ({ ...each }));
  const outdated = rows.flatMap((row) => ('newer' in row ? [row.newer] : []));
  const urgencies = [...outdated, ...lacks].map(({ urgency }) => urgency);
  const [first, ...rest] = urgencies;
  return {
    ...facts,
    outdated: outdated.length,
    missing: lacks.length,
    ...(first === undefined ? {} : { urgency: rest.reduce(mostUrgent, first) }),
    ...{ components: rows, lacks, removed: [...removed] },
  };
}

export function deviceRow({ components: _all, lacks: _lacks, removed: _removed, ...row }: DeviceView): DeviceRow {
  return row;
}

/** What is wanted counts for more than what is only offered. */
function newerThan(entry: InventoryEntry, wanted: readonly WantedHere[], offered: readonly DmsPackage[]) {
  const wish = wanted.find(({ id }) => id === entry.id);
  if (wish?.version !== undefined && compareVersions(entry.version, wish.version) < 0) {
    const { version, urgency, package: pkg } = wish;
    return { version, urgency, ...(pkg === undefined ? {} : { package: pkg }) };
  }
  const best = newestWith(entry.id, offered);
  if (best === undefined || compareVersions(entry.version, best.version) >= 0) return undefined;
  return { version: best.version, urgency: wish?.urgency ?? best.pkg.urgency ?? USUAL_URGENCY, package: best.pkg.id };
}

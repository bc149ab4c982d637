import { z } from 'zod';
import { deviceKey } from '../../base/device-key.ts';
import { ApiError } from './api-error.ts';
import { DeviceId } from './device-id.ts';
import { type JsonFile, noFile, openJsonFile } from './json-file.ts';

const text = z.string().max(1000);
/** As long as a PC's whole difference may be: whatever a handset calls its components, the report gets through. */
const seen = z.string().max(65_536);
const value = z.union([seen, z.int()]);
const components = z.array(z.looseObject({ id: seen, version: seen, state: seen })).max(2000);

/** What of the inventory is another afterwards, as far as it fits a report. */
const Difference = z.object({
  added: components,
  removed: components,
  changed: z.array(z.object({ id: seen, field: text, before: value.optional(), after: value.optional() })).max(2000),
  more: z.int().optional().meta({ description: 'differences that were too many to be kept' }),
});

/** Outcome of work that a PC did offline. Ours, not OMA's. */
export const Report = z
  .object({
    job: z.string().min(1).max(256),
    device: DeviceId,
    operation: z.string().min(1).max(64),
    package: z
      .object({ id: z.string().min(1).max(256), sha256: z.string().regex(/^[0-9a-f]{64}$/i, 'SHA-256 in hex') })
      .optional()
      .meta({ description: 'required when something was installed' }),
    component: text.optional().meta({ description: 'what was removed, activated or deactivated' }),
    state: z.enum(['done', 'skipped', 'refused', 'postponed', 'failed', 'cancelled', 'expired']),
    resultCode: z.int().nullable().optional().meta({ description: 'of the alert; absent when none came' }),
    alert: z.base64().max(700_000).optional().meta({ description: 'the bytes of the message that held the alert' }),
    message: text.optional().meta({ description: 'why it ended so, as the PC or the handset says it' }),
    difference: Difference.optional().meta({
      description: 'what of the inventory is another afterwards, field by field; empty lists: nothing',
    }),
    at: z.iso.datetime({ offset: true }),
  })
  .refine((report) => report.operation !== 'install' || report.package !== undefined, {
    path: ['package'],
    message: 'required for an install',
  });
export type Report = Readonly<z.infer<typeof Report>>;

export const StoredReport = z.object({ key: z.string(), receivedAt: z.iso.datetime(), report: Report });
export type StoredReport = Readonly<z.infer<typeof StoredReport>>;

/** The firmware that a handset had after an update, and when, as far as a report says so. */
export function firmwareOf({
  report,
  receivedAt,
}: StoredReport): { readonly version: string; readonly at: Date } | undefined {
  if (report.operation !== 'firmware' || report.state !== 'done') return undefined;
  const change = report.difference?.changed.find(({ id, field }) => id === 'firmware' && field === 'version');
  if (typeof change?.after !== 'string' || change.after.trim() === '') return undefined;
  // A PC whose clock is ahead is not to outdo what is read later.
  const at = new Date(Math.min(Date.parse(report.at), Date.parse(receivedAt)));
  return { version: change.after, at };
}

/** Value of `Idempotency-Key`. */
export const IdempotencyKey = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[\x21-\x7e]+$/, 'visible ASCII only');

export interface ReportStore {
  /**
   * `created` the first time; `repeated` for the same key and content, with nothing kept twice; `conflict` for the same
   * key with other content. On disk when it returns. @throws ApiError 507 `report/store-full`.
   */
  accept(
    key: string,
    report: Report,
  ): { readonly kind: 'created' | 'repeated' | 'conflict'; readonly stored: StoredReport };
  /** Oldest first; all without `device`. */
  list(device?: string): readonly StoredReport[];
}

/** Dropping old reports would let an old key count as new, so a full store refuses instead. */
const MAX_REPORTS = 10_000;

const ReportFile = z.object({ version: z.literal(1), reports: z.array(StoredReport) });

/** Keeps reports in memory, and in `reports.json` of the state folder when there is one. */
export async function openReportStore(
  options: { readonly state?: string; readonly now?: () => Date } = {},
): Promise<ReportStore> {
  const file =
    options.state === undefined
      ? noFile<z.infer<typeof ReportFile>>()
      : await openJsonFile(options.state, 'reports.json', ReportFile);
  return createReportStore(file, options.now ?? (() => new Date()));
}

function createReportStore(file: JsonFile<z.infer<typeof ReportFile>>, now: () => Date): ReportStore {
  const byKey = new Map<string, StoredReport>((file.initial?.reports ?? []).map((each) => [each.key, each]));
  return {
    accept(key, report) {
      const known = byKey.get(key);
      if (known !== undefined) {
        return { kind: canonical(known.report) === canonical(report) ? 'repeated' : 'conflict', stored: known };
      }
      if (byKey.size >= MAX_REPORTS) throw new ApiError(507, 'report/store-full', `${MAX_REPORTS} reports are kept`);
      const stored: StoredReport = { key, receivedAt: now().toISOString(), report };
      file.write({ version: 1, reports: [...byKey.values(), stored] });
      byKey.set(key, stored);
      return { kind: 'created', stored };
    },
    list(device) {
      const key = device === undefined ? undefined : deviceKey(device);
      return [...byKey.values()].filter(({ report }) => key === undefined || deviceKey(report.device) === key);
    },
  };
}

/** The content whatever the order of its fields: a sender may build its JSON anew for a repeat. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

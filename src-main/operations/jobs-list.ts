import { type CsvCell, csvRow } from '../base/csv.ts';
import { maskEquipmentNumbers } from '../base/equipment-number.ts';
import { isVirtualDevice } from '../base/imei.ts';
import type { JobRow } from '../contract/journal-views.ts';
import type { ParamsOf, ResultOf } from '../contract/requests.ts';
import type { ListedJob } from '../jobs/job-rows.ts';
import type { Engine, WorkContext } from './engine.ts';
import { sendText, type TextPart } from './text-parts.ts';

const PAGE = 50;
/** Rows of an export that are read at a time. */
const EXPORT_PAGE = 500;

/** One page of the jobs, newest first. */
export function listJobs({ jobs }: Pick<Engine, 'jobs'>, params: ParamsOf<'jobs.list'>): ResultOf<'jobs.list'> {
  const { limit = PAGE } = params;
  const found = jobs.page({ ...params, limit });
  const last = found.length < limit ? undefined : found.at(-1);
  const more = last !== undefined && jobs.page({ ...params, before: last.number, limit: 1 }).length > 0;
  return { jobs: found.map(jobRow), ...(more ? { next: last.number } : {}) };
}

/** All jobs, or those that were chosen, newest first. */
export async function exportJobs(
  { jobs }: Pick<Engine, 'jobs'>,
  { format, device, search, unmask }: ParamsOf<'jobs.export'>,
  { signal }: Pick<WorkContext, 'signal'>,
  part: (part: TextPart) => unknown,
): Promise<ResultOf<'jobs.export'>> {
  const hide = unmask === true ? (text: string) => text : maskEquipmentNumbers;
  const rows = eachJob(jobs, { device, search });
  await sendText(format === 'csv' ? csv(rows, hide) : json(rows, hide), part, signal);
  return {};
}

function* eachJob(
  jobs: Pick<Engine['jobs'], 'page'>,
  choice: { readonly device: string | undefined; readonly search: string | undefined },
): Generator<JobRow> {
  let before: number | undefined;
  for (;;) {
    const page = jobs.page({ ...choice, before, limit: EXPORT_PAGE });
    yield* page.map(jobRow);
    before = page.at(-1)?.number;
    if (before === undefined) return;
  }
}

const COLUMNS = [
  ...(['id', 'operation', 'handset', 'device', 'virtual', 'package', 'component', 'state', 'createdAt'] as const),
  ...(['endedAt', 'interruptions', 'resultCode', 'code', 'message', 'reportTo'] as const),
];

function* csv(rows: Iterable<JobRow>, hide: (text: string) => string): Generator<string> {
  yield csvRow(COLUMNS);
  for (const row of rows) {
    const cells: readonly CsvCell[] = COLUMNS.map((column) => row[column]);
    yield csvRow(cells.map((cell) => (typeof cell === 'string' ? hide(cell) : cell)));
  }
}

function* json(rows: Iterable<JobRow>, hide: (text: string) => string): Generator<string> {
  yield '{"format":"pc-agent-jobs","version":1,"jobs":[';
  let between = '\n';
  for (const row of rows) {
    const text = JSON.stringify(row, (_, value: unknown) => (typeof value === 'string' ? hide(value) : value));
    yield `${between}${text}`;
    between = ',\n';
  }
  yield ']}\n';
}

function jobRow(job: ListedJob): JobRow {
  const { id, operation, handset, device, state, createdAt, interruptions } = job;
  const { package: packageId, component, endedAt, resultCode, code, message, reportTo, difference } = job;
  return {
    ...{ id, operation, handset, state, createdAt, interruptions },
    virtual: device !== undefined && isVirtualDevice(device),
    ...(device === undefined ? {} : { device }),
    ...(packageId === undefined ? {} : { package: packageId }),
    ...(component === undefined ? {} : { component }),
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(resultCode === undefined ? {} : { resultCode }),
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...(reportTo === undefined ? {} : { reportTo }),
    ...(difference === undefined ? {} : { difference }),
  };
}

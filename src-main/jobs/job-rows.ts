import type { InventoryDifference } from '../contract/software-views.ts';
import type { ReadDatabase } from '../store/database.ts';
import { anyLike, likeAnywhere } from '../store/like.ts';
import type { HeardEnd, Job, JobOperation, OrderConsent } from './job.ts';
import type { JobState } from './job-state.ts';

interface Row {
  readonly id: string;
  readonly order_id: string;
  readonly operation: JobOperation;
  readonly handset: string;
  readonly device: string | null;
  readonly package: string | null;
  readonly package_version: string | null;
  readonly package_sha256: string | null;
  readonly component: string | null;
  readonly inactive: number;
  readonly consent: string | null;
  readonly allow_unverified: number;
  readonly report_to: string | null;
  readonly valid_until: string | null;
  readonly state: JobState;
  readonly begun: number;
  readonly accepted_at: string | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly result_code: number | null;
  readonly heard: string | null;
  readonly difference: string | null;
  readonly created_at: string;
  readonly ended_at: string | null;
}

const COLUMNS = `jobs.id, order_id, operation, handset, device, package, package_version, package_sha256,
  component, inactive, consent, allow_unverified, report_to, valid_until, state, begun, accepted_at, code, message,
  result_code, json_remove(heard, '$.alert') AS heard, difference, jobs.created_at, ended_at`;
const SELECT = `SELECT ${COLUMNS} FROM jobs JOIN orders ON orders.id = order_id`;

export function jobOf(db: ReadDatabase, id: string): Job | undefined {
  const row = db.get<Row>(`${SELECT} WHERE jobs.id = ?`, id);
  return row === undefined ? undefined : fromRow(row);
}

export interface JobFilter {
  readonly device?: string;
  /** Only those that have not ended. */
  readonly open?: boolean;
}

/** One page of a list of jobs. */
export interface JobPageFilter {
  /** Jobs before this number. */
  readonly before?: number | undefined;
  readonly device?: string | undefined;
  /** Only those that hold this text; letter case does not count. */
  readonly search?: string | undefined;
  /** Default 50, at most 500. */
  readonly limit?: number | undefined;
}

export interface ListedJob extends Job {
  /** They rise in the order in which the jobs came. */
  readonly number: number;
  /** Attempts that ended because the link was lost. */
  readonly interruptions: number;
}

const MAX_PAGE = 500;
/** How an attempt ends whose link was lost, or whose process died and the link with it. */
const LINK_LOST: readonly string[] = ['bearer/lost', 'obex/disconnected', 'dm/session-cut', 'job/interrupted'];

export function isLinkLost(code: string | undefined): boolean {
  return code !== undefined && LINK_LOST.includes(code);
}

const SEARCHED = [
  ...['jobs.id', 'jobs.handset', 'jobs.device', 'jobs.state', 'jobs.code', 'jobs.message'],
  ...['orders.operation', 'orders.package', 'orders.component', 'orders.report_to'],
];

/** Newest first. */
export function jobPage(db: ReadDatabase, filter: JobPageFilter): readonly ListedJob[] {
  const { before = Number.MAX_SAFE_INTEGER, device, search = '', limit = 50 } = filter;
  const conditions = ['jobs.number < ?'];
  const values: (string | number)[] = [before];
  if (device !== undefined) {
    conditions.push('jobs.device = ?');
    values.push(device);
  }
  if (search !== '') {
    conditions.push(anyLike(SEARCHED));
    values.push(...SEARCHED.map(() => likeAnywhere(search)));
  }
  // CROSS JOIN: the jobs come in their order, and each looks for its order.
  const rows = db.all<Row & { readonly number: number; readonly interruptions: number }>(
    `SELECT ${COLUMNS}, jobs.number, (SELECT count(*) FROM attempts WHERE attempts.job = jobs.id
       AND attempts.code IN (${LINK_LOST.map((code) => `'${code}'`).join(', ')})) AS interruptions
     FROM jobs CROSS JOIN orders ON orders.id = order_id
     WHERE ${conditions.join(' AND ')} ORDER BY jobs.number DESC LIMIT ?`,
    ...[...values, Math.min(limit, MAX_PAGE)],
  );
  return rows.map((row) => ({ ...fromRow(row), number: row.number, interruptions: row.interruptions }));
}

/** Oldest first. */
export function jobsOf(db: ReadDatabase, { device, open = false }: JobFilter): readonly Job[] {
  const conditions = [...(device === undefined ? [] : ['device = ?']), ...(open ? ['ended_at IS NULL'] : [])];
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const values = device === undefined ? [] : [device];
  return db.all<Row>(`${SELECT}${where} ORDER BY number`, ...values).map(fromRow);
}

function fromRow(row: Row): Job {
  return {
    id: row.id,
    order: row.order_id,
    operation: row.operation,
    handset: row.handset,
    device: row.device ?? undefined,
    package: row.package ?? undefined,
    packageVersion: row.package_version ?? undefined,
    packageSha256: row.package_sha256 ?? undefined,
    component: row.component ?? undefined,
    consent: row.consent === null ? undefined : (JSON.parse(row.consent) as OrderConsent),
    inactive: row.inactive === 1,
    allowUnverified: row.allow_unverified === 1,
    reportTo: row.report_to ?? undefined,
    validUntil: row.valid_until ?? undefined,
    state: row.state,
    begun: row.begun === 1,
    accepted: row.accepted_at !== null,
    code: row.code ?? undefined,
    message: row.message ?? undefined,
    resultCode: row.result_code ?? undefined,
    heard: row.heard === null ? undefined : (JSON.parse(row.heard) as HeardEnd),
    difference: row.difference === null ? undefined : (JSON.parse(row.difference) as InventoryDifference),
    createdAt: row.created_at,
    endedAt: row.ended_at ?? undefined,
  };
}

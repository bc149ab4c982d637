import { hash } from 'node:crypto';
import { type MessageDetail, MessageSummary } from '../contract/message-summary.ts';
import { maskedDetail } from '../dm/watcher/masked-detail.ts';
import type { Direction } from '../dm/watcher/watcher.ts';
import type { ReadDatabase } from '../store/database.ts';
import { anyLike, likeAnywhere } from '../store/like.ts';
import type { BodyFiles } from './body-files.ts';

/** What was kept of the raw bodies of a session. */
export type BodiesKept = 'kept' | 'removed' | 'off';

export interface SessionView {
  readonly number: number;
  readonly kind: 'relay' | 'management-server';
  /** The DM SessionID; empty until one was seen. */
  readonly sessionId: string;
  readonly handset: string;
  readonly device: string | undefined;
  readonly dms: string;
  readonly virtual: boolean;
  /** By the wall clock of that moment. */
  readonly startedAt: string;
  readonly endedAt: string | undefined;
  /** Milliseconds by the monotonic clock. */
  readonly duration: number | undefined;
  /** The wall clock was set back shortly before: times before and after do not compare. */
  readonly clockSetBack: boolean;
  readonly state: string;
  readonly code: string | undefined;
  readonly bodies: BodiesKept;
}

export interface MessageView {
  readonly session: number;
  /** From 1 in its session. */
  readonly number: number;
  readonly at: string;
  readonly direction: Direction;
  readonly package: number;
  readonly msgId: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly contentType: string;
  readonly summary: MessageSummary;
}

/** `missing`: it should be there; `damaged`: it is no longer what passed. Neither is shown. */
export type BodyState = BodiesKept | 'missing' | 'damaged';

export interface JournalDetail {
  readonly body: BodyState;
  /** Secrets masked; only the summary when the body is not there. */
  readonly detail: MessageDetail;
}

interface SessionRow {
  readonly number: number;
  readonly kind: SessionView['kind'];
  readonly session_id: string;
  readonly handset: string;
  readonly device: string | null;
  readonly dms: string;
  readonly virtual: number;
  readonly started_at: string;
  readonly ended_at: string | null;
  readonly duration: number | null;
  readonly clock_set_back: number;
  readonly state: string;
  readonly code: string | null;
  readonly bodies: BodiesKept;
}

interface MessageRow {
  readonly session: number;
  readonly number: number;
  readonly at: string;
  readonly direction: Direction;
  readonly package: number;
  readonly msg_id: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly content_type: string;
  readonly hmac: number;
  readonly summary: string;
  readonly body_at: number | null;
}

const MAX_PAGE = 500;

/** Which sessions are wanted. */
export interface SessionChoice {
  /** Only this handset's, by DevId. */
  readonly device?: string | undefined;
  /** Only those that hold this text; letter case does not count. */
  readonly search?: string | undefined;
}

export interface SessionFilter extends SessionChoice {
  /** Sessions before this number, for the next page. */
  readonly before?: number | undefined;
  /** Default 50, at most 500. */
  readonly limit?: number | undefined;
}

const SEARCHED = ['session_id', 'device', 'handset', 'dms', 'state', 'code'];

/** Newest first. */
export function sessionViews(db: ReadDatabase, filter: SessionFilter): readonly SessionView[] {
  const { before = Number.MAX_SAFE_INTEGER, limit = 50 } = filter;
  const { conditions, values } = chosen(filter);
  const rows = db.all<SessionRow>(
    `SELECT * FROM journal_sessions WHERE ${['number < ?', ...conditions].join(' AND ')} ORDER BY number DESC LIMIT ?`,
    ...[before, ...values, Math.min(limit, MAX_PAGE)],
  );
  return rows.map(sessionView);
}

/** Numbers of sessions, oldest first. */
export function sessionNumbers(db: ReadDatabase, choice: SessionChoice): readonly number[] {
  const { conditions, values } = chosen(choice);
  const rows = db.all<{ number: number }>(
    `SELECT number FROM journal_sessions WHERE ${['number > 0', ...conditions].join(' AND ')} ORDER BY number`,
    ...values,
  );
  return rows.map(({ number }) => number);
}

function chosen({ device, search }: SessionChoice) {
  const conditions: string[] = [];
  const values: string[] = [];
  if (device !== undefined) {
    conditions.push('device = ?');
    values.push(device);
  }
  if (search !== undefined && search !== '') {
    conditions.push(anyLike(SEARCHED));
    values.push(...SEARCHED.map(() => likeAnywhere(search)));
  }
  return { conditions, values };
}

export function sessionOf(db: ReadDatabase, number: number): SessionView | undefined {
  const row = db.get<SessionRow>('SELECT * FROM journal_sessions WHERE number = ?', number);
  return row === undefined ? undefined : sessionView(row);
}

/** A session's messages in their order, at most 500 a time, those behind number `after`. */
export function messageViews(db: ReadDatabase, session: number, after = 0): readonly MessageView[] {
  const rows = db.all<MessageRow>(
    'SELECT * FROM journal_messages WHERE session = ? AND number > ? ORDER BY number LIMIT ?',
    session,
    after,
    MAX_PAGE,
  );
  return rows.map(messageView);
}

/** `undefined`: there is no such message. */
export function detailView(
  db: ReadDatabase,
  files: BodyFiles,
  session: number,
  number: number,
): JournalDetail | undefined {
  const owner = sessionOf(db, session);
  const row = db.get<MessageRow>('SELECT * FROM journal_messages WHERE session = ? AND number = ?', session, number);
  if (owner === undefined || row === undefined) return undefined;
  const summary = summaryOf(row);
  const without = (body: BodyState): JournalDetail => ({
    body,
    detail: { sequence: number, summary, xml: '', hex: '', masked: 0 },
  });
  if (owner.bodies !== 'kept') return without(owner.bodies);
  const body = row.body_at === null ? undefined : files.read(session, row.body_at, row.bytes);
  if (body === undefined) return without('missing');
  if (hash('sha256', body, 'hex') !== row.sha256) return without('damaged');
  // That there was an HMAC counts as a masked secret; its value is not known here.
  const envelope = { contentType: row.content_type, body, ...(row.hmac === 1 ? { hmac: '' } : {}) };
  return { body: 'kept', detail: maskedDetail(envelope, number, summary) };
}

function sessionView(row: SessionRow): SessionView {
  return {
    number: row.number,
    kind: row.kind,
    sessionId: row.session_id,
    handset: row.handset,
    device: row.device ?? undefined,
    dms: row.dms,
    virtual: row.virtual === 1,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    duration: row.duration ?? undefined,
    clockSetBack: row.clock_set_back === 1,
    state: row.state,
    code: row.code ?? undefined,
    bodies: row.bodies,
  };
}

function messageView(row: MessageRow): MessageView {
  return {
    session: row.session,
    number: row.number,
    at: row.at,
    direction: row.direction,
    package: row.package,
    msgId: row.msg_id,
    bytes: row.bytes,
    sha256: row.sha256,
    contentType: row.content_type,
    summary: summaryOf(row),
  };
}

/** A summary that no longer has the form (an older program, a damaged row) must not hide the rest of its session. */
function summaryOf(row: MessageRow): MessageSummary {
  try {
    return MessageSummary.parse(JSON.parse(row.summary));
  } catch {
    const { msg_id: msgId, package: dmPackage } = row;
    const nothing = { sessionId: '', source: '', target: '', credentials: 'none', commands: [] } as const;
    return { readable: false, msgId, package: dmPackage, final: false, ...nothing, commands: [] };
  }
}

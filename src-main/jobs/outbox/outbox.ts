import type { Clock } from '../../base/clock.ts';
import type { Duration } from '../../base/durations.ts';
import type { Store } from '../../store/store.ts';

/**
 * - `waiting`: to be sent
 * - `unsupported`: the DM server takes no reports; it is asked again now and then, in case it learns to
 * - `rejected`: it will not have this one; nothing changes that but an operator
 * - `unaddressed`: there is no DM server to tell
 * - `acknowledged`
 */
export type ReportState = 'waiting' | 'unsupported' | 'rejected' | 'unaddressed' | 'acknowledged';

export interface OutboxReport {
  /** Also its Idempotency-Key. */
  readonly id: string;
  readonly job: string;
  /** Origin of the DM server. */
  readonly origin: string | undefined;
  /** JSON text, the same in every try. */
  readonly body: string;
  readonly state: ReportState;
  readonly tries: number;
  /** When it may be sent next, ISO 8601; `undefined` when it is not sent any more. */
  readonly nextAt: string | undefined;
  /** Why it is still here. */
  readonly code: string | undefined;
  readonly message: string | undefined;
  readonly acknowledgedAt: string | undefined;
}

/** What a try came to that did not end in an acknowledgement. */
export interface Setback {
  readonly state: 'waiting' | 'unsupported' | 'rejected';
  readonly code: string;
  readonly message: string;
  /** Until the next try. */
  readonly pause: Duration;
  /** Until the next try of any report for the same DM server; 0 when the setback is this report's own. */
  readonly originPause: Duration;
}

/** The reports that were made and what became of them. */
export interface Outbox {
  /** Oldest first. */
  list(): readonly OutboxReport[];
  /** How many wait for a DM server. */
  unsent(): number;
  /** The next that may be sent now: the fewest tries first, so that one that always fails keeps nobody up. */
  due(): OutboxReport | undefined;
  /** Milliseconds until one may be; `undefined` when none waits. */
  untilDue(): number | undefined;
  acknowledge(id: string): Promise<void>;
  setBack(report: OutboxReport, setback: Setback): Promise<void>;
  /** Makes all that wait due, whatever pause they were given; also what was rejected. */
  retry(): Promise<void>;
}

/** No pause is longer; what lies further ahead comes from a clock that was set back. */
export const LONGEST_PAUSE = 24 * 3600 * 1000;

const UNSENT = "state IN ('waiting', 'unsupported')";

interface Row {
  readonly id: string;
  readonly job: string;
  readonly origin: string | null;
  readonly body: string;
  readonly state: ReportState;
  readonly tries: number;
  readonly next_at: number;
  readonly code: string | null;
  readonly message: string | null;
  readonly acknowledged_at: string | null;
}

export function createOutbox(store: Store, clock: Pick<Clock, 'now'>): Outbox {
  const now = (): number => clock.now().getTime();
  const untilDue = (): number | undefined => {
    const rows = store.read((db) => db.all<{ next_at: number }>(`SELECT next_at FROM reports WHERE ${UNSENT}`));
    if (rows.length === 0) return undefined;
    const pauses = rows.map(({ next_at }) => next_at - now()).map((pause) => (pause > LONGEST_PAUSE ? 0 : pause));
    return Math.max(
      0,
      pauses.reduce((least, pause) => Math.min(least, pause)),
    );
  };
  return {
    list: () => store.read((db) => db.all<Row>('SELECT * FROM reports ORDER BY number')).map(reportOf),
    unsent: () =>
      store.read((db) => db.get<{ count: number }>(`SELECT count(*) AS count FROM reports WHERE ${UNSENT}`))?.count ??
      0,
    due() {
      const row = store.read((db) =>
        db.get<Row>(
          `SELECT * FROM reports WHERE ${UNSENT} AND (next_at <= ?1 OR next_at > ?1 + ${LONGEST_PAUSE})
           ORDER BY tries, number LIMIT 1`,
          now(),
        ),
      );
      return row === undefined ? undefined : reportOf(row);
    },
    untilDue,
    acknowledge: (id) =>
      store.write((db) => {
        db.run(
          `UPDATE reports SET state = 'acknowledged', acknowledged_at = ?, tries = tries + 1, code = NULL, message = NULL
           WHERE id = ? AND state <> 'acknowledged'`,
          ...[clock.now().toISOString(), id],
        );
      }),
    setBack: ({ id, origin }, { state, code, message, pause, originPause }) =>
      store.write((db) => {
        const after = (length: number): number => now() + Math.min(length, LONGEST_PAUSE);
        db.run(
          `UPDATE reports SET state = ?, code = ?, message = ?, tries = tries + 1, next_at = ?
           WHERE id = ? AND state <> 'acknowledged'`,
          ...[state, code, message, after(pause), id],
        );
        db.run(
          `UPDATE reports SET next_at = ?1 WHERE ${UNSENT} AND origin = ?2 AND next_at < ?1`,
          ...[after(originPause), origin ?? null],
        );
      }),
    retry: () =>
      store.write((db) => {
        db.run(
          `UPDATE reports SET next_at = ?, state = 'waiting' WHERE state IN ('waiting', 'unsupported', 'rejected')`,
          now(),
        );
      }),
  };
}

function reportOf(row: Row): OutboxReport {
  return {
    id: row.id,
    job: row.job,
    origin: row.origin ?? undefined,
    body: row.body,
    state: row.state,
    tries: row.tries,
    nextAt: row.state === 'waiting' || row.state === 'unsupported' ? new Date(row.next_at).toISOString() : undefined,
    code: row.code ?? undefined,
    message: row.message ?? undefined,
    acknowledgedAt: row.acknowledged_at ?? undefined,
  };
}

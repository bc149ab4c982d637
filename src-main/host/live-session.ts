import type { Clock } from '../base/clock.ts';
import { seconds } from '../base/durations.ts';
import type { ContinuationEvent, PhaseEvent, ProgressEvent, SessionEvent, UntimedEvent } from '../contract/events.ts';
import type { Evidence, LiveSession, MessageRow, SessionRow, Traffic } from '../contract/sessions.ts';
import type { Direction } from '../dm/watcher/watcher.ts';
import type { SessionEnding } from '../journal/session-recorder.ts';
import { TransferRate } from './transfer-rate.ts';

/** Nothing has moved for so long: that is told, with whom it waits for. */
const STALLED_AFTER = seconds(5);
/** Message rows of one session that are kept; the journal has the others. */
const MAX_ROWS = 10_000;

type Fields<E> = { readonly [K in keyof E as K extends 'time' ? never : K]: E[K] };

/** One session as it goes: its row and its messages. */
export class RunningSession {
  readonly key: string;
  readonly #clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly #rate = new TransferRate();
  #row: LiveSession;
  #messages: MessageRow[] = [];
  #count = 0;
  #lastWay: Direction | undefined;
  #lastDigest: string | undefined;
  #movedAt: number;
  #movedTime: string;

  constructor(session: SessionRow, clock: Pick<Clock, 'now' | 'monotonic'>) {
    this.key = session.key;
    this.#clock = clock;
    this.#row = {
      ...session,
      phase: 'connecting',
      unplug: 'safe',
      toDms: NOTHING,
      toHandset: NOTHING,
      ...(session.kind === 'relay' ? { evidence: { by: 'agent', compared: 0, equal: null } } : {}),
    };
    this.#movedAt = clock.monotonic();
    this.#movedTime = clock.now().toISOString();
  }

  get row(): LiveSession {
    return this.#row;
  }

  get over(): boolean {
    return this.#row.endedAt !== undefined;
  }

  /** Messages that are still in memory, in their order. */
  get messages(): readonly MessageRow[] {
    return this.#messages;
  }

  /** How many messages there were before the first that is kept. */
  get dropped(): number {
    return this.#count - this.#messages.length;
  }

  /** SHA-256 of the message whose event came last. */
  get lastDigest(): string | undefined {
    return this.#lastDigest;
  }

  event(event: UntimedEvent): void {
    this.#moved();
    if (event.type === 'message') this.#lastDigest = event.sha256;
    if (event.type === 'session') this.#sessionEvent(event);
    else if (event.type === 'phase') this.#phaseEvent(event);
    else if (event.type === 'progress') this.#progressEvent(event);
    else if (event.type === 'continuation') this.#continuationEvent(event);
  }

  /** @returns its row, numbered. */
  message(row: Omit<MessageRow, 'number' | 'at'>): MessageRow {
    this.#moved();
    this.#count += 1;
    const whole: MessageRow = { number: this.#count, at: this.#clock.now().toISOString(), ...row };
    this.#messages.push(whole);
    // By many at a time, for shifting an array is not free.
    if (this.#messages.length > MAX_ROWS * 1.1) this.#messages = this.#messages.slice(-MAX_ROWS);
    this.#lastWay = row.direction;
    const way = row.direction === 'to-dms' ? 'toDms' : 'toHandset';
    const { messages, bytes } = this.#row[way];
    const sessionId = row.summary.sessionId === '' ? this.#row.sessionId : row.summary.sessionId;
    this.#row = { ...this.#row, sessionId, [way]: { messages: messages + 1, bytes: bytes + row.bytes } };
    return whole;
  }

  compared(equal: boolean): void {
    const { evidence } = this.#row;
    if (evidence === undefined || evidence.by === 'ends') return;
    this.proven({ by: 'agent', compared: evidence.compared + 1, equal: equal && evidence.equal !== false });
  }

  proven(evidence: Evidence): void {
    this.#row = { ...this.#row, evidence };
  }

  ended({ state, code, device, virtual }: SessionEnding): void {
    const { stalled: _stalled, ...row } = this.#row;
    this.#row = {
      ...row,
      state,
      phase: 'over',
      unplug: 'safe',
      endedAt: this.#clock.now().toISOString(),
      ...(code === undefined ? {} : { code }),
      ...(device === undefined ? {} : { device }),
      virtual: row.virtual || virtual === true,
    };
  }

  /** Looks whether it has come to a standstill, and how fast its object is now. */
  look(): void {
    if (this.over) return;
    const now = this.#clock.monotonic();
    const transfer = this.#rate.transferAt(now);
    const { stalled, ...row } = this.#row;
    const waits = now - this.#movedAt >= STALLED_AFTER;
    const stall = waits ? { stalled: { since: this.#movedTime, waitingFor: this.#waitingFor() } } : {};
    const same = waits === (stalled !== undefined) && sameNumbers(transfer, row.transfer);
    if (!same) this.#row = { ...row, ...(transfer === undefined ? {} : { transfer }), ...stall };
  }

  #moved(): void {
    this.#movedAt = this.#clock.monotonic();
    this.#movedTime = this.#clock.now().toISOString();
    if (this.#row.stalled === undefined) return;
    const { stalled: _stalled, ...row } = this.#row;
    this.#row = row;
  }

  #waitingFor(): 'person' | 'dms' | 'handset' {
    if (this.#row.phase === 'asking') return 'person';
    return this.#row.kind === 'relay' && this.#lastWay === 'to-dms' ? 'dms' : 'handset';
  }

  /** A try that failed is followed by others: only `ended` ends a session. */
  #sessionEvent({ id, state }: Fields<SessionEvent>): void {
    if (this.over) return;
    const begun = state === 'started' || state === 'running' ? state : this.#row.state;
    this.#row = { ...this.#row, sessionId: id === '' ? this.#row.sessionId : id, state: begun };
  }

  #phaseEvent({ phase, unplug }: Fields<PhaseEvent>): void {
    if (!this.over) this.#row = { ...this.#row, phase, unplug };
  }

  /** From here on it is at the way that it goes on over. */
  #continuationEvent({ over }: Fields<ContinuationEvent>): void {
    if (!this.over) this.#row = { ...this.#row, handset: over };
  }

  #progressEvent({ done, total }: Fields<ProgressEvent>): void {
    const now = this.#clock.monotonic();
    this.#rate.moved(done, total, now);
    const transfer = this.#rate.transferAt(now);
    if (transfer !== undefined) this.#row = { ...this.#row, transfer };
  }
}

const NOTHING: Traffic = Object.freeze({ messages: 0, bytes: 0 });

function sameNumbers(one: LiveSession['transfer'], other: LiveSession['transfer']): boolean {
  return one?.done === other?.done && one?.total === other?.total && one?.rate === other?.rate;
}

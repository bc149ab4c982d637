import { hash } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { type Duration, milliseconds, seconds } from '../base/durations.ts';
import type { UntimedEvent } from '../contract/events.ts';
import type { HostChange } from '../contract/host-state.ts';
import type { MessageDetail, MessageSummary } from '../contract/message-summary.ts';
import type { Evidence, LiveSession, SessionRow } from '../contract/sessions.ts';
import type { Direction } from '../dm/watcher/watcher.ts';
import type { SessionEnding } from '../journal/session-recorder.ts';
import type { SessionAudience } from '../operations/session-audience.ts';
import type { Envelope } from '../syncml/envelope.ts';
import { BodyMemory } from './body-memory.ts';
import { RunningSession } from './live-session.ts';

export interface LiveSessionsOptions {
  readonly clock: Clock;
  readonly onChange: (change: HostChange) => void;
}

/** Sessions that are over and still in memory. */
const MAX_ENDED = 100;
/** Messages of all of these together, of some hundred octets each; the journal has them. */
const MAX_ENDED_MESSAGES = 50_000;
/** Between two changes of one row that only differ in numbers. */
const TOLD_EVERY: Duration = milliseconds(100);
/** Between two looks for what has come to a standstill. */
const LOOK_EVERY: Duration = seconds(1);

interface Entry {
  readonly session: RunningSession;
  /** The row as the faces have it, and when they got it. */
  told: LiveSession | undefined;
  toldAt: number;
  /** It will be told soon. */
  due: boolean;
  readonly watchers: Set<() => void>;
}

/** The DM sessions of this run of the host, as they happen. */
export class LiveSessions implements SessionAudience {
  readonly #options: LiveSessionsOptions;
  /** In the order in which they began. */
  readonly #entries = new Map<string, Entry>();
  readonly #bodies = new BodyMemory();
  readonly #stop = new AbortController();
  #journal = 0;
  #looking = false;

  constructor(options: LiveSessionsOptions) {
    this.#options = options;
  }

  get state(): { readonly sessions: LiveSession[]; readonly journal: number } {
    return { sessions: [...this.#entries.values()].map(({ session }) => session.row), journal: this.#journal };
  }

  /** @returns `undefined` for one that is not, or no longer, in memory. */
  get(key: string): RunningSession | undefined {
    return this.#entries.get(key)?.session;
  }

  detail(key: string, number: number): MessageDetail | undefined {
    return this.#bodies.detail(key, number);
  }

  /** Resolves when something of the session has happened after this call. @throws AbortError */
  async stirred(key: string, signal: AbortSignal): Promise<void> {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const give = () => reject(signal.reason);
    entry.watchers.add(resolve);
    signal.addEventListener('abort', give, { once: true });
    try {
      await promise;
    } finally {
      entry.watchers.delete(resolve);
      signal.removeEventListener('abort', give);
    }
  }

  /** A session or a job has come into the journal, or has ended there. */
  journalMoved(): void {
    this.#journal += 1;
    this.#options.onChange({ kind: 'journal', journal: this.#journal });
  }

  begun(row: SessionRow): void {
    const session = new RunningSession(row, this.#options.clock);
    const entry: Entry = { session, told: undefined, toldAt: 0, due: false, watchers: new Set() };
    this.#entries.set(row.key, entry);
    this.#tell(entry);
    if (!isApart(row.key)) this.journalMoved();
    void this.#look();
  }

  /** Every event of the host; those without a key of a session are none of this class's business. */
  event(event: UntimedEvent): void {
    const { key } = event as { readonly key?: unknown };
    if (typeof key === 'string') this.#change(key, (session) => session.event(event));
  }

  message(key: string, envelope: Envelope, direction: Direction, summary: MessageSummary): void {
    this.#change(key, (session) => {
      const { body, contentType } = envelope;
      const { number } = session.message({
        direction,
        package: summary.package,
        msgId: summary.readable ? summary.msgId : -1,
        bytes: body.length,
        sha256: session.lastDigest ?? hash('sha256', body, 'hex'),
        contentType,
        summary,
      });
      this.#bodies.keep(key, number, envelope, summary);
    });
  }

  compared(key: string, equal: boolean): void {
    this.#change(key, (session) => session.compared(equal));
  }

  proven(key: string, evidence: Evidence): void {
    this.#change(key, (session) => session.proven(evidence));
  }

  ended(key: string, end: SessionEnding): void {
    this.#change(key, (session) => session.ended(end));
    if (!isApart(key)) this.journalMoved();
    this.#makeRoom();
  }

  forget(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bodies.forget(key);
    for (const wake of entry.watchers) wake();
    this.#options.onChange({ kind: 'session-gone', key });
  }

  close(): void {
    this.#stop.abort();
  }

  /** The oldest that are over go. */
  #makeRoom(): void {
    const ended = [...this.#entries.values()].flatMap(({ session }) => (session.over ? [session] : []));
    let messages = ended.reduce((sum, session) => sum + session.messages.length, 0);
    let left = ended.length;
    for (const session of ended) {
      if (left <= MAX_ENDED && messages <= MAX_ENDED_MESSAGES) return;
      left -= 1;
      messages -= session.messages.length;
      this.forget(session.key);
    }
  }

  #change(key: string, change: (session: RunningSession) => void): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    change(entry.session);
    this.#noticed(entry);
  }

  #noticed(entry: Entry): void {
    for (const wake of entry.watchers) wake();
    const { told, session } = entry;
    if (told === session.row) return;
    const wait = entry.toldAt + TOLD_EVERY - this.#options.clock.monotonic();
    if (told === undefined || wait <= 0 || isNews(told, session.row)) return void this.#tell(entry);
    if (entry.due) return;
    entry.due = true;
    this.#options.clock.sleep(milliseconds(wait), this.#stop.signal).then(
      () => {
        entry.due = false;
        if (this.#entries.get(session.key) === entry && entry.told !== session.row) this.#tell(entry);
      },
      () => undefined,
    );
  }

  #tell(entry: Entry): void {
    entry.told = entry.session.row;
    entry.toldAt = this.#options.clock.monotonic();
    this.#options.onChange({ kind: 'session', session: entry.told });
  }

  /** Looks once a second as long as a session goes on. */
  async #look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      for (;;) {
        await this.#options.clock.sleep(LOOK_EVERY, this.#stop.signal);
        const running = [...this.#entries.values()].filter(({ session }) => !session.over);
        if (running.length === 0) break;
        for (const entry of running) {
          entry.session.look();
          this.#noticed(entry);
        }
      }
    } catch {
      // The host ends.
    } finally {
      this.#looking = false;
    }
  }
}

/** A session of the demo, which the journal of this host does not have. */
function isApart(key: string): boolean {
  return key.startsWith('demo-');
}

/** What a person has to see at once. */
function isNews(before: LiveSession, now: LiveSession): boolean {
  return (
    before.state !== now.state ||
    before.phase !== now.phase ||
    before.unplug !== now.unplug ||
    before.handset !== now.handset ||
    (before.stalled === undefined) !== (now.stalled === undefined)
  );
}

import { join } from 'node:path';
import type { Clock } from '../base/clock.ts';
import { withoutSecrets } from '../base/node/shown-address.ts';
import type { Store } from '../store/store.ts';
import { BodyKeeper } from './body-keeper.ts';
import { ElapsedTime, type SavedTime } from './elapsed-time.ts';
import { type ExportOptions, exportText } from './export.ts';
import { DEFAULT_RETENTION, type Retention } from './retention.ts';
import { type SessionRecorder, StoredRecorder } from './session-recorder.ts';
import {
  detailView,
  type JournalDetail,
  type MessageView,
  messageViews,
  type SessionChoice,
  type SessionFilter,
  type SessionView,
  sessionNumbers,
  sessionOf,
  sessionViews,
} from './views.ts';

export interface SessionStart {
  /** Who speaks with the handset: a remote DMS through us, or our own server. */
  readonly kind: 'relay' | 'management-server';
  /** Address of the handset. */
  readonly handset: string;
  /** Its DevId, when it is known already. */
  readonly device?: string | undefined;
  /** URL of the DMS, or the ServerID of our own server. What follows the path is not written down. */
  readonly dms: string;
  /** One of the two is a virtual one. */
  readonly virtual: boolean;
}

/** Sessions and messages: written as they happen, read with every secret masked. */
export interface Journal {
  sessionStarted(start: SessionStart): SessionRecorder;
  sessions(filter?: SessionFilter): readonly SessionView[];
  session(number: number): SessionView | undefined;
  /** At most 500 at a time, those behind message number `after`. */
  messages(session: number, after?: number): readonly MessageView[];
  detail(session: number, number: number): JournalDetail | undefined;
  /** Oldest session first; all of them without a list or a choice. */
  export(options: JournalExport): Generator<string>;
  /** Changes how long bodies are kept, at once. */
  setRetention(retention: Retention): void;
  /** Removes bodies whose time is over; also done at the start, every hour, and when the limit is reached. */
  sweep(): void;
  /** Ends sessions that still run as broken off. To be called before the store is closed. */
  close(): void;
}

export interface JournalExport extends ExportOptions {
  readonly sessions?: readonly number[];
  readonly choice?: SessionChoice;
}

export interface JournalOptions {
  readonly store: Store;
  /** The bodies lie in `bodies/` in it. */
  readonly folder: string;
  readonly clock: Clock;
  readonly retention?: Retention;
  /** A body could not be kept or removed. Default: nobody is told. */
  readonly onProblem?: (error: unknown) => void;
}

/** A session that a killed process left open. */
const CUT_SHORT = 'journal/cut-short';
const HOUR = 60 * 60 * 1000;
const LAST_NUMBER = 'SELECT max(number) AS last FROM journal_sessions';

/** Opens the journal and puts right what a killed process left behind. One process at a time. */
export function openJournal(options: JournalOptions): Journal {
  return new StoredJournal(options);
}

class StoredJournal implements Journal {
  readonly #options: JournalOptions;
  readonly #time: ElapsedTime;
  readonly #keeper: BodyKeeper;
  readonly #open = new Map<number, StoredRecorder>();
  readonly #timer: NodeJS.Timeout;
  #number: number;

  constructor(options: JournalOptions) {
    this.#options = options;
    const { store, clock, folder, retention = DEFAULT_RETENTION } = options;
    this.#time = new ElapsedTime(
      clock,
      store.read((db) => db.get<SavedTime>('SELECT elapsed, wall FROM journal_clock')),
    );
    this.#keeper = new BodyKeeper({
      store,
      folder: join(folder, 'bodies'),
      time: this.#time,
      retention,
      running: () => this.#running(),
      onProblem: (error) => this.#tell(error),
    });
    this.#number = store.read((db) => db.get<{ last: number | null }>(LAST_NUMBER))?.last ?? 0;
    this.#endCutShort();
    this.#keeper.removeStrays();
    this.sweep();
    this.#timer = setInterval(() => this.#sweepQuietly(), HOUR).unref();
  }

  sessionStarted({ kind, handset, device, dms, virtual }: SessionStart): SessionRecorder {
    const { store, clock } = this.#options;
    this.#number += 1;
    const number = this.#number;
    const setBack = this.#time.takeSetBack();
    const startedAt = clock.now().toISOString();
    const recorded = this.#time.now();
    const bodies = this.#keeper.create(number);
    store.trace((db) => {
      db.run(
        `INSERT INTO journal_sessions (number, kind, handset, device, dms, virtual, started_at, recorded,
         clock_set_back, state, bodies) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'started', ?)`,
        ...[number, kind, handset, device ?? null, withoutSecrets(dms), virtual ? 1 : 0],
        ...[startedAt, recorded, setBack ? 1 : 0, bodies === undefined ? 'off' : 'kept'],
      );
    });
    this.#saveTime();
    const recorder = new StoredRecorder({
      store,
      clock,
      number,
      bodies,
      hasRoom: (bytes) => this.#keeper.hasRoom(bytes),
      onProblem: (error) => this.#tell(error),
      onEnded: () => this.#ended(number),
    });
    this.#open.set(number, recorder);
    return recorder;
  }

  sessions(filter: SessionFilter = {}): readonly SessionView[] {
    return this.#options.store.read((db) => sessionViews(db, filter));
  }

  session(number: number): SessionView | undefined {
    return this.#options.store.read((db) => sessionOf(db, number));
  }

  messages(session: number, after?: number): readonly MessageView[] {
    return this.#options.store.read((db) => messageViews(db, session, after));
  }

  detail(session: number, number: number): JournalDetail | undefined {
    return this.#options.store.read((db) => detailView(db, this.#keeper.files, session, number));
  }

  export({ sessions, choice = {}, ...options }: JournalExport): Generator<string> {
    return exportText(
      {
        sessions: () => this.#eachSession(sessions, choice),
        messages: (session) => this.#eachMessage(session),
        detail: (session, number) => this.detail(session, number),
      },
      options,
    );
  }

  setRetention(retention: Retention): void {
    this.#keeper.setRetention(retention);
    if (retention === 'off') {
      for (const [number, recorder] of this.#open) {
        recorder.dropBodies();
        this.#keeper.remove(number);
      }
    }
    this.sweep();
  }

  sweep(): void {
    this.#keeper.sweep();
    this.#saveTime();
  }

  close(): void {
    clearInterval(this.#timer);
    for (const recorder of [...this.#open.values()]) recorder.sessionEnded({ state: 'aborted', code: CUT_SHORT });
    this.#saveTime();
  }

  #ended(number: number): void {
    this.#open.delete(number);
    this.#keeper.ended(number);
    this.#saveTime();
  }

  #running(): number {
    let bytes = 0;
    for (const { bodyBytes } of this.#open.values()) bytes += bodyBytes;
    return bytes;
  }

  #sweepQuietly(): void {
    try {
      this.sweep();
    } catch (error) {
      this.#tell(error);
    }
  }

  /** A killed process left sessions open: they ended with their last message. */
  #endCutShort(): void {
    const { store } = this.#options;
    const open = store.read((db) =>
      db.all<{ number: number }>('SELECT number FROM journal_sessions WHERE ended_at IS NULL'),
    );
    for (const { number } of open) {
      const bytes = this.#keeper.files.size(number);
      store.trace((db) => {
        db.run(
          `UPDATE journal_sessions SET state = 'aborted', code = ?, ended_at = coalesce(
           (SELECT at FROM journal_messages WHERE session = ? ORDER BY number DESC LIMIT 1), started_at),
           body_bytes = iif(bodies = 'kept', ?, 0) WHERE number = ?`,
          ...[CUT_SHORT, number, bytes, number],
        );
      });
    }
  }

  #saveTime(): void {
    const { elapsed, wall } = this.#time.saved;
    this.#options.store.trace((db) => {
      db.run('INSERT OR REPLACE INTO journal_clock VALUES (1, ?, ?)', elapsed, wall);
    });
  }

  #tell(error: unknown): void {
    this.#options.onProblem?.(error);
  }

  *#eachSession(wanted: readonly number[] | undefined, choice: SessionChoice): Generator<SessionView> {
    const numbers = wanted ?? this.#options.store.read((db) => sessionNumbers(db, choice));
    for (const number of numbers) {
      const view = this.session(number);
      if (view !== undefined) yield view;
    }
  }

  *#eachMessage(session: number): Generator<MessageView> {
    let after = 0;
    for (;;) {
      const page = this.messages(session, after);
      yield* page;
      const last = page.at(-1);
      if (last === undefined) return;
      after = last.number;
    }
  }
}

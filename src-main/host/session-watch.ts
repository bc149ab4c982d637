import { milliseconds } from '../base/durations.ts';
import type { LiveSession, MessageRow, SessionPart } from '../contract/sessions.ts';
import type { Engine } from '../operations/engine.ts';
import { journalSession, messageRow } from '../operations/journal-session.ts';
import { sessionRow } from '../operations/session-row.ts';
import type { RunningSession } from './live-session.ts';
import type { LiveSessions } from './live-sessions.ts';

/** Messages in one part. */
const PIECE = 500;
/** Between two parts of a session that goes on. */
const PARTS_EVERY = milliseconds(100);

export interface SessionWatchOptions {
  readonly session: string;
  /** Number of the last message that the face has. */
  readonly after: number;
  readonly live: LiveSessions;
  readonly engine: Pick<Engine, 'journal' | 'clock'>;
  readonly part: (part: SessionPart) => Promise<void>;
  readonly signal: AbortSignal;
}

/** One session for a face: what it has not yet, then what comes, until the session is over. */
export async function watchSession(options: SessionWatchOptions): Promise<void> {
  const session = options.live.get(options.session);
  if (session === undefined) await watchJournal(options);
  else await watchLive(options, session);
}

async function watchJournal({ session: key, after, engine, part, signal }: SessionWatchOptions): Promise<void> {
  const view = journalSession(engine.journal, key);
  const session = sessionRow(view);
  let last = after;
  for (let first = true; ; first = false) {
    signal.throwIfAborted();
    const messages = engine.journal.messages(view.number, last).map(messageRow);
    if (messages.length === 0 && !first) return;
    await part({ session, messages });
    last = messages.at(-1)?.number ?? last;
    if (messages.length < PIECE) return;
  }
}

async function watchLive(options: SessionWatchOptions, session: RunningSession): Promise<void> {
  const { live, engine, part, signal } = options;
  let last = options.after;
  let told: LiveSession | undefined;
  for (;;) {
    const { row, over } = session;
    const { messages, dropped } = piece(options, session, last);
    if (messages.length > 0 || row !== told) {
      await part({ session: row, messages, ...(dropped === 0 ? {} : { dropped }) });
      told = row;
      last = messages.at(-1)?.number ?? last;
      if (messages.length === PIECE) continue;
      if (!over) await engine.clock.sleep(PARTS_EVERY, signal);
      continue;
    }
    // It may have gone from memory too.
    if (over || live.get(session.key) !== session) return;
    await live.stirred(session.key, signal);
  }
}

/** The next messages behind `last`: those that are no longer in memory are in the journal, unless it is the demo's. */
function piece(
  { engine: { journal } }: SessionWatchOptions,
  { key, messages, dropped }: RunningSession,
  last: number,
): { readonly messages: MessageRow[]; readonly dropped: number } {
  if (last >= dropped) return { messages: messages.slice(last - dropped, last - dropped + PIECE), dropped: 0 };
  const kept = /^\d+$/.test(key) ? journal.messages(Number(key), last).map(messageRow) : [];
  if (kept.length > 0) return { messages: kept, dropped: 0 };
  return { messages: messages.slice(0, PIECE), dropped: dropped - last };
}

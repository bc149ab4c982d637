import { type Step, stepsAfterEnd, stepsAfterMessage } from '../../../src-main/contract/session-steps.ts';
import type { LiveSession, MessageRow, SessionPart, SessionRow, Traffic } from '../../../src-main/contract/sessions.ts';

/** A session of this run of the host, or one that only the journal has. */
export type AnySession = LiveSession | SessionRow;

/** What is known of a session so far. */
export interface SessionLog {
  readonly session: AnySession | undefined;
  /** In their order, without gaps after the first. */
  readonly messages: readonly MessageRow[];
  /** Messages that nobody keeps any more. */
  readonly dropped: number;
  readonly steps: readonly Step[];
}

export const EMPTY_LOG: SessionLog = { session: undefined, messages: [], dropped: 0, steps: [] };

/** The log after one more piece; messages that it has already change nothing. */
export function logAfterPart(log: SessionLog, { session, messages, dropped = 0 }: SessionPart): SessionLog {
  const last = lastNumber(log);
  const fresh = messages.filter(({ number }) => number > last);
  let steps = log.steps;
  for (const message of fresh) steps = stepsAfterMessage(steps, message);
  return {
    session,
    messages: fresh.length === 0 ? log.messages : [...log.messages, ...fresh],
    dropped: log.dropped + dropped,
    steps: stepsAfterEnd(steps, session.state),
  };
}

/** Number of the last message that is there; 0 without one. */
export function lastNumber({ messages }: Pick<SessionLog, 'messages'>): number {
  return messages.at(-1)?.number ?? 0;
}

/** What went each way: the host's count for a session of this run, else the sum of the messages. */
export function trafficOf(
  session: AnySession,
  messages: readonly MessageRow[],
): { readonly toDms: Traffic; readonly toHandset: Traffic } {
  if (isLive(session)) return { toDms: session.toDms, toHandset: session.toHandset };
  return { toDms: sumOf(messages, 'to-dms'), toHandset: sumOf(messages, 'to-handset') };
}

/** True for a session of this run of the host, which has a phase. */
export function isLive(session: AnySession): session is LiveSession {
  return 'phase' in session;
}

/** True for a session that can be exported: the demo's are kept apart from what was done with real handsets. */
export function isInJournal({ key }: Pick<SessionRow, 'key'>): boolean {
  return /^\d+$/.test(key);
}

/** True while it goes on. */
export function isUnderWay({ state }: Pick<SessionRow, 'state'>): boolean {
  return state === 'started' || state === 'running';
}

function sumOf(messages: readonly MessageRow[], way: MessageRow['direction']): Traffic {
  const those = messages.filter(({ direction }) => direction === way);
  return { messages: those.length, bytes: those.reduce((sum, { bytes }) => sum + bytes, 0) };
}

import { PcAgentError } from '../base/errors.ts';
import type { SessionMessage } from '../contract/sessions.ts';
import type { Engine } from '../operations/engine.ts';
import { journalSession } from '../operations/journal-session.ts';
import type { LiveSessions } from './live-sessions.ts';
import type { Handlers } from './request-desk.ts';
import { watchSession } from './session-watch.ts';

/** One session at a time: as it happens, or as the journal has it. */
export function sessionHandlers(
  engine: Pick<Engine, 'journal' | 'clock'>,
  live: LiveSessions,
): Pick<Handlers, 'sessions.watch' | 'sessions.message'> {
  return {
    async 'sessions.watch'({ session, after = 0 }, { part, signal }) {
      await watchSession({ session, after, live, engine, part, signal });
      return {};
    },
    'sessions.message': async ({ session, number }) => messageOf(engine, live, session, number),
  };
}

/** @throws PcAgentError `journal/session-unknown`, `journal/message-unknown` */
function messageOf(
  { journal }: Pick<Engine, 'journal'>,
  live: LiveSessions,
  session: string,
  number: number,
): SessionMessage {
  const detail = live.detail(session, number);
  if (detail !== undefined) return { body: 'kept', detail };
  const found = liveOnly(live, session, number) ?? journal.detail(journalSession(journal, session).number, number);
  if (found !== undefined) return found;
  throw new PcAgentError('journal/message-unknown', 'the session has no such message', {
    details: { session, number },
  });
}

/** A message of the demo whose body had to make room: its summary is still there. */
function liveOnly(live: LiveSessions, session: string, number: number): SessionMessage | undefined {
  if (/^\d+$/.test(session)) return undefined;
  const row = live.get(session)?.messages.find((message) => message.number === number);
  if (row === undefined) return undefined;
  return { body: 'removed', detail: { sequence: number, summary: row.summary, xml: '', hex: '', masked: 0 } };
}

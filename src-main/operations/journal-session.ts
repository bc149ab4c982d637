import { PcAgentError } from '../base/errors.ts';
import type { MessageRow } from '../contract/sessions.ts';
import type { Journal } from '../journal/journal.ts';
import type { MessageView, SessionView } from '../journal/views.ts';

/** A session that a face names by its key. @throws PcAgentError `journal/session-unknown` */
export function journalSession(journal: Pick<Journal, 'session'>, key: string): SessionView {
  const found = /^[1-9]\d{0,14}$/.test(key) ? journal.session(Number(key)) : undefined;
  if (found !== undefined) return found;
  throw new PcAgentError('journal/session-unknown', 'the journal has no such session', { details: { session: key } });
}

export function messageRow({ session: _session, ...row }: MessageView): MessageRow {
  return row;
}

import type { MessageSummary } from '../contract/message-summary.ts';
import type { SessionRow } from '../contract/sessions.ts';
import type { Direction } from '../dm/watcher/watcher.ts';
import type { SessionEnding } from '../journal/session-recorder.ts';
import type { Envelope } from '../syncml/envelope.ts';

/** Looks on at DM sessions: what events do not carry. `key` names the session as in its events. */
export interface SessionAudience {
  /** Before the link to the handset is opened. */
  begun(session: SessionRow): void;
  /** Right after the message's event. The body may be a view of a larger buffer. */
  message(key: string, envelope: Envelope, direction: Direction, summary: MessageSummary): void;
  /** A relayed message was compared with what was passed on. */
  compared(key: string, equal: boolean): void;
  /** After the last event but that of its phase. */
  ended(key: string, end: SessionEnding): void;
}

import type { PcAgentError } from '../base/errors.ts';
import type { SessionEvent } from '../contract/events.ts';
import type { Direction, SessionView } from '../dm/watcher/watcher.ts';
import { Status } from '../syncml/status.ts';

export type EndState = Exclude<SessionEvent['state'], 'started' | 'running'>;

/** How a session ended; a code whenever it was not `done` or `ended-unread`. */
export interface Verdict {
  readonly state: EndState;
  readonly code?: string;
  readonly message?: string;
  readonly offset?: number;
}

export interface Tally {
  readonly toDms: number;
  readonly toHandset: number;
}

/** What one relayed session came to. Counts leave package 0 out. */
export interface RelayOutcome extends Verdict {
  /** The DM SessionID; the notification's until the handset has spoken, else the caller's label. */
  readonly id: string;
  readonly messages: Tally;
  readonly bytes: Tally;
  /** The handset said something. When not, it ignored the notification. */
  readonly heard: boolean;
  /** Broken off by the owner's signal. */
  readonly cancelled: boolean;
}

export const DONE: Verdict = { state: 'done' };
export const CANCELLED: Verdict = {
  state: 'aborted',
  code: 'relay/cancelled',
  message: 'the session was broken off here',
};
export const ENDED_UNREAD: Verdict = { state: 'ended-unread' };

export function failure(error: PcAgentError): Verdict {
  const verdict = { state: 'failed', code: error.code, message: error.message } as const;
  return error.offset === undefined ? verdict : { ...verdict, offset: error.offset };
}

/** What the watcher saw as the end, in the relay's terms. */
export function verdictOf(view: SessionView): Verdict {
  switch (view.ended) {
    case 'server-abort':
      return { state: 'aborted', code: 'dm/aborted', message: 'the DM server aborted the session' };
    case 'handset-abort':
      return { state: 'aborted', code: 'dm/aborted', message: 'the handset aborted the session' };
    case 'completed':
      return refusalOf(view) ?? DONE;
    case undefined:
      return endedEarly(view);
  }
}

/** The handset has nothing more to say, or the DMS, although by the rules something was due. */
function endedEarly(view: SessionView): Verdict {
  if (view.blind) return ENDED_UNREAD;
  return (
    refusalOf(view) ?? {
      state: 'failed',
      code: 'relay/ended-early',
      message: 'the handset left before the DM server had closed the session',
    }
  );
}

const WHO: Readonly<Record<Direction, string>> = { 'to-dms': 'the handset', 'to-handset': 'the DM server' };

/** A session whose last word is a refusal was carried to its end, and still nothing came of it. */
function refusalOf(view: SessionView): Verdict | undefined {
  for (const direction of ['to-handset', 'to-dms'] as const) {
    const code = view.headerStatus[direction];
    if (code === undefined || !(code >= 400)) continue;
    if (code === Status.InvalidCredentials || code === Status.MissingCredentials) {
      return refused('dm/auth-refused', `${WHO[direction]} did not accept the credentials (${code})`);
    }
    return refused('dm/status', `${WHO[direction]} refused the message with status ${code}`);
  }
  return undefined;
}

function refused(code: string, message: string): Verdict {
  return { state: 'failed', code, message };
}

import type { SessionRow } from '../../../src-main/contract/sessions.ts';
import type { Catalogue } from '../../../src-main/wording/catalogue.ts';
import type { StateWord } from '../../components/state-word.ts';
import { type AnySession, isLive } from './session-log.ts';

const WORDS: Readonly<Record<SessionRow['state'], StateWord>> = {
  started: 'working',
  running: 'working',
  done: 'done',
  failed: 'failed',
  aborted: 'cancelled',
  'ended-unread': 'done',
};

/** The state word of a session. */
export function sessionStateWord(session: AnySession): StateWord {
  return isLive(session) && session.phase === 'asking' ? 'waiting' : WORDS[session.state];
}

/** A DM package as people count it: the call, then steps 1 to 4. */
export function packageText(dmPackage: number, words: Catalogue['screens']['session']): string {
  if (dmPackage < 0) return words.unreadPackage;
  return dmPackage === 0 ? words.packageCall : words.package(dmPackage);
}

/** What people call a DM server: its host, else the name as it is. */
export function serverName(dms: string): string {
  return URL.canParse(dms) ? new URL(dms).host : dms;
}

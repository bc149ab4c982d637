import type { Catalogue } from '../../../src-main/wording/catalogue.ts';
import type { Tone } from '../../theme/tone.ts';
import { type AnySession, isLive, isUnderWay } from './session-log.ts';

export interface EvidenceText {
  readonly tone: Tone;
  readonly title: string;
  /** Who says it, and what was compared. */
  readonly text: string;
  /** Messages that were compared. */
  readonly compared: number;
}

/** Whether what came in went out unchanged, in the words of who can say so. */
export function evidenceText(session: AnySession, words: Catalogue['screens']['session']['evidence']): EvidenceText {
  if (session.kind === 'management-server') {
    return { tone: 'idle', title: words.none, text: words.ownServer, compared: 0 };
  }
  const evidence = isLive(session) ? session.evidence : undefined;
  if (evidence === undefined) return { tone: 'idle', title: words.unknown, text: words.journal, compared: 0 };
  const { by, compared, equal } = evidence;
  const ends = by === 'ends';
  if (equal === null) {
    const title = isUnderWay(session) ? words.open : words.nothing;
    return { tone: 'idle', title, text: ends ? words.endsOpen : words.agentOpen, compared };
  }
  if (equal) return { tone: 'done', title: words.yes[by], text: ends ? words.endsYes : words.agentYes, compared };
  return { tone: 'failed', title: words.no, text: ends ? words.endsNo : words.agentNo, compared };
}

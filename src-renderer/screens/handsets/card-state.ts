import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { Prompt } from '../../../src-main/contract/prompts.ts';
import type { LiveSession } from '../../../src-main/contract/sessions.ts';
import type { Task } from '../../../src-main/contract/tasks.ts';
import type { CardFacts } from './card-facts.ts';

/** What a handset's card says of it now. */
export type CardState =
  /** The person at a virtual handset is asked, and answers in this window. */
  | { readonly kind: 'asked-here'; readonly prompt: Prompt; readonly session: LiveSession | undefined }
  /** The person at the handset is asked there. */
  | { readonly kind: 'asked-there'; readonly session: LiveSession }
  | { readonly kind: 'busy'; readonly session: LiveSession }
  /** Work was asked for, and no session is open yet. */
  | { readonly kind: 'queued'; readonly task: Task }
  /** Its link was lost in the middle; the work goes on when it is back. */
  | { readonly kind: 'interrupted'; readonly task: Task; readonly code: string; readonly until: string }
  /** `code`: why, as an error code. */
  | { readonly kind: 'unusable'; readonly code: string }
  | { readonly kind: 'away' }
  /** It begins its sessions by itself, and there is no way to reach it. */
  | { readonly kind: 'caller' }
  /** Nobody has looked whether it is there. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ready' };

/** What goes on counts more than what was found out about the handset before. */
export function cardState(
  { presence, reason, bearers, address }: Pick<KnownHandset, 'presence' | 'reason' | 'bearers' | 'address'>,
  { session, running, prompt }: Omit<CardFacts, 'ended'>,
): CardState {
  if (prompt !== undefined) return { kind: 'asked-here', prompt, session };
  if (session !== undefined) return { kind: session.phase === 'asking' ? 'asked-there' : 'busy', session };
  if (running?.interrupted !== undefined) {
    const { code, until } = running.interrupted;
    return { kind: 'interrupted', task: running, code, until };
  }
  if (running !== undefined) return { kind: 'queued', task: running };
  if (presence === 'away') return { kind: 'away' };
  if (reason !== undefined) return { kind: 'unusable', code: reason };
  if (presence === 'attached') return { kind: 'ready' };
  return { kind: bearers.length === 0 && address === undefined ? 'caller' : 'unknown' };
}

/** The session that a card shows the progress of. */
export function sessionOfState(state: CardState): LiveSession | undefined {
  return 'session' in state ? state.session : undefined;
}

/** True while something goes on that belongs among the handsets that are there. */
export function isAtWork({ kind }: Pick<CardState, 'kind'>): boolean {
  const idle: readonly CardState['kind'][] = ['unusable', 'away', 'caller', 'unknown', 'ready'];
  return !idle.includes(kind);
}

import { isPcAgentError, type PcAgentError } from '../base/errors.ts';
import type { MessageLink } from './message-link.ts';

/** Another link to the same peer, over which a session goes on. */
export interface ReopenedLink {
  readonly link: MessageLink;
  /** To be called once the peer has shown over it that it has kept the session. */
  readonly wentOn: () => void;
}

/**
 * Finds another link when one was lost in mid-session; `undefined`: there is none, or the peer does not keep its
 * sessions. @throws AbortError
 */
export type Reopen = (loss: PcAgentError) => Promise<ReopenedLink | undefined>;

/** The link itself has gone: nothing was said that ends what went over it. */
export function isLinkGone(error: unknown): error is PcAgentError {
  return isPcAgentError(error, 'bearer/lost') || isPcAgentError(error, 'obex/disconnected');
}

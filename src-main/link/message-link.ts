import type { Envelope } from '../syncml/envelope.ts';

export type { Envelope } from '../syncml/envelope.ts';

/**
 * Carries whole messages between this process and one peer. The relay, the offline server and the virtual peers
 * are written against it, so every combination of bearers works. Four kinds: OBEX client role (send = PUT,
 * receive = GET), OBEX server role (the mirror), HTTP client (send = POST, receive = its answer), HTTP server.
 */
export interface MessageLink {
  /**
   * The peer's next message; `undefined` when the peer has nothing more to say or left in good order (GET answered
   * by 0xC4, 0xA4, 0xD3 or 0xA0 with an empty body; DISCONNECT; an HTTP 200/204 without body).
   * @throws PcAgentError `bearer/lost`, `obex/*` or `dms/*`; AbortError.
   */
  receive(signal: AbortSignal): Promise<Envelope | undefined>;
  /** Resolves when the peer has taken the message (for HTTP client: when the request is on its way). */
  send(envelope: Envelope, signal: AbortSignal): Promise<void>;
  /** For a peer that has to ask: until it says something itself, it is told at once that there is nothing for it. */
  sayNothing?(): void;
  /** Resolves when the peer has gone, for a link that notices it while nobody receives. */
  readonly peerGone?: Promise<void>;
  /** Says goodbye as the bearer does (OBEX DISCONNECT; ABORT first when broken off) and frees it. Never fails. */
  close(reason: 'done' | 'aborted'): Promise<void>;
}

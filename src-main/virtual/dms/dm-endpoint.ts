import type { Envelope } from '../../link/message-link.ts';

/** What a message is refused with when there is no SyncML answer to it. */
export interface DmRefusal {
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /** A sentence for whoever reads the client's log. */
  readonly message: string;
}

/** How a message came, besides what it says. */
export interface Visit {
  /** Of `;jsessionid=…` in the path. */
  readonly token?: string;
  /** The Cookie header. */
  readonly cookie?: string;
}

/** What goes back, and what else the HTTP answer says. */
export interface DmAnswer extends Envelope {
  /** Value of Set-Cookie. */
  readonly setCookie?: string;
}

/** The DM server behind `POST /dm`: takes one message and gives its answer. */
export interface DmEndpoint {
  /** `signal` is aborted when the client left or the server ends. */
  handle(envelope: Envelope, signal: AbortSignal, visit?: Visit): Promise<DmAnswer | DmRefusal>;
  /** The link of a session was lost for good: it is over, and what it has not done waits for another one. */
  lose?(device: string, sessionId: string): void;
}

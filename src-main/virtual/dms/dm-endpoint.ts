import type { Envelope } from '../../link/message-link.ts';

/** What a message is refused with when there is no SyncML answer to it. */
export interface DmRefusal {
  /** HTTP status, 400 to 599. */
  readonly status: number;
  /** A sentence for whoever reads the client's log. */
  readonly message: string;
}

/** The DM server behind `POST /dm`: takes one message and gives its answer. */
export interface DmEndpoint {
  /** `signal` is aborted when the client left or the server ends. */
  handle(envelope: Envelope, signal: AbortSignal): Promise<Envelope | DmRefusal>;
}

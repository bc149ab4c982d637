/** One SyncML message in transit. The body is never re-encoded by anybody who carries it. */
export interface Envelope {
  /** MIME type as it was sent, e.g. `application/vnd.syncml.dm+wbxml`, with its parameters. */
  readonly contentType: string;
  readonly body: Uint8Array;
  /** Value of `x-syncml-hmac` (HTTP header, OBEX header 0x30), unchanged; DM Security 1.2, 5.1.4.3. */
  readonly hmac?: string;
}

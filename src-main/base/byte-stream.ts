/**
 * A bearer's connection as the layers above see it: bytes in order, no message borders, with back pressure both ways.
 * One reader and one writer at a time.
 */
export interface ByteStream {
  /**
   * Set where octets may come that belong to no conversation: noise, echo, the end of an AT dialogue. Whoever reads
   * packets then looks for the beginning of one.
   */
  readonly noisy?: boolean;
  /**
   * Set where the first write takes as long as it takes to make the other side listen, seconds and more: a handset that
   * listens for AT commands is brought to OBEX, or looked for at other speeds.
   */
  readonly prepares?: boolean;
  /** Who is at the other end, as a handset address, where the bearer knows: `bluetooth:AA:BB:CC:DD:EE:FF`. */
  readonly peer?: string;
  /**
   * The next bytes (at least one), or `undefined` when the other side has ended cleanly.
   * @throws PcAgentError `bearer/lost` when the link broke; AbortError when `signal` was aborted (nothing is consumed).
   */
  read(signal: AbortSignal): Promise<Uint8Array | undefined>;
  /**
   * As `read`, but the bytes are good only until the next read of either kind, or a close: a stream that reads into the
   * same memory all the time spares whoever takes them on at once the work of a new array for each.
   */
  lend?(signal: AbortSignal): Promise<Uint8Array | undefined>;
  /**
   * Gives the bytes as they come, as one `lend` after the other would, without a promise for each; resolves when the
   * other side has ended cleanly. While what `take` returns is pending no more are given, and the bytes are good
   * until then, or a close.
   * @throws PcAgentError, AbortError as `read`; whatever `take` fails with.
   */
  pour?(take: Taker, signal: AbortSignal): Promise<void>;
  /**
   * Resolves when the bearer has taken the bytes (not when the peer has them).
   * @throws PcAgentError `bearer/lost`; AbortError (how much was written is then unknown: close the stream).
   */
  write(bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  /** As `write`; `undefined` where the bearer has taken the bytes at once. */
  push?(bytes: Uint8Array, signal: AbortSignal): Promise<void> | undefined;
  /** Ends the connection. Never fails, may be called again. */
  close(): Promise<void>;
}

/** Takes bytes on; a promise where it has no room for more yet. */
export type Taker = (bytes: Uint8Array) => Promise<void> | undefined;

import type { ByteStream } from '../base/byte-stream.ts';

/** The bearers that carry OBEX; `memory` joins two ends in one process (tests). */
export type BearerKind = 'tcp' | 'serial' | 'usb' | 'bluetooth' | 'memory';

/** A parsed handset address of one bearer, e.g. `tcp:127.0.0.1:650`. `text` is its canonical form. */
export interface BearerAddress {
  readonly bearer: BearerKind;
  readonly text: string;
}

export interface BearerListener {
  /** Where it listens, with the port that was really taken; usable as another side's `--connect` or `--handset`. */
  readonly address: BearerAddress;
  /** Stops listening; streams already handed out stay open. */
  close(): Promise<void>;
}

/**
 * A way to reach handsets. The layers above see nothing of it but streams of bytes; `test/compliance` has the suite
 * that every bearer passes.
 */
export interface Bearer<A extends BearerAddress = BearerAddress> {
  readonly kind: BearerKind;
  /** @throws PcAgentError `bearer/address-invalid` */
  parse(text: string): A;
  /** @throws PcAgentError `bearer/unavailable`, `bearer/timeout`, `bearer/busy`; AbortError */
  dial(address: A, options: { readonly signal: AbortSignal }): Promise<ByteStream>;
  /** Calls `onStream` for each peer that comes. @throws PcAgentError `bearer/unavailable` (address taken, no right) */
  listen(
    address: A,
    options: { readonly signal: AbortSignal; readonly onStream: (stream: ByteStream) => void },
  ): Promise<BearerListener>;
}

/**
 * Octets that are read in pieces; a `Uint8Array` is one. Reading is synchronous, since the machines do no I/O: whoever
 * keeps the octets elsewhere sees to it that the pieces that come next are at hand.
 */
export interface ByteSource {
  readonly length: number;
  /** Octets `from` to `to` (exclusive, cut at the end): a view or a copy. */
  subarray(from: number, to: number): Uint8Array;
}

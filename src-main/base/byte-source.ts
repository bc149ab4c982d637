/**
 * Octets that are read in pieces; a `Uint8Array` is one. Reading is synchronous, since the machines do no I/O: whoever
 * keeps the octets elsewhere sees to it that the pieces that come next are at hand.
 */
export interface ByteSource {
  readonly length: number;
  /** Octets `from` to `to` (exclusive, cut at the end): a view or a copy. */
  subarray(from: number, to: number): Uint8Array;
}

/** Enough for a message, little enough to be held. */
const PIECE = 64 * 1024;

/** All octets in order, a piece at a time. */
export function* piecesOf(source: ByteSource): Generator<Uint8Array, void, void> {
  for (let at = 0; at < source.length; at += PIECE) yield source.subarray(at, at + PIECE);
}

/** All octets in one piece: for values that are known to be small. */
export function octetsOf(source: ByteSource): Uint8Array {
  return source instanceof Uint8Array ? source : source.subarray(0, source.length);
}

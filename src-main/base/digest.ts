/** Digests that DM and the cache need; the Node adapter is in `base/node`. */
export interface Digest {
  /** 16 raw octets. */
  md5(...parts: Uint8Array[]): Uint8Array;
  /** 32 raw octets. */
  sha256(...parts: Uint8Array[]): Uint8Array;
  /** The same of octets that come one piece after the other. */
  sha256Of(pieces: Iterable<Uint8Array>): Uint8Array;
}

/** A source of unpredictable octets (nonces, session ids). */
export interface Random {
  bytes(count: number): Uint8Array;
}

/** HMAC-SHA1 (RFC 2104): 20 raw octets. Bootstrap documents are signed with it. */
export type HmacSha1 = (key: Uint8Array, octets: Uint8Array) => Uint8Array;

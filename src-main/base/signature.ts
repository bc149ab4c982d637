/** Whether octets were signed (Ed25519, RFC 8032) with the key that the verifier was made with. */
export type SignatureVerifier = (octets: Uint8Array, signature: Uint8Array) => boolean;

import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Digest, HmacSha1, Random } from '../digest.ts';

function hash(algorithm: string, parts: Iterable<Uint8Array>): Uint8Array {
  const hasher = createHash(algorithm);
  for (const part of parts) hasher.update(part);
  return hasher.digest();
}

export const nodeDigest: Digest = {
  md5: (...parts) => hash('md5', parts),
  sha256: (...parts) => hash('sha256', parts),
  sha256Of: (pieces) => hash('sha256', pieces),
};

export const nodeRandom: Random = { bytes: (count) => new Uint8Array(randomBytes(count)) };

export const nodeHmacSha1: HmacSha1 = (key, octets) => createHmac('sha1', key).update(octets).digest();

import { createHash, randomBytes } from 'node:crypto';
import type { Digest, Random } from '../digest.ts';

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

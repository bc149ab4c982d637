import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { PcAgentError } from '../errors.ts';
import type { SignatureVerifier } from '../signature.ts';

/**
 * A verifier with the public key that a PEM text holds.
 * @throws PcAgentError `settings/invalid` when it holds no Ed25519 key
 */
export function signatureVerifier(pem: string): SignatureVerifier {
  let key: KeyObject;
  try {
    key = createPublicKey(pem);
  } catch (cause) {
    throw new PcAgentError('settings/invalid', 'this is no public key in PEM', { cause });
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new PcAgentError('settings/invalid', 'this is no key of Ed25519');
  return (octets, signature) => verify(null, octets, key, signature);
}

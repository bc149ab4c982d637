import { equalBytes } from '../../base/bytes.ts';
import type { Digest } from '../../base/digest.ts';
import { DEFAULT_NONCE, DEFAULT_NONCE_ASCII, macCredential } from '../auth/credentials.ts';
import { type NotificationSecret, parseNotification } from './notification.ts';

/** Which nonce a digest was made with; all but `stored` are the default nonce of a resynchronisation. */
export type NonceForm = 'stored' | 'zero-octets' | 'ascii';

/**
 * Finds the nonce that a notification was made with: the stored one, then both readings of the default.
 * @returns the form, or `undefined` when the digest is wrong: such a notification is ignored silently.
 * @throws PcAgentError as `parseNotification` does.
 */
export function verifyNotification(
  bytes: Uint8Array,
  secret: NotificationSecret,
  digest: Digest,
): NonceForm | undefined {
  const notification = parseNotification(bytes);
  const candidates: readonly [NonceForm, Uint8Array][] = [
    ['stored', secret.nonce],
    ['zero-octets', DEFAULT_NONCE],
    ['ascii', DEFAULT_NONCE_ASCII],
  ];
  for (const [form, nonce] of candidates) {
    const proof = { user: notification.serverId, password: secret.password, nonce };
    const expected = macCredential(digest, proof, notification.trigger);
    if (equalBytes(expected, notification.digest)) return form;
  }
  return undefined;
}

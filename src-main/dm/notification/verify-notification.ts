import { equalBytes } from '../../base/bytes.ts';
import type { Digest } from '../../base/digest.ts';
import { parseNotification } from './notification.ts';
import { ASCII_NONCE, type NotificationSecret, notificationDigest, ZERO_OCTETS_NONCE } from './notification-digest.ts';

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
    ['zero-octets', ZERO_OCTETS_NONCE],
    ['ascii', ASCII_NONCE],
  ];
  for (const [form, nonce] of candidates) {
    const expected = notificationDigest(
      { serverId: notification.serverId, password: secret.password, nonce },
      notification.trigger,
      digest,
    );
    if (equalBytes(expected, notification.digest)) return form;
  }
  return undefined;
}

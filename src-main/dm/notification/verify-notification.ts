import { equalBytes } from '../../base/bytes.ts';
import type { Digest } from '../../base/digest.ts';
import { assertNever } from '../../base/errors.ts';
import { DEFAULT_NONCE, DEFAULT_NONCE_ASCII, macCredential } from '../auth/credentials.ts';
import { type NotificationSecret, parseNotification } from './notification.ts';

/**
 * Which nonce a digest was made with; all but `stored` are the default nonce of a resynchronisation. In the order in
 * which a sender tries them and a receiver looks for them (spec sheet dm-protocol, section 6).
 */
export const NONCE_FORMS = ['stored', 'zero-octets', 'ascii'] as const;
export type NonceForm = (typeof NONCE_FORMS)[number];

/** The nonce of a form; `stored` is what was agreed on. */
export function nonceOfForm(form: NonceForm, stored: Uint8Array): Uint8Array {
  switch (form) {
    case 'stored':
      return stored;
    case 'zero-octets':
      return DEFAULT_NONCE;
    case 'ascii':
      return DEFAULT_NONCE_ASCII;
    default:
      return assertNever(form);
  }
}

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
  return NONCE_FORMS.find((form) => {
    const nonce = nonceOfForm(form, secret.nonce);
    const proof = { user: notification.serverId, password: secret.password, nonce };
    return equalBytes(macCredential(digest, proof, notification.trigger), notification.digest);
  });
}

import { toBase64 } from '../../base/base64.ts';
import { utf8 } from '../../base/bytes.ts';
import type { Digest } from '../../base/digest.ts';

/** The server's credentials (SRVCRED) as far as a notification needs them. */
export interface NotificationSecret {
  readonly password: string;
  /** Raw octets, not base64. */
  readonly nonce: Uint8Array;
}

/**
 * The default nonce of DM Notification 1.2, 6.2 ("Nonce Resynchronisation"). The text writes 0x00000000 and does not
 * say which octets; AOSP's client takes four zero octets.
 */
export const ZERO_OCTETS_NONCE = new Uint8Array(4);
/** The same default as ten characters: libdmclient reads the text so. */
export const ASCII_NONCE = utf8('0x00000000');

const COLON = utf8(':');

/** H( B64(H(serverId `:` password)) `:` nonce `:` B64(H(trigger)) ), DM Notification 1.2, 6.2.1. */
export function notificationDigest(
  secret: NotificationSecret & { readonly serverId: string },
  trigger: Uint8Array,
  digest: Digest,
): Uint8Array {
  const identity = digest.md5(utf8(secret.serverId), COLON, utf8(secret.password));
  return digest.md5(utf8(toBase64(identity)), COLON, secret.nonce, COLON, utf8(toBase64(digest.md5(trigger))));
}

import type { Digest, Random } from '../base/digest.ts';
import { DEFAULT_NONCES } from '../dm/auth/credentials.ts';
import { buildNotification, newNotificationId } from '../dm/notification/notification.ts';

/** Server credentials that the DMS delegated to this PC; without a nonce the default one is used. */
export interface DelegatedCredentials {
  readonly serverId: string;
  readonly password: string;
  readonly nonce?: Uint8Array;
}

/** What package 0 is made with when nobody gave anything: a handset that checks it will ignore it. */
export const NO_CREDENTIALS: DelegatedCredentials = { serverId: 'pc-agent', password: '' };

/**
 * Package 0 in the forms that are worth trying, each with a session id of its own: the given nonce, then the default
 * one as four zero octets, then as ten ASCII characters (both readings exist in the field, dm-protocol sheet,
 * section 6).
 */
export function ownNotifications(
  credentials: DelegatedCredentials,
  tools: { readonly digest: Digest; readonly random: Random },
): readonly Uint8Array[] {
  const { serverId, password, nonce } = credentials;
  const nonces = nonce === undefined ? [] : [nonce];
  return [...nonces, ...DEFAULT_NONCES].map((each) =>
    buildNotification(
      {
        serverId,
        password,
        nonce: each,
        sessionId: newNotificationId(tools.random),
        uiMode: 'not-specified',
        initiator: 'server',
      },
      tools.digest,
    ),
  );
}

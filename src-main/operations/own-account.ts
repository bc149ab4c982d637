import { toBase64 } from '../base/base64.ts';
import type { Account } from '../dm/account.ts';
import type { NonceKeeper, Nonces } from '../management-server/nonces.ts';
import type { Store } from '../store/store.ts';

/** The account of the PC's own server on a handset, as it is put there before the first session. */
const OWN_ACCOUNT: Account = {
  serverId: 'pc-agent',
  serverPassword: 'agent-secret',
  user: 'handset',
  password: 'handset-secret',
  auth: 'md5',
  serverNonce: 'bm9uY2U=',
  clientNonce: 'bm9uY2U=',
};

interface Row {
  readonly client_nonce: Uint8Array | null;
  readonly server_nonce: Uint8Array | null;
}

/** The nonces of the next session with each handset, in the database. */
export function createNonceKeeper(store: Store): NonceKeeper {
  return {
    find(device, serverId) {
      const row = store.read((db) =>
        db.get<Row>(
          'SELECT client_nonce, server_nonce FROM accounts WHERE device = ? AND server_id = ?',
          device,
          serverId,
        ),
      );
      if (row?.client_nonce == null || row.server_nonce === null) return undefined;
      return { client: row.client_nonce, server: row.server_nonce };
    },
    async keep(device, serverId, { client, server }: Nonces) {
      await store.write((db) =>
        db.run('INSERT OR REPLACE INTO accounts VALUES (?, ?, ?, ?)', device, serverId, client, server),
      );
    },
  };
}

/**
 * Our account on a handset that is probably `device`, the one that it has taken or the first one: the notification is
 * made with the nonce that we left there. A wrong guess costs a try more.
 */
export function ownAccount(nonces: NonceKeeper, device: string | undefined, account: Account = OWN_ACCOUNT): Account {
  const known = device === undefined ? undefined : nonces.find(device, account.serverId);
  if (known === undefined) return account;
  return { ...account, serverNonce: toBase64(known.server), clientNonce: toBase64(known.client) };
}

/** How a session of ours ends with a handset that does not know our account, or not yet. */
const NOT_KNOWN: readonly string[] = ['dm/notification-ignored', 'dm/auth-refused', 'dm/server-not-authenticated'];

/** Whether a session that ended so says that the handset has no account of ours. */
export function knowsUsNot(code: string): boolean {
  return NOT_KNOWN.includes(code);
}

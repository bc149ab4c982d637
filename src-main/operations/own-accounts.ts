import type { Clock } from '../base/clock.ts';
import type { Account } from '../dm/account.ts';
import type { AuthType } from '../dm/auth/credentials.ts';
import type { NonceKeeper } from '../management-server/nonces.ts';
import type { Store } from '../store/store.ts';
import { ownAccount } from './own-account.ts';

/** An account to try, and the nonces that belong to it. */
export interface OwnCandidate {
  readonly account: Account;
  readonly nonces: NonceKeeper;
}

/** The accounts of the PC's own DM server on handsets. Passwords stay here and in what a handset is sent. */
export interface OwnAccounts {
  /** What the handset at an address may know us by, best first. Never empty. */
  candidates(device: string | undefined, address: string): readonly [OwnCandidate, ...OwnCandidate[]];
  /** An account is about to be sent. On the disk when it resolves, since the handset may take it at once. */
  sent(device: string | undefined, address: string, account: Account): Promise<void>;
  /** A handset has proved that it knows an account. */
  proven(device: string, address: string, account: Account): Promise<void>;
  /** The account that a handset has taken since it was sent is this one. */
  isTaken(device: string | undefined, account: Account): boolean;
}

interface Row {
  readonly server_id: string;
  readonly server_password: string;
  readonly user: string;
  readonly password: string;
  readonly auth: AuthType;
  readonly server_nonce: string;
  readonly client_nonce: string;
}

const FIND = 'SELECT * FROM own_accounts WHERE handset = ? AND state = ?';

export function createOwnAccounts(store: Store, nonces: NonceKeeper, clock: Pick<Clock, 'now'>): OwnAccounts {
  const find = (handset: string | undefined, state: 'sent' | 'taken'): Account | undefined => {
    if (handset === undefined) return undefined;
    const row = store.read((db) => db.get<Row>(FIND, handset, state));
    return row === undefined ? undefined : accountOf(row);
  };
  // The nonces that are kept belong to the account before.
  const fresh: NonceKeeper = { ...nonces, find: () => undefined };
  return {
    candidates(device, address) {
      const sent = [find(device, 'sent'), find(address, 'sent')].filter((account) => account !== undefined);
      const taken = find(device, 'taken');
      const last = { account: ownAccount(nonces, device, taken), nonces };
      const [first, ...others] = [...sent.map((account) => ({ account, nonces: fresh })), last];
      return first === undefined ? [last] : [first, ...others];
    },
    async sent(device, address, account) {
      await store.write((db) => db.run(...insert(device ?? address, 'sent', account, clock.now())));
    },
    async proven(device, address, account) {
      const places = [device, address].filter((handset) => isSame(find(handset, 'sent'), account));
      if (places.length === 0) return;
      await store.write((db) => {
        for (const handset of places) db.run("DELETE FROM own_accounts WHERE handset = ? AND state = 'sent'", handset);
        db.run('DELETE FROM accounts WHERE device = ? AND server_id = ?', device, account.serverId);
        db.run(...insert(device, 'taken', account, clock.now()));
      });
    },
    isTaken: (device, account) => isSame(find(device, 'taken'), account),
  };
}

function isSame(known: Account | undefined, account: Account): boolean {
  return known !== undefined && known.password === account.password && known.serverPassword === account.serverPassword;
}

function accountOf(row: Row): Account {
  return {
    serverId: row.server_id,
    serverPassword: row.server_password,
    user: row.user,
    password: row.password,
    auth: row.auth,
    serverNonce: row.server_nonce,
    clientNonce: row.client_nonce,
  };
}

function insert(handset: string, state: 'sent' | 'taken', account: Account, now: Date): [string, ...string[]] {
  const { serverId, serverPassword, user, password, auth, serverNonce, clientNonce } = account;
  return [
    'INSERT OR REPLACE INTO own_accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    ...[handset, state, serverId, serverPassword, user, password, auth, serverNonce, clientNonce, now.toISOString()],
  ];
}

import type { Clock } from '../base/clock.ts';
import { seconds } from '../base/durations.ts';
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
  /** Empty: the account before was used since, so that this one has probably never been taken. */
  readonly made_at: string;
}

/** An account that was sent, and may still be taken. */
interface Sent {
  readonly account: Account;
  /** ISO 8601, or empty. */
  readonly madeAt: string;
}

/** How long a person may take to let an account in before the one before is tried first again. */
const PATIENCE = seconds(3600);

const FIND = 'SELECT * FROM own_accounts WHERE handset = ? AND state = ?';

const PASS_OVER = "UPDATE own_accounts SET made_at = '' WHERE handset IN (?, ?) AND state = 'sent' AND made_at < ?";

export function createOwnAccounts(store: Store, nonces: NonceKeeper, clock: Pick<Clock, 'now'>): OwnAccounts {
  const rowOf = (handset: string | undefined, state: 'sent' | 'taken'): Row | undefined =>
    handset === undefined ? undefined : store.read((db) => db.get<Row>(FIND, handset, state));
  const find = (handset: string | undefined, state: 'sent' | 'taken'): Account | undefined => {
    const row = rowOf(handset, state);
    return row === undefined ? undefined : accountOf(row);
  };
  const sentTo = (handset: string | undefined): readonly Sent[] => {
    const row = rowOf(handset, 'sent');
    return row === undefined ? [] : [{ account: accountOf(row), madeAt: row.made_at }];
  };
  // The nonces that are kept belong to the account before.
  const fresh: NonceKeeper = { ...nonces, find: () => undefined };
  return {
    candidates(device, address) {
      const sent = [...sentTo(device), ...sentTo(address)];
      const usual = { account: ownAccount(nonces, device, find(device, 'taken')), nonces };
      const those = (passedOver: boolean) =>
        sent.filter(({ madeAt }) => (madeAt === '') === passedOver).map(({ account }) => ({ account, nonces: fresh }));
      const [first, ...others] = [...those(false), usual, ...those(true)];
      return first === undefined ? [usual] : [first, ...others];
    },
    async sent(device, address, account) {
      await store.write((db) => db.run(...insert(device ?? address, 'sent', account, clock.now())));
    },
    async proven(device, address, account) {
      const places = [device, address].filter((handset) => isSame(find(handset, 'sent'), account));
      if (places.length === 0) {
        // What was sent was tried first, and in vain: once a person had time to let it in, it costs no more calls.
        const before = new Date(clock.now().getTime() - PATIENCE).toISOString();
        if (![...sentTo(device), ...sentTo(address)].some(({ madeAt }) => madeAt !== '' && madeAt < before)) return;
        await store.write((db) => db.run(PASS_OVER, device, address, before));
        return;
      }
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

import { fromBase64 } from '../base/base64.ts';
import { equalBytes } from '../base/bytes.ts';
import type { Account } from '../dm/account.ts';
import { DEFAULT_NONCE, DEFAULT_NONCES } from '../dm/auth/credentials.ts';

/** The nonces of the next session: of the handset's proof and of ours. */
export interface Nonces {
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

/** What is remembered of our accounts on handsets. */
export interface NonceKeeper {
  find(device: string, serverId: string): Nonces | undefined;
  /** On the disk when it resolves. */
  keep(device: string, serverId: string, nonces: Nonces): Promise<void>;
}

/** A nonce to begin a session with. */
export interface FirstNonce {
  readonly nonce: Uint8Array;
  /** One of the two readings of the default nonce, by which both sides begin anew (spec sheet dm-protocol, 6). */
  readonly isDefault: boolean;
}

export function knownNonces(keeper: NonceKeeper, device: string | undefined, account: Account): Nonces {
  const kept = device === undefined ? undefined : keeper.find(device, account.serverId);
  return {
    client: kept?.client ?? fromBase64(account.clientNonce) ?? DEFAULT_NONCE,
    server: kept?.server ?? fromBase64(account.serverNonce) ?? DEFAULT_NONCE,
  };
}

/** What package 0 is tried with, best first: the nonce that we know, then the default one in both readings. */
export function firstNonces(known: Nonces): readonly FirstNonce[] {
  const others = DEFAULT_NONCES.filter((nonce) => !equalBytes(nonce, known.server));
  return [
    { nonce: known.server, isDefault: others.length < DEFAULT_NONCES.length },
    ...others.map((nonce) => ({ nonce, isDefault: true })),
  ];
}

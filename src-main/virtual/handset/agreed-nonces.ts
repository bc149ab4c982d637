import { fromBase64, toBase64 } from '../../base/base64.ts';
import type { Account } from '../../dm/account.ts';
import { DEFAULT_NONCE } from '../../dm/auth/credentials.ts';
import type { DmClientSession } from '../../dm/client/dm-client-session.ts';
import type { HandsetStateFile } from './handset-state.ts';

/** What the handset and one of its servers use next. */
interface HandsetNonces {
  /** Of the handset's own proof. */
  readonly client: Uint8Array;
  /** Of the server's proof, and of package 0. */
  readonly server: Uint8Array;
  /** A proof that was already taken with `server`: the server was not told of another nonce, but that is no excuse. */
  readonly spentProof?: Uint8Array;
}

/** The nonces of the next session with each server, which survive the handset's end. */
export class AgreedNonces {
  readonly #state: HandsetStateFile;

  constructor(state: HandsetStateFile) {
    this.#state = state;
  }

  of(account: Account): HandsetNonces {
    const stored = this.#state.state.nonces[account.serverId];
    const spentProof = fromBase64(stored?.spent ?? '');
    return {
      client: fromBase64(stored?.client ?? account.clientNonce) ?? DEFAULT_NONCE,
      server: fromBase64(stored?.server ?? account.serverNonce) ?? DEFAULT_NONCE,
      ...(spentProof === undefined || spentProof.length === 0 ? {} : { spentProof }),
    };
  }

  /** What was agreed counts no longer: the account has other nonces now, or is gone. */
  forget(serverId: string): void {
    const { nonces } = this.#state.state;
    if (!Object.hasOwn(nonces, serverId)) return;
    this.#state.change({ nonces: Object.fromEntries(Object.entries(nonces).filter(([id]) => id !== serverId)) });
  }

  /**
   * Keeps what a session has come to so far; on the disk when it returns. Called before each message that goes out,
   * since that may tell the server of a nonce, and at the end.
   */
  keep(account: Account, session: DmClientSession): void {
    const { prover, verifier } = session.wire;
    // A server that has not proved itself may have sent any nonce at all.
    if (!verifier.accepted) return;
    const known = this.of(account);
    const client = toBase64(prover.nonceToKeep ?? known.client);
    const server = toBase64(verifier.nonceToKeep ?? known.server);
    const proof = verifier.nonceToKeep === undefined ? known.spentProof : verifier.spentProof;
    const next = { client, server, ...(proof === undefined ? {} : { spent: toBase64(proof) }) };
    const { nonces } = this.#state.state;
    const stored = nonces[account.serverId];
    if (stored?.client === client && stored.server === server && stored.spent === next.spent) return;
    this.#state.change({ nonces: { ...nonces, [account.serverId]: next } });
  }
}

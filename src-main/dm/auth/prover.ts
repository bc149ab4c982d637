import { fromBase64, toBase64 } from '../../base/base64.ts';
import { EMPTY_BYTES } from '../../base/bytes.ts';
import type { Digest } from '../../base/digest.ts';
import type { Cred, Data, Meta } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import {
  AUTH_TYPE_NAMES,
  type AuthType,
  atLeast,
  authTypeOf,
  basicCredential,
  formatHmacHeader,
  isDefaultNonce,
  macCredential,
  md5Credential,
} from './credentials.ts';

/** Longest nonce that is taken from a peer, in octets. */
const MAX_NONCE = 256;

export interface ProverOptions {
  /** What is tried first (AAuthPref of DMAcc). */
  readonly type: AuthType;
  /** The weakest type that a challenge may bring it to; default `type`. A challenge for less ends the session. */
  readonly least?: AuthType;
  readonly user: string;
  readonly password: string;
  /** Raw octets of the nonce that is known from before. */
  readonly nonce: Uint8Array;
  /** A challenge without NextNonce is answered by a proof with an empty one; default no: it ends the session. */
  readonly emptyNonce?: boolean;
  readonly digest: Digest;
}

/** What the peer's Status for our SyncHdr means for us. */
export type ProofOutcome = 'accepted' | 'retry' | 'refused';

/** Octets of a NextNonce, whether it came as base64 text or raw; `undefined` when it is neither or too long. */
export function nonceOf(data: Data | undefined): Uint8Array | undefined {
  if (data === undefined) return undefined;
  const octets = typeof data === 'string' ? fromBase64(data) : data;
  return octets !== undefined && octets.length > 0 && octets.length <= MAX_NONCE ? octets : undefined;
}

/**
 * Proves this side to the peer for one session: credentials for each message, and what its Status says of them
 * (spec sheet dm-protocol, section 4).
 */
export class Prover {
  readonly user: string;
  readonly #password: string;
  readonly #digest: Digest;
  readonly #emptyNonce: boolean;
  #type: AuthType;
  #least: AuthType;
  #nonce: Uint8Array;
  #nextSessionNonce: Uint8Array | undefined;
  #refusals = 0;
  #accepted = false;
  #acceptedForSession = false;

  constructor(options: ProverOptions) {
    this.user = options.user;
    this.#password = options.password;
    this.#digest = options.digest;
    this.#emptyNonce = options.emptyNonce ?? false;
    this.#type = options.type;
    const { type, least = type } = options;
    this.#least = least === 'none' || atLeast(least, type) ? type : least;
    this.#nonce = options.nonce;
  }

  get type(): AuthType {
    return this.#type;
  }

  /** The peer has accepted us at least once in this session. */
  get accepted(): boolean {
    return this.#accepted || this.#type === 'none';
  }

  /** 212 was received: credentials may be left out from now on. */
  get acceptedForSession(): boolean {
    return this.#acceptedForSession;
  }

  /**
   * The nonce to keep for the next session, at any time; `undefined`: the one that was kept before stays. Only a peer
   * that took our proof may replace it, and whoever keeps it has to know that the peer proved itself too (DM Security
   * 1.2, 5.1). The default nonce is never kept: it served to begin anew.
   */
  get nonceToKeep(): Uint8Array | undefined {
    if (!this.#accepted) return undefined;
    const nonce = this.#nextSessionNonce ?? this.#nonce;
    return isDefaultNonce(nonce) ? undefined : nonce;
  }

  /** Cred for the header of the next message; none for MAC, which travels beside the message. */
  cred(): Cred | undefined {
    if (this.#type === 'basic') {
      return {
        meta: { format: 'b64', type: AUTH_TYPE_NAMES.basic },
        data: basicCredential(this.user, this.#password),
      };
    }
    if (this.#type === 'md5') {
      const proof = { user: this.user, password: this.#password, nonce: this.#nonce };
      return { meta: { format: 'b64', type: AUTH_TYPE_NAMES.md5 }, data: toBase64(md5Credential(this.#digest, proof)) };
    }
    return undefined;
  }

  /** Value of `x-syncml-hmac` for exactly these bytes, when MAC is in use. */
  hmac(body: Uint8Array): string | undefined {
    if (this.#type !== 'mac') return undefined;
    const proof = { user: this.user, password: this.#password, nonce: this.#nonce };
    return formatHmacHeader(this.user, macCredential(this.#digest, proof, body));
  }

  /** Takes the peer's Status for our SyncHdr. */
  learn(code: number, chal: Meta | undefined): ProofOutcome {
    if (code === Status.InvalidCredentials || code === Status.MissingCredentials) return this.#challenged(code, chal);
    const next = nonceOf(chal?.nextNonce);
    if (code === Status.AuthenticationAccepted) {
      this.#taken();
      this.#acceptedForSession = true;
      if (next !== undefined) this.#nextSessionNonce = next;
      return 'accepted';
    }
    if (code >= 200 && code < 300) {
      this.#taken();
      if (next !== undefined) this.#nonce = next;
      return 'accepted';
    }
    return 'refused';
  }

  #taken(): void {
    this.#accepted = true;
    this.#refusals = 0;
    // What was begun with stays to the end of the session; MAC above all (DM Security 1.2, 5.1.4).
    this.#least = this.#type;
  }

  #challenged(code: number, chal: Meta | undefined): ProofOutcome {
    const wanted = authTypeOf(chal?.type);
    // A peer may ask for more than we began with, never for less than the account allows: a challenge for basic would
    // fetch the password.
    if (chal === undefined || wanted === undefined || this.#type === 'none' || !atLeast(wanted, this.#least)) {
      return 'refused';
    }
    this.#accepted = false;
    this.#acceptedForSession = false;
    // Missing credentials (407) are no refusal of a proof; a proof may be refused once, for a stale nonce.
    if (code === Status.InvalidCredentials) this.#refusals += 1;
    else this.#refusals += 0.5;
    if (this.#refusals >= 2) return 'refused';
    this.#type = wanted;
    const next = nonceOf(chal.nextNonce);
    if (next !== undefined) this.#nonce = next;
    else if (wanted !== 'basic' && !this.#emptyNonce) return 'refused';
    else if (wanted !== 'basic') this.#nonce = EMPTY_BYTES;
    return 'retry';
  }
}

import { fromBase64, toBase64 } from '../../base/base64.ts';
import { equalBytes, textOf } from '../../base/bytes.ts';
import type { Digest, Random } from '../../base/digest.ts';
import type { Cred, Header, Meta } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import {
  AUTH_TYPE_NAMES,
  type AuthType,
  atLeast,
  authTypeOf,
  macCredential,
  md5Credential,
  parseHmacHeader,
} from './credentials.ts';

/** Octets of a nonce that we make: 128 bits (DM Security 1.2 recommends no less). */
const NONCE_LENGTH = 16;
/** The challenge carries a fresh nonce, so a second refusal in a row is final. */
const MAX_FAILURES = 2;

export interface VerifierOptions {
  /** The least that is demanded; a stronger proof is taken too. */
  readonly demand: AuthType;
  /** Password of a user, `undefined` for one that is not known. */
  readonly passwordOf: (user: string) => string | undefined;
  /** The user when the peer names none (it may leave LocName out). */
  readonly defaultUser: string;
  /** Nonces the peer may use in its first message, best first. */
  readonly nonces: readonly Uint8Array[];
  readonly digest: Digest;
  readonly random: Random;
}

export interface Verdict {
  readonly ok: boolean;
  /** Code for the Status of the peer's SyncHdr: 200, 212, 401 or 407. */
  readonly code: number;
  readonly chal?: Meta;
  /** The peer has used up its tries. */
  readonly final: boolean;
}

/** Checks the peer's proof in each message of one session and makes the challenges (spec sheet dm-protocol, 4). */
export class Verifier {
  readonly #options: VerifierOptions;
  #nonces: readonly Uint8Array[];
  #next: Uint8Array | undefined;
  /** The peer was told of `#next`. */
  #told = false;
  /** The nonce of the proof that was accepted last. */
  #used: Uint8Array | undefined;
  #type: AuthType;
  #user: string | undefined;
  #acceptedForSession = false;
  #accepted = false;
  #failures = 0;

  constructor(options: VerifierOptions) {
    this.#options = options;
    this.#nonces = options.nonces;
    this.#type = options.demand;
  }

  /** The peer has proved itself, and nothing that was refused came since. */
  get accepted(): boolean {
    return this.#accepted || this.#options.demand === 'none';
  }

  /** The user that the session is bound to, once one was accepted. */
  get user(): string | undefined {
    return this.#user;
  }

  /**
   * The nonce that the peer will use next; to be kept once the peer was accepted. A challenge that never went out
   * (the last message of a session has no answer) leaves the peer with the nonce that it has just used.
   */
  get nonceToKeep(): Uint8Array | undefined {
    if (!this.#accepted) return undefined;
    return this.#told ? this.#next : this.#used;
  }

  /** The latest challenge is on its way to the peer. */
  challengeSent(): void {
    this.#told = true;
  }

  check(header: Header, body: Uint8Array, hmac: string | undefined): Verdict {
    if (this.#options.demand === 'none') return { ok: true, code: Status.Ok, final: false };
    const shown = hmac !== undefined ? 'mac' : header.cred === undefined ? undefined : credType(header.cred);
    if (hmac !== undefined) return this.#checkMac(body, hmac);
    if (this.#type === 'mac' || shown === undefined) {
      if (header.cred === undefined && this.#acceptedForSession) return this.#acceptAgain();
      return this.#refuse(header.cred !== undefined);
    }
    if (!atLeast(shown, this.#options.demand)) return this.#refuse(true);
    return shown === 'basic' ? this.#checkBasic(header) : this.#checkMd5(header);
  }

  #checkBasic(header: Header): Verdict {
    const text = credText(header.cred);
    const colon = text?.indexOf(':') ?? -1;
    if (text === undefined || colon < 0) return this.#refuse(true);
    const user = text.slice(0, colon);
    if (this.#options.passwordOf(user) !== text.slice(colon + 1)) return this.#refuse(true);
    this.#accept(user, true);
    return { ok: true, code: Status.AuthenticationAccepted, final: false };
  }

  #checkMd5(header: Header): Verdict {
    const octets = credOctets(header.cred);
    const user = header.source.name ?? this.#user ?? this.#options.defaultUser;
    const password = this.#options.passwordOf(user);
    if (octets === undefined || password === undefined) return this.#refuse(true);
    const candidates =
      this.#acceptedForSession && this.#next !== undefined ? [...this.#nonces, this.#next] : this.#nonces;
    const used = candidates.find((nonce) =>
      equalBytes(octets, md5Credential(this.#options.digest, { user, password, nonce })),
    );
    if (used === undefined) return this.#refuse(true);
    const known = this.#acceptedForSession;
    this.#nonces = [used];
    this.#used = used;
    this.#accept(user, true);
    if (known) return { ok: true, code: Status.AuthenticationAccepted, final: false };
    return { ok: true, code: Status.AuthenticationAccepted, chal: this.#challenge('md5'), final: false };
  }

  #checkMac(body: Uint8Array, hmac: string): Verdict {
    const header = parseHmacHeader(hmac);
    const password = header === undefined ? undefined : this.#options.passwordOf(header.username);
    if (header === undefined || password === undefined) return this.#refuse(true);
    const proofs = this.#nonces.map((nonce) => ({ user: header.username, password, nonce }));
    const right = proofs.find((proof) => equalBytes(header.mac, macCredential(this.#options.digest, proof, body)));
    if (right === undefined) return this.#refuse(true);
    this.#used = right.nonce;
    this.#type = 'mac';
    this.#accept(header.username, false);
    const chal = this.#challenge('mac');
    this.#nonces = [this.#next ?? new Uint8Array()];
    return { ok: true, code: Status.Ok, chal, final: false };
  }

  #acceptAgain(): Verdict {
    return { ok: true, code: Status.AuthenticationAccepted, final: false };
  }

  #accept(user: string, forSession: boolean): void {
    this.#user = user;
    this.#accepted = true;
    this.#acceptedForSession = forSession;
    this.#failures = 0;
  }

  #refuse(shown: boolean): Verdict {
    const code = shown || this.#failures > 0 ? Status.InvalidCredentials : Status.MissingCredentials;
    this.#failures += 1;
    this.#accepted = false;
    this.#acceptedForSession = false;
    const chal = this.#challenge(this.#type === 'none' ? 'md5' : this.#type);
    if (this.#next !== undefined) this.#nonces = [this.#next];
    return { ok: false, code, chal, final: this.#failures >= MAX_FAILURES };
  }

  /** A challenge of a type; with a fresh nonce where the type has one. */
  #challenge(type: Exclude<AuthType, 'none'>): Meta {
    if (type === 'basic') return { format: 'b64', type: AUTH_TYPE_NAMES.basic };
    this.#next = this.#options.random.bytes(NONCE_LENGTH);
    this.#told = false;
    return { format: 'b64', type: AUTH_TYPE_NAMES[type], nextNonce: toBase64(this.#next) };
  }
}

function credType(cred: Cred): AuthType | undefined {
  // Basic credentials without Meta occur in the field (spec sheet dm-protocol, section 4).
  return cred.meta?.type === undefined ? 'basic' : authTypeOf(cred.meta.type);
}

function credOctets(cred: Cred | undefined): Uint8Array | undefined {
  if (cred === undefined) return undefined;
  if (typeof cred.data === 'string') return fromBase64(cred.data);
  // Opaque: raw digest octets, or base64 text that was sent as opaque.
  return cred.data.length === 16 ? cred.data : fromBase64(textOf(cred.data));
}

function credText(cred: Cred | undefined): string | undefined {
  const octets = credOctets(cred);
  return octets === undefined ? undefined : textOf(octets);
}

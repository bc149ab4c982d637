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
  isDefaultNonce,
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
  /** A proof that an earlier session accepted with one of these nonces: it is not accepted again. */
  readonly spentProof?: Uint8Array;
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
  /** What is refused was right in an earlier session, and may be the peer's still: it was told of no other nonce. */
  readonly spent?: boolean;
}

/** Checks the peer's proof in each message of one session and makes the challenges (spec sheet dm-protocol, 4). */
export class Verifier {
  readonly #options: VerifierOptions;
  #nonces: readonly Uint8Array[];
  #next: Uint8Array | undefined;
  /** The peer was told of `#next`. */
  #told = false;
  /** The nonce of the proof that was accepted last, and that proof. */
  #used: { readonly nonce: Uint8Array; readonly proof: Uint8Array } | undefined;
  #type: AuthType;
  /** What the last refusal asked for: another type is no answer to it. */
  #asked: AuthType | undefined;
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

  /** The user that the session is bound to, once one was accepted; `undefined` where no proof is demanded. */
  get user(): string | undefined {
    return this.#user;
  }

  /**
   * A nonce for the next session that no proof was ever accepted with, at any time; `undefined`: the one that was kept
   * before stays. A peer that was not told of it (its last message had no answer) is challenged then. It must be on
   * the disk before the message that tells of it goes out: else the old proof would be good once more.
   */
  get freshNonce(): Uint8Array | undefined {
    return this.#accepted ? this.#next : undefined;
  }

  /**
   * The nonce that the peer will use next, for a side that has to recognise it (package 0): the fresh one when the
   * peer was told of it, else that of its last proof, which then is `spentProof`.
   */
  get nonceToKeep(): Uint8Array | undefined {
    if (!this.#accepted) return undefined;
    if (this.#told) return this.#next;
    return this.#used === undefined || isDefaultNonce(this.#used.nonce) ? undefined : this.#used.nonce;
  }

  /** To be kept beside `nonceToKeep`: the proof that was made with it, which the next session must not accept. */
  get spentProof(): Uint8Array | undefined {
    return this.nonceToKeep === undefined || this.#told ? undefined : this.#used?.proof;
  }

  /** The latest challenge is on its way to the peer. */
  challengeSent(): void {
    this.#told = true;
  }

  check(header: Header, body: Uint8Array, hmac: string | undefined): Verdict {
    if (this.#options.demand === 'none') return { ok: true, code: Status.Ok, final: false };
    const shown = hmac !== undefined ? 'mac' : header.cred === undefined ? undefined : credType(header.cred);
    if (shown === undefined) {
      if (header.cred === undefined && this.#acceptedForSession) return this.#acceptAgain();
      return this.#refuse(header.cred !== undefined, undefined);
    }
    if (this.#asked !== undefined && shown !== this.#asked) return this.#refuse(true, undefined);
    // MAC is used to the end of the session once it was begun (DM Security 1.2, 5.1.4).
    if (!atLeast(shown, this.#type === 'mac' ? 'mac' : this.#options.demand)) return this.#refuse(true, undefined);
    if (hmac !== undefined) return this.#checkMac(body, hmac);
    return shown === 'basic' ? this.#checkBasic(header) : this.#checkMd5(header);
  }

  #checkBasic(header: Header): Verdict {
    const text = credText(header.cred);
    const colon = text?.indexOf(':') ?? -1;
    if (text === undefined || colon < 0) return this.#refuse(true, 'basic');
    const user = text.slice(0, colon);
    if (this.#passwordOf(user) !== text.slice(colon + 1)) return this.#refuse(true, 'basic');
    this.#accept(user, true);
    return { ok: true, code: Status.AuthenticationAccepted, final: false };
  }

  #checkMd5(header: Header): Verdict {
    const proof = credOctets(header.cred);
    const user = header.source.name ?? this.#user ?? this.#options.defaultUser;
    const password = this.#passwordOf(user);
    if (proof === undefined || password === undefined) return this.#refuse(true, 'md5');
    if (this.#isSpent(proof)) return { ...this.#refuse(true, 'md5'), spent: true };
    const known = this.#acceptedForSession;
    const candidates = known && this.#next !== undefined ? [...this.#nonces, this.#next] : this.#nonces;
    const nonce = candidates.find((each) =>
      equalBytes(proof, md5Credential(this.#options.digest, { user, password, nonce: each })),
    );
    if (nonce === undefined) return this.#refuse(true, 'md5');
    // A peer that uses the nonce of its next session at once gets another for that: each is good for one session.
    const again = known && nonce !== this.#next;
    this.#nonces = [nonce];
    this.#used = { nonce, proof };
    this.#accept(user, true);
    if (again) return this.#acceptAgain();
    return { ok: true, code: Status.AuthenticationAccepted, chal: this.#challenge('md5'), final: false };
  }

  #checkMac(body: Uint8Array, hmac: string): Verdict {
    const header = parseHmacHeader(hmac);
    const password = header === undefined ? undefined : this.#passwordOf(header.username);
    if (header === undefined || password === undefined) return this.#refuse(true, 'mac');
    if (this.#isSpent(header.mac)) return { ...this.#refuse(true, 'mac'), spent: true };
    const { username: user, mac: proof } = header;
    const nonce = this.#nonces.find((each) =>
      equalBytes(proof, macCredential(this.#options.digest, { user, password, nonce: each }, body)),
    );
    if (nonce === undefined) return this.#refuse(true, 'mac');
    this.#used = { nonce, proof };
    this.#type = 'mac';
    this.#accept(user, false);
    const chal = this.#challenge('mac');
    this.#nonces = [this.#next ?? new Uint8Array()];
    return { ok: true, code: Status.Ok, chal, final: false };
  }

  /** The session belongs to the user of its first proof; there is no other in it. */
  #passwordOf(user: string): string | undefined {
    return this.#user === undefined || this.#user === user ? this.#options.passwordOf(user) : undefined;
  }

  #isSpent(proof: Uint8Array): boolean {
    const { spentProof } = this.#options;
    return spentProof !== undefined && equalBytes(spentProof, proof);
  }

  #acceptAgain(): Verdict {
    return { ok: true, code: Status.AuthenticationAccepted, final: false };
  }

  #accept(user: string, forSession: boolean): void {
    this.#user = user;
    this.#accepted = true;
    this.#acceptedForSession = forSession;
    this.#failures = 0;
    this.#asked = undefined;
  }

  /** `tried`: the sufficient type of a proof that was wrong; what is asked for is no weaker than that. */
  #refuse(shown: boolean, tried: Exclude<AuthType, 'none'> | undefined): Verdict {
    const code = shown || this.#failures > 0 ? Status.InvalidCredentials : Status.MissingCredentials;
    this.#failures += 1;
    this.#accepted = false;
    this.#acceptedForSession = false;
    const type = tried ?? this.#asked ?? this.#type;
    this.#asked = type;
    const chal = this.#challenge(type === 'none' ? 'md5' : type);
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

/**
 * The digest sums of DM Security 1.2, section 5.1 (spec sheet dm-protocol, sections 4 and 6). Nonces are raw octets,
 * never their base64 text.
 */
import { fromBase64, toBase64 } from '../../base/base64.ts';
import { equalBytes, utf8 } from '../../base/bytes.ts';
import type { Digest } from '../../base/digest.ts';

/** How one side proves itself, weakest first. */
export const AUTH_TYPES = ['none', 'basic', 'md5', 'mac'] as const;
export type AuthType = (typeof AUTH_TYPES)[number];

/** True when `a` is at least as strong as `b`. */
export function atLeast(a: AuthType, b: AuthType): boolean {
  return AUTH_TYPES.indexOf(a) >= AUTH_TYPES.indexOf(b);
}

/** `Meta/Type` of Cred and Chal. */
export const AUTH_TYPE_NAMES = {
  basic: 'syncml:auth-basic',
  md5: 'syncml:auth-md5',
  mac: 'syncml:auth-MAC',
} as const;

/** The type that a `Meta/Type` names; `undefined` for one that is not known. */
export function authTypeOf(name: string | undefined): AuthType | undefined {
  switch (name?.trim().toLowerCase()) {
    case 'syncml:auth-basic':
      return 'basic';
    case 'syncml:auth-md5':
      return 'md5';
    case 'syncml:auth-mac':
      return 'mac';
    default:
      return undefined;
  }
}

export interface Proof {
  readonly user: string;
  readonly password: string;
  readonly nonce: Uint8Array;
}

const COLON = utf8(':');

function userDigest(digest: Digest, user: string, password: string): Uint8Array {
  return utf8(toBase64(digest.md5(utf8(`${user}:${password}`))));
}

/** B64(`user:password`). */
export function basicCredential(user: string, password: string): string {
  return toBase64(utf8(`${user}:${password}`));
}

/** H( B64(H(`user:password`)) `:` nonce ): 16 raw octets. */
export function md5Credential(digest: Digest, proof: Proof): Uint8Array {
  return digest.md5(userDigest(digest, proof.user, proof.password), COLON, proof.nonce);
}

/**
 * H( B64(H(`user:password`)) `:` nonce `:` B64(H(body)) ): 16 raw octets. The same sum proves a message body
 * (`x-syncml-hmac`) and a notification's trigger (package 0, with the server's identifier as the user).
 */
export function macCredential(digest: Digest, proof: Proof, body: Uint8Array): Uint8Array {
  const bodyDigest = utf8(toBase64(digest.md5(body)));
  return digest.md5(userDigest(digest, proof.user, proof.password), COLON, proof.nonce, COLON, bodyDigest);
}

export interface HmacHeader {
  readonly algorithm: string;
  readonly username: string;
  readonly mac: Uint8Array;
}

/** Longest header that is read at all: two quoted names and a digest need a fraction of it. */
const MAX_HMAC_HEADER = 1024;

/** Value of `x-syncml-hmac`, DM Security 1.2, 5.1.4.3. */
export function formatHmacHeader(username: string, mac: Uint8Array): string {
  return `algorithm=MD5, username="${username}", mac=${toBase64(mac)}`;
}

/** Reads `x-syncml-hmac`; `undefined` when user or mac is missing, or the algorithm is not MD5. */
export function parseHmacHeader(text: string): HmacHeader | undefined {
  if (text.length > MAX_HMAC_HEADER) return undefined;
  const fields = new Map<string, string>();
  const pattern = /\s*([A-Za-z]+)\s*=\s*(?:"([^"]*)"|([^,]*))\s*(?:,|$)/y;
  while (pattern.lastIndex < text.length) {
    const match = pattern.exec(text);
    if (match === null) return undefined;
    fields.set((match[1] ?? '').toLowerCase(), match[2] ?? (match[3] ?? '').trim());
  }
  const username = fields.get('username');
  const mac = fromBase64(fields.get('mac') ?? '');
  const algorithm = fields.get('algorithm') ?? 'MD5';
  if (username === undefined || mac?.length !== 16 || algorithm.toUpperCase() !== 'MD5') return undefined;
  return { algorithm, username, mac };
}

/** The nonce that both sides fall back on, as four zero octets (DM Notification 1.2, 6.2). */
export const DEFAULT_NONCE: Uint8Array = new Uint8Array(4);
/** The same default as ten ASCII characters, as some handsets read the text. */
export const DEFAULT_NONCE_ASCII: Uint8Array = utf8('0x00000000');
/** Both readings, in the order in which they are tried. */
export const DEFAULT_NONCES: readonly Uint8Array[] = [DEFAULT_NONCE, DEFAULT_NONCE_ASCII];

/** True for either reading of the default nonce: everybody knows it, so nobody keeps it for a next session. */
export function isDefaultNonce(nonce: Uint8Array): boolean {
  return DEFAULT_NONCES.some((each) => equalBytes(each, nonce));
}

import { concatBytes, hexOf, utf8 } from '../base/bytes.ts';
import type { HmacSha1 } from '../base/digest.ts';
import type { BootstrapProfile, Security } from './content-type.ts';

/** What is known by both sides besides the document. */
export interface SharedSecrets {
  /** Told to the person at the handset, who types it. */
  readonly pin?: string | undefined;
  readonly imsi?: string | undefined;
}

/**
 * An IMSI as the SIM keeps it (3GPP TS 31.102, 4.2.2 without the length): `9` before an odd number of digits, `1` before
 * and `F` behind an even number, then the digits of each pair change places.
 */
export function semiOctets(imsi: string): Uint8Array | undefined {
  if (!/^\d{5,16}$/.test(imsi)) return undefined;
  const digits = imsi.length % 2 === 1 ? `9${imsi}` : `1${imsi}F`;
  const octets = new Uint8Array(digits.length / 2);
  for (let at = 0; at < octets.length; at += 1) {
    octets[at] = Number.parseInt(`${digits[2 * at + 1]}${digits[2 * at]}`, 16);
  }
  return octets;
}

/** The key of a document's sum; `undefined` when something that it is made of is not known. */
export function macKey(profile: BootstrapProfile, security: Security, secrets: SharedSecrets): Uint8Array | undefined {
  const network = secrets.imsi === undefined ? undefined : semiOctets(secrets.imsi);
  const pin = secrets.pin === undefined ? undefined : utf8(secrets.pin);
  switch (security) {
    case 'network':
      return network;
    case 'pin':
      return pin;
    case 'network-pin':
      if (network === undefined || pin === undefined) return undefined;
      // DM Security 1.2, 5.1.7.2 joins them the other way round, with a colon.
      return profile === 'dm' ? concatBytes([pin, utf8(':'), network]) : concatBytes([network, pin]);
    case 'pin-mac':
      return undefined;
  }
}

/** HMAC-SHA1 of the document, lower-case hex. */
export function documentMac(hmac: HmacSha1, key: Uint8Array, document: Uint8Array): string {
  return hexOf(hmac(key, document));
}

/** The PIN of USERPINMAC: `key` and behind it as many digits of the sum. */
export function macPin(hmac: HmacSha1, key: string, document: Uint8Array): string {
  const sum = hmac(utf8(key), document);
  return key + Array.from(key, (_digit, at) => String((sum[at] ?? 0) % 10)).join('');
}

/** A person may type as many digits at most; a sum has twenty octets. */
const MAX_PIN = 40;

export type MacVerdict =
  | 'right'
  | 'wrong'
  /** Nobody can say: a secret that it is made with is not known here. */
  | 'secret-missing';

export interface SignedDocument {
  readonly profile: BootstrapProfile;
  readonly security: Security;
  readonly mac: string | undefined;
  readonly document: Uint8Array;
}

export function verifyMac(signed: SignedDocument, secrets: SharedSecrets, hmac: HmacSha1): MacVerdict {
  const { profile, security, mac, document } = signed;
  if (security === 'pin-mac') {
    const { pin } = secrets;
    if (pin === undefined) return 'secret-missing';
    if (!/^\d+$/.test(pin) || pin.length % 2 !== 0 || pin.length > MAX_PIN) return 'wrong';
    return macPin(hmac, pin.slice(0, pin.length / 2), document) === pin ? 'right' : 'wrong';
  }
  if (mac === undefined || !/^[0-9a-f]{40}$/i.test(mac)) return 'wrong';
  const key = macKey(profile, security, secrets);
  if (key === undefined) return 'secret-missing';
  return documentMac(hmac, key, document) === mac.toLowerCase() ? 'right' : 'wrong';
}

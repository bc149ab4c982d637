import { bareContentType, ContentType } from '../syncml/content-type.ts';

/** Types of bootstrap documents (OMA Provisioning Bootstrap 1.1, section 5; DM Bootstrap 1.2, 5.4.2). */
export const BootstrapType = {
  CpWbxml: 'application/vnd.wap.connectivity-wbxml',
  CpXml: 'text/vnd.wap.connectivity-xml',
  Dm: ContentType.DmWbxml,
} as const;

export type BootstrapProfile = 'cp' | 'dm';

/** How a document is signed: by what both sides know. `pin-mac`: the PIN itself holds the sum. */
export type Security = 'network' | 'pin' | 'network-pin' | 'pin-mac';

/** Types that the names below stand for on the wire. */
const CP_NUMBERS: readonly Security[] = ['network', 'pin', 'network-pin', 'pin-mac'];
const CP_NAMES: readonly string[] = ['NETWPIN', 'USERPIN', 'USERNETWPIN', 'USERPINMAC'];
/** DM Security 1.2, 5.1.7.2: names instead of numbers, and another name for the same secret. */
const DM_NAMES: readonly string[] = ['NETWORKID', 'USERPIN', 'USERPIN_NETWORKID'];

export interface BootstrapHeader {
  readonly profile: BootstrapProfile;
  readonly encoding: 'wbxml' | 'xml';
  /** `undefined`: not signed. `unknown`: in a way that nobody knows, which must not count as unsigned. */
  readonly security: Security | 'unknown' | undefined;
  /** Hex digits as they came; lower case. */
  readonly mac: string | undefined;
}

/** Longest type that is looked at. */
const MAX_TYPE = 400;

/** What the type of an object says; `undefined` when it is no bootstrap document. */
export function readBootstrapType(text: string): BootstrapHeader | undefined {
  if (text.length > MAX_TYPE) return undefined;
  const bare = bareContentType(text);
  const profile = bare === BootstrapType.CpWbxml || bare === BootstrapType.CpXml ? 'cp' : 'dm';
  if (profile === 'dm' && bare !== BootstrapType.Dm) return undefined;
  const parameters = new Map<string, string>();
  for (const part of text.replace(/\0+$/, '').split(';').slice(1)) {
    const match = /^\s*([A-Za-z-]+)\s*=\s*"?([^"\s]*)"?\s*$/.exec(part);
    // Of two the first counts, as for the sender who signed it.
    if (match !== null && !parameters.has((match[1] ?? '').toUpperCase())) {
      parameters.set((match[1] ?? '').toUpperCase(), match[2] ?? '');
    }
  }
  const sec = parameters.get('SEC');
  return {
    profile,
    encoding: bare === BootstrapType.CpXml ? 'xml' : 'wbxml',
    security: sec === undefined ? undefined : (securityOf(sec) ?? 'unknown'),
    mac: parameters.get('MAC')?.toLowerCase(),
  };
}

/** Numbers and names of both profiles, in any letter case: senders mix them. */
function securityOf(text: string): Security | undefined {
  const name = text.toUpperCase();
  const at = [CP_NUMBERS.map((_each, index) => String(index)), CP_NAMES, DM_NAMES].map((names) => names.indexOf(name));
  return CP_NUMBERS[Math.max(...at)];
}

/** The whole type with its parameters. The sum is upper-case hex; which case is right no text says. */
export function bootstrapType(
  profile: BootstrapProfile,
  encoding: 'wbxml' | 'xml',
  signed: { readonly security: Security; readonly mac: string | undefined } | undefined,
): string {
  const type = profile === 'dm' ? BootstrapType.Dm : encoding === 'xml' ? BootstrapType.CpXml : BootstrapType.CpWbxml;
  if (signed === undefined) return type;
  const at = CP_NUMBERS.indexOf(signed.security);
  const security = profile === 'dm' ? DM_NAMES[at] : String(at);
  if (security === undefined) throw new TypeError('the DM profile has no PIN that holds the sum');
  const mac = signed.mac === undefined ? '' : `; MAC=${signed.mac.toUpperCase()}`;
  return `${type}; SEC=${security}${mac}`;
}

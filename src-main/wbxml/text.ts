import { strictTextOf } from '../base/bytes.ts';
import type { Data } from './data.ts';
import { wbxmlError } from './document.ts';

/** How the octets of strings become characters. */
export type TextDecoding = 'utf-8' | 'iso-8859-1';

/** IANA MIBenum numbers of the charsets seen in SyncML. */
const MIB_US_ASCII = 3;
const MIB_ISO_8859_1 = 4;
const MIB_UTF_8 = 106;

/** Decoding for a MIBenum; where it is 0 (unknown) the transport's charset decides, else UTF-8. */
export function textDecodingOf(charset: number, transportCharset: string | undefined, offset: number): TextDecoding {
  switch (charset) {
    case 0:
      return /^\s*"?(iso-8859-1|latin1)"?\s*$/i.test(transportCharset ?? '') ? 'iso-8859-1' : 'utf-8';
    case MIB_US_ASCII:
    case MIB_UTF_8:
      return 'utf-8';
    case MIB_ISO_8859_1:
      return 'iso-8859-1';
    default:
      throw wbxmlError('unsupported', `charset ${charset} is not read`, offset, { charset });
  }
}

/**
 * Octets of a string as characters. What is not UTF-8 although it should be stays octets, so that nothing is lost: a
 * handset that writes its model name in Latin-1 must not break its session.
 */
export function decodeText(octets: Uint8Array, decoding: TextDecoding): Data {
  if (decoding === 'utf-8') return strictTextOf(octets) ?? octets;
  let text = '';
  for (let at = 0; at < octets.length; at += 1) text += String.fromCharCode(octets[at] ?? 0);
  return text;
}

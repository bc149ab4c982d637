import { xmlError } from './document.ts';

/** A document as characters, and how to get back to octets for an error's offset. */
export interface XmlText {
  readonly text: string;
  /** Octet offset of the character at `position`. */
  offsetOf(position: number): number;
}

const encoder = new TextEncoder();

/**
 * Octets as characters. Precedence: byte order mark, transport charset, XML declaration, UTF-8 (RFC 7303, section 3;
 * representation sheet, section 2.1).
 */
export function decodeXmlText(bytes: Uint8Array, transportCharset: string | undefined): XmlText {
  const mark = byteOrderMark(bytes);
  const label =
    mark?.label ?? transportCharset?.trim().replace(/^["']|["']$/g, '') ?? declaredCharset(bytes) ?? 'utf-8';
  const skipped = mark?.length ?? 0;
  const octets = bytes.subarray(skipped);
  const decoder = decoderFor(label);
  let text: string;
  try {
    text = decoder.decode(octets);
  } catch {
    const offset = skipped + lastGoodOffset(octets, label);
    throw xmlError('bad-text', `the document is not ${decoder.encoding}`, offset, { charset: decoder.encoding });
  }
  const { encoding } = decoder;
  return {
    text,
    offsetOf: (position) => {
      if (encoding.startsWith('utf-16')) return skipped + position * 2;
      if (encoding === 'utf-8') return skipped + encoder.encode(text.slice(0, position)).length;
      return skipped + position;
    },
  };
}

function byteOrderMark(bytes: Uint8Array): { readonly label: string; readonly length: number } | undefined {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { label: 'utf-8', length: 3 };
  if (a === 0xff && b === 0xfe) return { label: 'utf-16le', length: 2 };
  if (a === 0xfe && b === 0xff) return { label: 'utf-16be', length: 2 };
  return undefined;
}

/** Charset that the XML declaration names, or that the first characters show (XML 1.0, appendix F.1). */
function declaredCharset(bytes: Uint8Array): string | undefined {
  if (bytes[0] === 0x3c && bytes[1] === 0) return 'utf-16le';
  if (bytes[0] === 0 && bytes[1] === 0x3c) return 'utf-16be';
  let head = '';
  for (const octet of bytes.subarray(0, 256)) {
    head += String.fromCharCode(octet);
    if (octet === 0x3e) break;
  }
  const label = /^<\?xml\s[^>]*?\sencoding\s*=\s*["']([A-Za-z][\w.-]*)["']/.exec(head)?.[1];
  // A document whose declaration can be read octet by octet is not UTF-16.
  return label !== undefined && /^utf-?16/i.test(label) ? 'utf-8' : label;
}

function decoderFor(label: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(/^us-ascii$/i.test(label) ? 'utf-8' : label, { fatal: true, ignoreBOM: true });
  } catch (cause) {
    if (cause instanceof RangeError) {
      throw xmlError('unsupported-charset', `charset ${label.slice(0, 40)} is not read`, 0, {
        charset: label.slice(0, 40),
      });
    }
    throw cause;
  }
}

/** Where decoding fails: the length of the longest prefix that decodes. */
function lastGoodOffset(octets: Uint8Array, label: string): number {
  let good = 0;
  let bad = octets.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    try {
      decoderFor(label).decode(octets.subarray(0, middle), { stream: true });
      good = middle;
    } catch {
      bad = middle;
    }
  }
  return good;
}

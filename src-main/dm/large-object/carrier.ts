import { toBase64 } from '../../base/base64.ts';
import type { ByteSource } from '../../base/byte-source.ts';
import { utf8 } from '../../base/bytes.ts';
import type { Data, Encoding } from '../../syncml/model.ts';
import { cutText } from './cut-text.ts';

/** The value of an Item as it travels, cut at will. Lengths and offsets count octets as carried, as Meta/Size does. */
export interface Carrier {
  readonly length: number;
  /** The shortest piece that can be cut. */
  readonly least: number;
  /** A piece of at most `length` octets, at least one character; `length` tells how many it has. */
  piece(offset: number, length: number): { readonly data: Data; readonly length: number };
}

/** Longest piece of a value that is kept elsewhere, whatever the peer takes: what is at hand has an end. */
export const LARGEST_PIECE = 256 * 1024;

/** Octets of a group of base64, and the characters that carry them (RFC 4648, section 4). */
const GROUP = 3;
const CHARACTERS = 4;
/** Room for a character of four octets behind any group of four. */
const LEAST_TEXT = 8;

/** A value that is read from where it is kept: raw octets in WBXML, base64 text in XML. */
export function sourceCarrier(source: ByteSource, encoding: Encoding): Carrier {
  return encoding === 'wbxml' ? octetCarrier(source) : base64Carrier(source);
}

/** Octets that carry a value of `length` octets: what Meta/Size says of it. */
export function carriedLength(length: number, encoding: Encoding): number {
  return encoding === 'wbxml' ? length : Math.ceil(length / GROUP) * CHARACTERS;
}

/** A value that is there as it travels. */
export function dataCarrier(data: Data): Carrier {
  if (typeof data !== 'string') return octetCarrier(data);
  const bytes = utf8(data);
  return {
    length: bytes.length,
    least: LEAST_TEXT,
    piece: (offset, length) => cutText(bytes, offset, length),
  };
}

function octetCarrier(source: ByteSource): Carrier {
  return {
    length: source.length,
    least: 1,
    piece: (offset, length) => {
      const data = source.subarray(offset, Math.min(source.length, offset + Math.min(length, LARGEST_PIECE)));
      return { data, length: data.length };
    },
  };
}

function base64Carrier(source: ByteSource): Carrier {
  return {
    length: carriedLength(source.length, 'xml'),
    least: CHARACTERS,
    piece: (offset, length) => {
      const from = (offset / CHARACTERS) * GROUP;
      const groups = Math.max(1, Math.floor(Math.min(length, LARGEST_PIECE) / CHARACTERS));
      const data = toBase64(source.subarray(from, Math.min(source.length, from + groups * GROUP)));
      return { data, length: data.length };
    },
  };
}

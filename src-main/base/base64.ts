import { concatBytes, EMPTY_BYTES, textOf } from './bytes.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CODES = Uint8Array.from(ALPHABET, (character) => character.charCodeAt(0));
const PADDING = 0x3d;
const VALUES = new Int8Array(128).fill(-1);
for (let index = 0; index < ALPHABET.length; index += 1) VALUES[ALPHABET.charCodeAt(index)] = index;

/** Base64 (RFC 4648, section 4) without line breaks. */
export function toBase64(bytes: Uint8Array): string {
  const text = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  let at = 0;
  let index = 0;
  for (; index + 2 < bytes.length; index += 3) {
    const group = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8) | (bytes[index + 2] ?? 0);
    text[at++] = CODES[group >> 18] ?? 0;
    text[at++] = CODES[(group >> 12) & 63] ?? 0;
    text[at++] = CODES[(group >> 6) & 63] ?? 0;
    text[at++] = CODES[group & 63] ?? 0;
  }
  const rest = bytes.length - index;
  if (rest > 0) {
    const group = ((bytes[index] ?? 0) << 16) | ((bytes[index + 1] ?? 0) << 8);
    text[at++] = CODES[group >> 18] ?? 0;
    text[at++] = CODES[(group >> 12) & 63] ?? 0;
    text[at++] = rest === 2 ? (CODES[(group >> 6) & 63] ?? 0) : PADDING;
    text[at++] = PADDING;
  }
  return textOf(text);
}

/**
 * Reads base64 as peers write it: white space is ignored and missing padding is accepted.
 * @returns the octets, or `undefined` when the text is not base64.
 */
export function fromBase64(text: string): Uint8Array | undefined {
  const decoder = new Base64Decoder();
  const bytes = decoder.push(text);
  const end = decoder.end();
  if (bytes === undefined || end === undefined) return undefined;
  return end.length === 0 ? bytes : concatBytes([bytes, end]);
}

/** The same for text that comes in pieces, cut anywhere. After an `undefined` it is not used again. */
export class Base64Decoder {
  #bits = 0;
  #count = 0;
  #padding = 0;

  /** Octets of the groups that this piece completes; `undefined` when it is not base64. */
  push(piece: string | Uint8Array): Uint8Array | undefined {
    const isText = typeof piece === 'string';
    const { length: size } = piece;
    const bytes = new Uint8Array(Math.ceil((size * 3) / 4) + 3);
    let length = 0;
    let bits = this.#bits;
    let count = this.#count;
    let padding = this.#padding;
    for (let index = 0; index < size; index += 1) {
      const code = isText ? piece.charCodeAt(index) : (piece[index] ?? 0);
      if (code === 0x20 || (code >= 0x09 && code <= 0x0d)) continue;
      if (code === PADDING) {
        padding += 1;
        continue;
      }
      const value = code < 128 ? (VALUES[code] ?? -1) : -1;
      if (value < 0 || padding > 0) return undefined;
      bits = ((bits << 6) | value) & 0xffffff;
      count += 1;
      if (count === 4) {
        count = 0;
        bytes[length++] = bits >> 16;
        bytes[length++] = (bits >> 8) & 0xff;
        bytes[length++] = bits & 0xff;
      }
    }
    this.#bits = bits;
    this.#count = count;
    this.#padding = padding;
    return padding > 2 ? undefined : bytes.subarray(0, length);
  }

  /** Octets of the last group, when it is not a full one; `undefined` when the text is cut short. */
  end(): Uint8Array | undefined {
    switch (this.#count) {
      case 0:
        return EMPTY_BYTES;
      case 1:
        return undefined;
      case 2:
        return Uint8Array.of((this.#bits >> 4) & 0xff);
      default:
        return Uint8Array.of((this.#bits >> 10) & 0xff, (this.#bits >> 2) & 0xff);
    }
  }
}

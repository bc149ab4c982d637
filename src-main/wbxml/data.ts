import { concatBytes, utf8 } from '../base/bytes.ts';

/** Character data of an element: text, or raw octets. */
export type Data = string | Uint8Array;

/** The pieces of one element's content as one value: octets as soon as one piece is octets. */
export function joinData(parts: readonly Data[]): Data {
  if (parts.every((part) => typeof part === 'string')) return parts.join('');
  return concatBytes(parts.map((part) => (typeof part === 'string' ? utf8(part) : part)));
}

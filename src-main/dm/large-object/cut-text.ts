import { textOf } from '../../base/bytes.ts';

/**
 * A piece of UTF-8 text of at most `length` bytes from `offset`: never cut inside a character, and at a multiple of
 * four bytes where that can be, so that base64 stays in whole groups.
 */
export function cutText(bytes: Uint8Array, offset: number, length: number): { data: string; length: number } {
  let end = Math.min(offset + length, bytes.length);
  if (end < bytes.length) {
    const grouped = end - (end % 4);
    if (grouped > offset) end = grouped;
    while (end > offset && ((bytes[end] ?? 0) & 0xc0) === 0x80) end -= 1;
  }
  return { data: textOf(bytes.subarray(offset, end)), length: end - offset };
}

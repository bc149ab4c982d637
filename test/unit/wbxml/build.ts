/** Documents for the tests of the reader: a header of ours and whatever body a test wants. */

export const HEADER = [0x02, 0xa4, 0x01, 0x6a, 0x00] as const;

export function document(...body: readonly number[]): Uint8Array {
  return Uint8Array.from([...HEADER, ...body]);
}

/** `<SyncML>` around content tokens. */
export function inRoot(...content: readonly number[]): Uint8Array {
  return document(0x6d, ...content, 0x01);
}

export function withTable(table: string | readonly number[], ...body: readonly number[]): Uint8Array {
  const octets = typeof table === 'string' ? [...new TextEncoder().encode(table)] : table;
  return Uint8Array.from([0x02, 0xa4, 0x01, 0x6a, octets.length, ...octets, ...body]);
}

export function ascii(text: string): readonly number[] {
  return [...new TextEncoder().encode(text)];
}

/** A body that says the same `count` times, between a start and an end. */
export function repeated(
  count: number,
  piece: readonly number[],
  start: readonly number[] = [],
  end: readonly number[] = [],
): Uint8Array {
  const octets = new Uint8Array(HEADER.length + start.length + count * piece.length + end.length);
  octets.set([...HEADER, ...start]);
  const from = HEADER.length + start.length;
  for (let index = 0; index < count; index += 1) octets.set(piece, from + index * piece.length);
  octets.set(end, from + count * piece.length);
  return octets;
}

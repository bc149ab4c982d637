import { describe, expect, it } from 'vitest';
import { GatheredBody } from '../../../src-main/obex/gathered-body.ts';

const MEGABYTE = 1024 * 1024;

function octets(length: number, first: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (first + index) % 251);
}

describe('a gathered body', () => {
  it.each([
    ['one piece', [5]],
    ['pieces of all lengths', [1, 0, 3, 70_000, 2]],
    ['more than a part', [65_000, MEGABYTE + 7, MEGABYTE, 1]],
  ])('is its pieces one behind the other: %s', (_, lengths) => {
    for (const expected of [0, 3, 2 * MEGABYTE]) {
      const body = new GatheredBody();
      if (expected > 0) body.expect(expected);
      const pieces = lengths.map((length, index) => octets(length, 7 * index));
      for (const piece of pieces) body.add(piece);
      expect(body.length).toBe(pieces.reduce((sum, { length }) => sum + length, 0));
      expect(Buffer.compare(body.take(), Buffer.concat(pieces))).toBe(0);
      expect(body.length).toBe(0);
    }
  });

  it('keeps nothing of the memory that it was given, and none that it gave away', () => {
    const body = new GatheredBody();
    const piece = Uint8Array.of(1, 2, 3);
    body.add(piece);
    piece.fill(9);
    const taken = body.take();
    body.add(Uint8Array.of(4, 5, 6));
    expect([...taken, ...body.octets]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('does not make who keeps a small object keep the room for a large one', () => {
    const body = new GatheredBody();
    body.expect(MEGABYTE);
    body.add(Uint8Array.of(1));
    expect(body.take().buffer.byteLength).toBe(1);
  });

  it('goes on in the same memory after it was cleared', () => {
    const body = new GatheredBody();
    body.add(octets(70_000, 0));
    const before = body.octets.buffer;
    body.clear();
    body.add(octets(100, 3));
    expect(body.octets).toEqual(octets(100, 3));
    expect(body.octets.buffer).toBe(before);
  });
});

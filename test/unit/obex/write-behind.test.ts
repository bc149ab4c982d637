import { describe, expect, it } from 'vitest';
import { WriteBehind } from '../../../src-main/obex/write-behind.ts';

const PIECE = 64 * 1024;
const MEGABYTE = 1024 * 1024;

function octets(length: number, first = 0): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (first + index) % 251);
}

/** Writes into memory, one piece at a time, each when the test lets it. */
class SlowDisk {
  readonly written: Buffer[] = [];
  readonly #gates: PromiseWithResolvers<void>[] = [];
  #writing = false;

  readonly write = async (piece: Uint8Array): Promise<void> => {
    if (this.#writing) throw new TypeError('two writes at a time');
    this.#writing = true;
    const gate = Promise.withResolvers<void>();
    this.#gates.push(gate);
    await gate.promise;
    this.written.push(Buffer.from(piece));
    this.#writing = false;
  };

  get waiting(): number {
    return this.#gates.length;
  }

  /** The write that waits is done, or fails. */
  async go(error?: Error): Promise<void> {
    const gate = this.#gates.shift();
    if (error === undefined) gate?.resolve();
    else gate?.reject(error);
    await new Promise(setImmediate);
  }
}

describe('writing behind', () => {
  it.each([
    ['one small piece', [5]],
    ['nothing', []],
    ['pieces of all lengths', [1, 0, 70_000, PIECE, 3]],
    ['more than a piece at once', [2 * PIECE + 7, 1]],
    ['exactly two pieces', [PIECE, PIECE]],
  ])('writes what it took, in order: %s', async (_, lengths) => {
    const written: Buffer[] = [];
    const behind = new WriteBehind(async (piece) => void written.push(Buffer.from(piece)));
    const pieces = lengths.map((length, index) => octets(length, 7 * index));
    for (const piece of pieces) await behind.take(piece);
    await behind.end();
    expect(Buffer.concat(written).equals(Buffer.concat(pieces))).toBe(true);
    expect(written.slice(0, -1).every(({ length }) => length === PIECE)).toBe(true);
  });

  it('keeps nothing of the memory that it was given', async () => {
    const written: Buffer[] = [];
    const behind = new WriteBehind(async (piece) => void written.push(Buffer.from(piece)));
    const given = Uint8Array.of(1, 2, 3);
    void behind.take(given);
    given.fill(9);
    await behind.end();
    expect([...Buffer.concat(written)]).toEqual([1, 2, 3]);
  });

  it('begins to write as soon as a piece is full, and lets take a megabyte more than is written', async () => {
    const disk = new SlowDisk();
    const behind = new WriteBehind(disk.write);
    expect(behind.take(octets(PIECE - 1))).toBeUndefined();
    expect(disk.waiting).toBe(0);
    expect(behind.take(octets(1))).toBeUndefined();
    expect(disk.waiting).toBe(1);
    expect(behind.take(octets(MEGABYTE - PIECE - 1))).toBeUndefined();
    const room = behind.take(octets(1));
    let hasRoom = false;
    void room?.then(() => {
      hasRoom = true;
    });
    await new Promise(setImmediate);
    expect({ held: room !== undefined, hasRoom }).toEqual({ held: true, hasRoom: false });
    await disk.go();
    expect(hasRoom).toBe(true);
    const end = behind.end();
    for (let left = MEGABYTE / PIECE - 1; left > 0; left -= 1) await disk.go();
    await end;
    expect(disk.written.map(({ length }) => length)).toEqual(new Array(MEGABYTE / PIECE).fill(PIECE));
  });

  it('says what a write failed with to who waits, to who comes next and at the end', async () => {
    const disk = new SlowDisk();
    const behind = new WriteBehind(disk.write);
    const room = behind.take(octets(MEGABYTE));
    const heard = expect(room).rejects.toThrow('the disk is full');
    await disk.go(new Error('the disk is full'));
    await heard;
    expect(() => behind.take(octets(1))).toThrow('the disk is full');
    await expect(behind.end()).rejects.toThrow('the disk is full');
    expect(disk.waiting).toBe(0);
    await behind.forget();
  });

  it('says at the end what the last write failed with', async () => {
    const disk = new SlowDisk();
    const behind = new WriteBehind(disk.write);
    void behind.take(octets(10));
    const heard = expect(behind.end()).rejects.toThrow('the disk is full');
    await disk.go(new Error('the disk is full'));
    await heard;
  });

  it('writes nothing more when it is told to forget, and is done when the running write has ended', async () => {
    const disk = new SlowDisk();
    const behind = new WriteBehind(disk.write);
    void behind.take(octets(3 * PIECE + 5));
    let forgotten = false;
    const forgetting = behind.forget().then(() => {
      forgotten = true;
    });
    await new Promise(setImmediate);
    expect(forgotten).toBe(false);
    await disk.go();
    await forgetting;
    expect({ written: disk.written.length, waiting: disk.waiting }).toEqual({ written: 1, waiting: 0 });
    expect(() => behind.take(octets(1))).toThrow('forgotten');
  });

  it('fails an end that waits when it is told to forget: not all was written', async () => {
    const disk = new SlowDisk();
    const behind = new WriteBehind(disk.write);
    void behind.take(octets(2 * PIECE));
    const heard = expect(behind.end()).rejects.toMatchObject({ code: 'obex/aborted' });
    const forgetting = behind.forget();
    await disk.go();
    await Promise.all([heard, forgetting]);
    expect(disk.written.length).toBe(1);
  });

  it('says what a write failed with that does not even begin', async () => {
    const behind = new WriteBehind(() => {
      throw new Error('no such file');
    });
    expect(() => behind.take(octets(MEGABYTE))).toThrow('no such file');
    await expect(behind.end()).rejects.toThrow('no such file');
  });

  it('writes a piece at once where that does not wait, and behind where it does, all in order', async () => {
    const disk = new SlowDisk();
    let atOnce = true;
    const now = (piece: Uint8Array): boolean => {
      if (atOnce) disk.written.push(Buffer.from(piece));
      return atOnce;
    };
    const behind = new WriteBehind(disk.write, now);
    const sent = octets(4 * PIECE + 9);
    const part = (from: number, to?: number): Uint8Array =>
      sent.subarray(from * PIECE, to === undefined ? to : to * PIECE);
    expect(behind.take(part(0, 1))).toBeUndefined();
    expect({ written: disk.written.length, waiting: disk.waiting }).toEqual({ written: 1, waiting: 0 });
    atOnce = false;
    void behind.take(part(1, 2));
    atOnce = true;
    // The one before it is not written yet.
    void behind.take(part(2, 3));
    expect({ written: disk.written.length, waiting: disk.waiting }).toEqual({ written: 1, waiting: 1 });
    await disk.go();
    await disk.go();
    void behind.take(part(3));
    await behind.end();
    expect(Buffer.concat(disk.written).equals(Buffer.from(sent))).toBe(true);
    expect(disk.written.map(({ length }) => length)).toEqual([PIECE, PIECE, PIECE, PIECE, 9]);
  });

  it('says what a write at once failed with, to who brought it and at the end', async () => {
    const behind = new WriteBehind(
      () => Promise.reject(new Error('nothing is written behind')),
      () => {
        throw new Error('the disk is full');
      },
    );
    expect(() => behind.take(octets(PIECE))).toThrow('the disk is full');
    await expect(behind.end()).rejects.toThrow('the disk is full');
  });

  it('never waits for room where all is written at once', () => {
    let written = 0;
    const behind = new WriteBehind(
      () => Promise.reject(new Error('nothing is written behind')),
      (piece) => {
        written += piece.length;
        return true;
      },
    );
    expect(behind.take(octets(3 * MEGABYTE))).toBeUndefined();
    expect(written).toBe(3 * MEGABYTE);
  });
});

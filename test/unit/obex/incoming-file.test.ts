import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { IncomingFile } from '../../../src-main/virtual/handset/incoming-file.ts';

/** What an OBEX packet of the longest kind brings. */
const PACKET = 65_526;
/** What is written at once. */
const PIECE = 65_536;
const octets = Buffer.from(Uint8Array.from({ length: 10 * PACKET + 77 }, (_, index) => (index * 31) % 253));

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'incoming-'));
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

async function bring(file: IncomingFile, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += PACKET) await file.take(octets.subarray(at, Math.min(to, at + PACKET)));
}

describe('a file that comes in', () => {
  it('is written as it comes while the disk does not let it wait, and is there whole under its name', async () => {
    const file = new IncomingFile(join(folder, 'in'));
    await bring(file, 0, PACKET);
    expect(file.prompt).toBe(true);
    await bring(file, PACKET, octets.length);
    await file.end();
    await file.keep('a.sis');
    expect(await readdir(join(folder, 'in'))).toEqual(['a.sis']);
    expect((await readFile(join(folder, 'in', 'a.sis'))).equals(octets)).toBe(true);
  });

  it('is written behind as soon as one write took long, and loses nothing by the change', async () => {
    const file = new IncomingFile(folder);
    await bring(file, 0, 4 * PACKET);
    expect(file.prompt).toBe(true);
    const { now } = performance;
    let later = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      later += 10;
      return now.call(performance) + later;
    });
    await bring(file, 4 * PACKET, 8 * PACKET);
    expect(file.prompt).toBe(false);
    await bring(file, 8 * PACKET, octets.length);
    await file.end();
    await file.keep('a.sis');
    expect((await readFile(join(folder, 'a.sis'))).equals(octets)).toBe(true);
  });

  it('is written as it comes again after a while in which the disk was quick, and after a longer one the next time', async () => {
    const file = new IncomingFile(folder);
    await bring(file, 0, PACKET);
    // Each look at the clock is so much later than the last, and each piece is looked at twice: before and after.
    let step = 0;
    let time = 0;
    let looks = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      looks += 1;
      time += step;
      return time;
    });
    const packet = octets.subarray(0, PACKET);
    let packets = 1;
    const bringOne = async (): Promise<void> => {
      await file.take(packet);
      packets += 1;
    };
    const written = (): boolean => looks >= 2 * Math.floor((packets * PACKET) / PIECE);
    const whilesBehind: number[] = [];
    for (let turn = 0; turn < 2; turn += 1) {
      step = 10;
      while (file.prompt) await bringOne();
      await bringOne();
      await vi.waitUntil(written, { interval: 1 });
      step = 0;
      const from = packets;
      while (!file.prompt && packets < from + 200) {
        await bringOne();
        await vi.waitUntil(written, { interval: 1 });
      }
      whilesBehind.push(packets - from);
    }
    expect(whilesBehind).toEqual([expect.closeTo(32, -1), expect.closeTo(64, -1)]);
    await bringOne();
    await file.end();
    await file.keep('a.sis');
    const kept = await readFile(join(folder, 'a.sis'));
    expect(kept.equals(Buffer.concat(Array.from({ length: packets }, () => packet)))).toBe(true);
  });

  it('leaves nothing when it is broken off, and takes no more', async () => {
    const file = new IncomingFile(folder);
    await bring(file, 0, 3 * PACKET);
    await file.discard();
    expect(await readdir(folder)).toEqual([]);
    expect(file.prompt).toBe(false);
    expect(() => file.take(octets.subarray(0, PACKET))).toThrow('forgotten');
  });

  it.each([
    ['is broken off at once', 'in'],
    ['cannot be made', 'file/in'],
  ])('leaves no failure to nobody when more came at once than is kept in memory, and it %s', async (_, path) => {
    await writeFile(join(folder, 'file'), '');
    const file = new IncomingFile(join(folder, path));
    const taking = file.take(Buffer.alloc(3 << 20));
    await file.discard();
    await taking;
    expect(await readdir(join(folder, 'in')).catch(() => [])).toEqual([]);
  });
});

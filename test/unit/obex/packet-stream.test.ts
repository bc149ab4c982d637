import { describe, expect, it } from 'vitest';
import { memoryPair } from '../../../src-main/bearer/memory/memory-stream.ts';
import { isResponse } from '../../../src-main/obex/packet.ts';
import { PacketStream } from '../../../src-main/obex/packet-stream.ts';
import { hex, spaced } from './raw-peer.ts';
import { EXCHANGE } from './worked-exchange.ts';

const never = new AbortController().signal;
const PACKETS = [EXCHANGE.connect, EXCHANGE.success, EXCHANGE.putPart1, EXCHANGE.putPart2, EXCHANGE.disconnect].map(
  hex,
);

async function readAll(packets: PacketStream): Promise<readonly string[]> {
  const all: string[] = [];
  for (;;) {
    const packet = await packets.read(never);
    if (packet === undefined) return all;
    all.push(spaced(packet));
  }
}

describe('PacketStream', () => {
  it('finds the packets wherever the stream is split', async () => {
    const joined = Buffer.concat(PACKETS);
    for (let at = 0; at <= joined.length; at += 1) {
      const [near, far] = memoryPair();
      const packets = new PacketStream(near, 1024);
      const read = readAll(packets);
      await far.write(joined.subarray(0, at), never);
      // Lets the reader take the first part alone.
      await new Promise(setImmediate);
      await far.write(joined.subarray(at), never);
      await far.close();
      expect(await read).toEqual(PACKETS.map(spaced));
    }
  });

  it.each([1, 2, 3, 4, 7, 64])('finds the packets in pieces of %i', async (length) => {
    const [near, far] = memoryPair({ pieceLength: () => length });
    const read = readAll(new PacketStream(near, 1024));
    await far.write(Buffer.concat(PACKETS), never);
    await far.close();
    expect(await read).toEqual(PACKETS.map(spaced));
  });

  it('goes on after an aborted read, also inside a packet', async () => {
    const [near, far] = memoryPair();
    const packets = new PacketStream(near, 1024);
    for (const end of [0, 1, 2, 3, 10]) {
      const whole = hex(EXCHANGE.putPart1);
      await far.write(whole.subarray(0, end), never);
      const breakOff = new AbortController();
      const read = packets.read(breakOff.signal);
      await new Promise(setImmediate);
      breakOff.abort();
      await expect(read).rejects.toMatchObject({ name: 'AbortError' });
      await far.write(whole.subarray(end), never);
      expect(await packets.read(never)).toEqual(whole);
    }
  });

  it('takes the end inside a packet for a lost bearer, at every octet', async () => {
    const whole = hex(EXCHANGE.putPart2);
    for (let length = 1; length < whole.length; length += 1) {
      const [near, far] = memoryPair();
      await far.write(whole.subarray(0, length), never);
      await far.close();
      await expect(new PacketStream(near, 1024).read(never)).rejects.toMatchObject({ code: 'bearer/lost' });
    }
  });

  it('refuses a packet longer than announced before its body is there', async () => {
    const [near, far] = memoryPair();
    await far.write(hex('82 04 01'), never);
    await expect(new PacketStream(near, 1024).read(never)).rejects.toMatchObject({ code: 'obex/packet-too-long' });
  });

  describe('on a noisy stream', () => {
    const answer = hex(EXCHANGE.success);

    async function noisy(noise: readonly number[], limit = 1024): Promise<PacketStream> {
      const [near, far] = memoryPair();
      await far.write(Uint8Array.from(noise), never);
      await far.write(answer, never);
      await far.close();
      return new PacketStream(Object.assign(near, { noisy: true }), limit, isResponse);
    }

    it.each([
      ['nothing', []],
      ['text', [...Buffer.from('\r\nCONNECT\r\n')]],
      ['octets that no response has', [0x00, 0x7f, 0x80, 0x8f, 0xe2, 0xff]],
      ['a response of 2 octets', [0xa0, 0x00, 0x02]],
      ['a response over the own limit', [0x90, 0x04, 0x01]],
      ['two beginnings', [0x90, 0x90]],
    ])('finds the packet behind %s', async (_name, noise) => {
      expect(await (await noisy(noise)).read(never)).toEqual(answer);
    });

    it('takes what looks like a packet for one', async () => {
      const packets = await noisy([0x90, 0x00, 0x04, 0x55]);
      expect(await packets.read(never)).toEqual(Uint8Array.of(0x90, 0x00, 0x04, 0x55));
      expect(await packets.read(never)).toEqual(answer);
      expect(await packets.read(never)).toBeUndefined();
    });

    it('skips nothing where the stream is not noisy', async () => {
      const [near, far] = memoryPair();
      await far.write(Uint8Array.of(0x00, 0x00, 0x02), never);
      const packets = new PacketStream(near, 1024, isResponse);
      await expect(packets.read(never)).rejects.toMatchObject({ code: 'obex/packet-length' });
    });
  });
});

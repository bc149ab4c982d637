import { describe, expect, it } from 'vitest';
import { BodyPacker } from '../../../src-main/obex/body-packer.ts';
import { bytesHeader, type Header, HeaderId, wordHeader } from '../../../src-main/obex/header.ts';
import { packetHeaders } from '../../../src-main/obex/packet.ts';

const LIMIT = 255;
const MORE = 0x02;
const LAST = 0x82;

function pack(headers: readonly Header[], body: Uint8Array | undefined): readonly Uint8Array[] {
  const packer = new BodyPacker(headers, body, LIMIT);
  const packets: Uint8Array[] = [];
  for (;;) {
    const { bytes, last } = packer.next(MORE, LAST);
    const packet = { bytes: new Uint8Array(bytes), last };
    packets.push(packet.bytes);
    expect(packet.bytes[0]).toBe(packet.last ? LAST : MORE);
    expect(packet.bytes.length).toBe(((packet.bytes[1] ?? 0) << 8) + (packet.bytes[2] ?? 0));
    if (packet.last) return packets;
    expect(packets.length).toBeLessThan(100);
  }
}

function filler(length: number): Header {
  return bytesHeader(0x70, new Uint8Array(length - 3).fill(length));
}

describe('BodyPacker', () => {
  it('refuses a header that no packet but the first has room for', () => {
    const repeated = [wordHeader(HeaderId.ConnectionId, 1)];
    const packer = (length: number) => new BodyPacker([filler(6), filler(length)], undefined, LIMIT, { repeated });
    expect(() => packer(LIMIT - 3)).toThrow(expect.objectContaining({ code: 'obex/header-too-long' }));
    const fitting = packer(LIMIT - 3 - 5);
    expect([fitting.next(MORE, LAST).last, fitting.next(MORE, LAST).last]).toEqual([false, true]);
  });

  it('keeps every packet within the limit, and headers and body whole, for every length of both', () => {
    for (let headerLength = 3; headerLength <= LIMIT - 3; headerLength += 7) {
      for (let bodyLength = 0; bodyLength < 530; bodyLength += 11) {
        const headers = [filler(headerLength), filler(5), filler(LIMIT - 3)];
        const body = Uint8Array.from({ length: bodyLength }, (_, index) => index & 0xff);
        const packets = pack(headers, body);
        expect(Math.max(...packets.map((packet) => packet.length))).toBeLessThanOrEqual(LIMIT);
        const all = packets.flatMap((packet) => packetHeaders(packet));
        expect(all.filter((header) => header.id === 0x70)).toEqual(headers);
        const chunks = all.filter((header) => header.id !== 0x70 && header.kind === 'bytes');
        expect(Buffer.concat(chunks.map((chunk) => chunk.value as Uint8Array))).toEqual(Buffer.from(body));
        expect(chunks.map((chunk) => chunk.id)).toEqual([
          ...chunks.slice(1).map(() => HeaderId.Body),
          HeaderId.EndOfBody,
        ]);
      }
    }
  });

  it('uses as few packets as it can: every one but the last is full when only body is left', () => {
    for (let bodyLength = 240; bodyLength < 1000; bodyLength += 1) {
      const packets = pack([filler(10)], new Uint8Array(bodyLength));
      for (const packet of packets.slice(0, -1)) expect(packet.length).toBe(LIMIT);
      expect(packets.length).toBe(bodyLength <= 239 ? 1 : 1 + Math.ceil((bodyLength - 239) / 249));
    }
  });

  it('puts headers together that fill a packet to the octet', () => {
    expect(pack([filler(100), filler(152)], undefined).map((packet) => packet.length)).toEqual([255]);
    expect(pack([filler(100), filler(153)], undefined).map((packet) => packet.length)).toEqual([103, 156]);
  });

  it('leaves no chunk without octets in the middle', () => {
    for (const length of [248, 249, 250, 251, 252]) {
      const packets = pack([filler(length)], new Uint8Array(10));
      const chunks = packets.flatMap((packet) => packetHeaders(packet)).filter((header) => header.id !== 0x70);
      for (const chunk of chunks) expect((chunk.value as Uint8Array).length).toBeGreaterThan(0);
    }
  });

  it('refuses a header that fits into no packet, and takes one that fills it', () => {
    expect(pack([filler(252)], undefined)).toHaveLength(1);
    expect(() => new BodyPacker([filler(253)], undefined, LIMIT)).toThrowError(
      expect.objectContaining({ code: 'obex/header-too-long', details: { header: 0x70, length: 253, limit: LIMIT } }),
    );
  });
});

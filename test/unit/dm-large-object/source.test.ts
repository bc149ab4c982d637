import { describe, expect, it } from 'vitest';
import type { ByteSource } from '../../../src-main/base/byte-source.ts';
import { LargeObjectAssembler } from '../../../src-main/dm/large-object/assembler.ts';
import { carriedLength, sourceCarrier } from '../../../src-main/dm/large-object/carrier.ts';
import { ReadAhead } from '../../../src-main/dm/large-object/read-ahead.ts';
import { OutgoingQueue } from '../../../src-main/dm/outgoing.ts';
import { commandIds } from '../../../src-main/dm/session-wire.ts';
import { decodeMessage, encodeMessage } from '../../../src-main/syncml/codec.ts';
import type { Command, Encoding, Header, Item } from '../../../src-main/syncml/model.ts';

const MIB = 1024 * 1024;
const octetAt = (at: number): number => (Math.imul(at, 0x9e37_79b1) >>> 24) & 0xff;

/** Octets that are made when they are asked for, and a note of the most that ever were. */
function madeSource(length: number): ByteSource & { most: number } {
  const source = {
    length,
    most: 0,
    subarray(from: number, to: number) {
      const end = Math.min(to, length);
      source.most = Math.max(source.most, end - from);
      return Uint8Array.from({ length: Math.max(0, end - from) }, (_, index) => octetAt(from + index));
    },
  };
  return source;
}

function headerOf(msgId: number): Header {
  const meta = { maxMsgSize: 65_280, maxObjSize: 100 };
  return {
    ...{ verDtd: '1.2', verProto: 'DM/1.2', sessionId: '1', msgId, meta },
    ...{ target: { uri: 'a' }, source: { uri: 'b' } },
  };
}

const ADD: Command = { kind: 'Add', cmdId: '', items: [{ target: { uri: './a/b' }, meta: { type: 'x/y' } }] };

/** Sends a value as a peer with this limit takes it; gives each item that came, and the size of its message. */
function* sent(large: ByteSource, encoding: Encoding, limit: number | undefined) {
  const queue = new OutgoingQueue(encoding);
  queue.push({ command: { ...ADD, large } });
  for (let msgId = 1; !queue.empty; msgId += 1) {
    const { commands, chunk } = queue.fill(headerOf(msgId), [], limit, commandIds());
    const body = encodeMessage({ header: headerOf(msgId), commands, final: queue.empty }, encoding);
    const [back] = decodeMessage(body, encoding).message.commands;
    const item = back?.kind === 'Add' ? back.items[0] : undefined;
    expect(chunk).toBe(item?.moreData === true);
    yield { item: item ?? {}, size: body.length };
  }
}

describe('a value that is read as it is sent', () => {
  it.each([
    ['wbxml', 'bin', 3 * MIB],
    ['xml', 'b64', 2 * MIB],
  ] as const)('is never held by more than a message in %s, and comes out the same', (encoding, format, length) => {
    const limit = 65_280;
    const source = madeSource(length);
    const stored = { at: 0, most: 0, wrong: 0 };
    const assembler = new LargeObjectAssembler({
      maxObjSize: 100 * MIB,
      store: {
        begin: () => ({
          write: (octets) => {
            stored.most = Math.max(stored.most, octets.length);
            for (const octet of octets) {
              if (octet !== octetAt(stored.at)) stored.wrong += 1;
              stored.at += 1;
            }
            return true;
          },
          done: () => source,
          discard: () => undefined,
        }),
      },
    });
    const items: Item[] = [];
    let slack = 0;
    for (const { item, size } of sent(source, encoding, limit)) {
      expect(size).toBeLessThanOrEqual(limit);
      if (item.moreData === true) slack = Math.max(slack, limit - size);
      const outcome = assembler.take('Add', item, undefined);
      expect(outcome.kind).toBe(item.moreData === true ? 'more' : 'whole');
      items.push({ ...item, data: '' });
    }
    expect(stored).toMatchObject({ at: length, wrong: 0 });
    expect(stored.most).toBeLessThan(limit);
    expect(source.most).toBeLessThan(limit);
    // What is left free is paid for in every round: groups of four in base64, Final and switches of the code page.
    expect(slack).toBeLessThan(24);
    expect(items[0]?.meta).toEqual({ format, type: 'x/y', size: carriedLength(length, encoding) });
    for (const { meta } of items.slice(1)) expect(meta).toEqual({ format, type: 'x/y' });
  });

  it('of 64 MiB is asked for a message at a time', () => {
    const asked: [number, number][] = [];
    const source: ByteSource = {
      length: 64 * MIB,
      subarray(from, to) {
        asked.push([from, Math.min(to, source.length)]);
        return new Uint8Array(Math.min(to, source.length) - from);
      },
    };
    let carried = 0;
    for (const { item } of sent(source, 'wbxml', 65_280)) carried += item.data?.length ?? 0;
    expect(carried).toBe(source.length);
    expect(Math.max(...asked.map(([from, to]) => to - from))).toBeLessThan(65_280);
    // Forward only, and each message asks for little more than it takes.
    expect(asked.every(([from], index) => from >= (asked[index - 1]?.[0] ?? 0))).toBe(true);
    expect(asked.length).toBeLessThan(6 * 1030);
  });

  it.each([
    ['wbxml', 'bin', Uint8Array.of(1, 2, 3)],
    ['xml', 'b64', 'AQID'],
  ] as const)('goes whole where there is room for it (%s)', (encoding, format, data) => {
    expect([...sent(Uint8Array.of(1, 2, 3), encoding, 2000)].map(({ item }) => item)).toEqual([
      { target: { uri: './a/b' }, meta: { format, type: 'x/y' }, data },
    ]);
  });

  it('of no octets has an empty value', () => {
    const [only] = [...sent(new Uint8Array(0), 'xml', 2000)];
    expect(only?.item.data).toBe('');
  });

  it('goes in pieces of 256 KiB at most to a peer without a limit', () => {
    const source = madeSource(MIB / 2 + 10);
    expect([...sent(source, 'wbxml', undefined)].map(({ item }) => item.data?.length)).toEqual([MIB / 4, MIB / 4, 10]);
    expect(source.most).toBe(MIB / 4);
  });

  it('is cut as base64 at groups of three octets, whatever is asked for', () => {
    const carrier = sourceCarrier(Uint8Array.of(1, 2, 3, 4, 5), 'xml');
    expect(carrier.length).toBe(8);
    expect(carrier.piece(0, 7)).toEqual({ data: 'AQID', length: 4 });
    expect(carrier.piece(4, 1)).toEqual({ data: 'BAU=', length: 4 });
  });
});

describe('a value that is read ahead', () => {
  function ahead(length: number) {
    const reads: [number, number][] = [];
    const made = madeSource(length);
    const value = new ReadAhead(length, async (from, to) => {
      reads.push([from, to]);
      return made.subarray(from, to);
    });
    return { value, reads, made };
  }

  it('has what the next message needs, of any size, and reads little twice', async () => {
    const { value, reads, made } = ahead(3 * MIB);
    const step = 65_000;
    for (let at = 0; at < value.length; at += step) {
      await value.refill();
      // A message is fitted by asking more than once.
      value.subarray(at, at + 1);
      const piece = value.subarray(at, at + step);
      expect(piece.length).toBe(Math.min(step, value.length - at));
      expect([piece[0], piece.at(-1)]).toEqual([octetAt(at), octetAt(at + piece.length - 1)]);
    }
    expect(made.most).toBe(MIB);
    expect(reads.reduce((sum, [from, to]) => sum + to - from, 0)).toBeLessThan(1.8 * value.length);
  });

  it('can be sent anew from its beginning at any moment', async () => {
    const { value } = ahead(3 * MIB);
    for (let at = 0; at < 2 * MIB; at += MIB / 4) {
      await value.refill();
      value.subarray(at, at + MIB / 4);
    }
    expect(value.subarray(0, 4)).toEqual(Uint8Array.of(octetAt(0), octetAt(1), octetAt(2), octetAt(3)));
    await value.refill();
    expect(value.subarray(4, 4 + MIB / 4)[0]).toBe(octetAt(4));
  });

  it('is read again after it was let go', async () => {
    const { value, reads } = ahead(10);
    await value.refill();
    await value.refill();
    expect(reads).toEqual([[0, 10]]);
    value.release();
    expect(() => value.subarray(0, 1)).toThrow(TypeError);
    await value.refill();
    expect(value.subarray(8, 20)).toEqual(Uint8Array.of(octetAt(8), octetAt(9)));
  });

  it('that became shorter ends the delivery', async () => {
    const value = new ReadAhead(100, async () => new Uint8Array(50));
    await expect(value.refill()).rejects.toMatchObject({ code: 'dm/value-changed' });
  });
});

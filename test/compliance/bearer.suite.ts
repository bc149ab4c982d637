import { afterEach, describe, expect, it } from 'vitest';
import type { ByteStream } from '../../src-main/base/byte-stream.ts';
import type { Bearer, BearerAddress, BearerListener } from '../../src-main/bearer/bearer.ts';
import { LONG } from '../support/thoroughness.ts';

/** What the suite has to know of one bearer. */
export interface BearerFixture<A extends BearerAddress> {
  readonly bearer: Bearer<A>;
  /** An address that may be listened on; any free place. */
  readonly free: () => string | Promise<string>;
  /** An address that nobody listens on. */
  readonly refused: () => Promise<string>;
  /** Breaks the link below a stream, as a pulled cable does. */
  readonly reset: (stream: ByteStream) => void;
  /** Breaks it so that the same address can be dialled again at once, as a cable put in again; default: `reset`. */
  readonly replug?: (stream: ByteStream) => Promise<void>;
  /**
   * A line, such as a serial cable: where it is dialled when it is listened on at `listening`. It carries one
   * conversation at a time and cannot be closed half: it shows no end but its loss, and says that it is busy when it
   * is taken.
   */
  readonly lineEnd?: (listening: string) => string;
  /** Megabytes that it carries each way in the usual run; default: the whole 64. */
  readonly megabytes?: number;
}

const never = new AbortController().signal;
const SMALL_WRITES = 10_000;
/** On a slow bearer the long run carries all of them, others less. */
const MEGABYTES = 64;
/** What one write is given of them, in octets: no multiple of a packet's or a buffer's length. */
const PIECE = 1_000_003;

/** Rules that every bearer keeps; `name` is how the report calls it. */
export function bearerSuite<A extends BearerAddress>(name: string, fixture: () => BearerFixture<A>): void {
  const isLine = fixture().lineEnd !== undefined;
  const megabytes = LONG ? MEGABYTES : (fixture().megabytes ?? MEGABYTES);
  // What does not exist on a line, or only there, is no case there, rather than one left out.
  const unlessLine: (name: string, body: () => Promise<void>) => void = isLine ? () => undefined : it;
  const onLine: (name: string, body: () => Promise<void>) => void = isLine ? it : () => undefined;
  describe(`bearer ${name}`, () => {
    const cleanUp: (() => Promise<void>)[] = [];
    afterEach(async () => {
      for (const step of cleanUp.splice(0).reverse()) await step();
    });

    interface Rig {
      readonly listener: BearerListener;
      readonly dial: (signal?: AbortSignal) => Promise<ByteStream>;
      readonly accepted: () => Promise<ByteStream>;
    }

    async function rig(): Promise<Rig> {
      const { bearer, free, lineEnd = (text: string) => text } = fixture();
      const arrived: ByteStream[] = [];
      const waiting: ((stream: ByteStream) => void)[] = [];
      const listener = await bearer.listen(bearer.parse(await free()), {
        signal: never,
        onStream: (stream) => {
          cleanUp.push(() => stream.close());
          const next = waiting.shift();
          if (next === undefined) arrived.push(stream);
          else next(stream);
        },
      });
      cleanUp.push(() => listener.close());
      return {
        listener,
        dial: async (signal = never) => {
          const stream = await bearer.dial(bearer.parse(lineEnd(listener.address.text)), { signal });
          cleanUp.push(() => stream.close());
          return stream;
        },
        accepted: () => {
          const stream = arrived.shift();
          return stream === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(stream);
        },
      };
    }

    async function pair(): Promise<readonly [ByteStream, ByteStream]> {
      const { dial, accepted } = await rig();
      const near = await dial();
      return [near, await accepted()];
    }

    it('gives an address that can be parsed back to itself', async () => {
      const { listener } = await rig();
      expect(fixture().bearer.parse(listener.address.text)).toEqual(listener.address);
    });

    it('refuses an address that is not its own', () => {
      expect(() => fixture().bearer.parse('carrier-pigeon:7')).toThrowError(
        expect.objectContaining({ code: 'bearer/address-invalid' }),
      );
    });

    it('carries bytes in order both ways', async () => {
      const [near, far] = await pair();
      await near.write(Uint8Array.of(1, 2, 3), never);
      await near.write(Uint8Array.of(4), never);
      expect(await readExactly(far, 4)).toEqual(Uint8Array.of(1, 2, 3, 4));
      await far.write(Uint8Array.of(9, 8), never);
      expect(await readExactly(near, 2)).toEqual(Uint8Array.of(9, 8));
    });

    it.each([
      ['array', (octets: readonly number[]) => Uint8Array.from(octets)],
      // Its slices are views.
      ['buffer', (octets: readonly number[]) => Buffer.from(octets)],
    ])('lets the writer use its %s again as soon as the write has resolved', async (_name, from) => {
      const [near, far] = await pair();
      for (const [writer, reader] of [
        [near, far],
        [far, near],
      ] as const) {
        const bytes = from([5, 6, 7]);
        await writer.write(bytes, never);
        bytes.fill(0);
        const read = await readExactly(reader, 3);
        expect(read).toEqual(Uint8Array.of(5, 6, 7));
      }
    });

    it(`carries ${megabytes} megabytes each way at once`, async () => {
      const [near, far] = await pair();
      const sent = patterned(megabytes * 1024 * 1024);
      const mirrored = sent.slice().reverse();
      await Promise.all([
        readSame(far, sent),
        readSame(near, mirrored),
        writeInPieces(near, sent),
        writeInPieces(far, mirrored),
      ]);
    });

    it(`carries ${SMALL_WRITES} writes of an octet`, async () => {
      const [near, far] = await pair();
      const sent = patterned(SMALL_WRITES);
      const write = async (): Promise<void> => {
        for (let index = 0; index < sent.length; index += 1) await near.write(sent.subarray(index, index + 1), never);
      };
      const [received] = await Promise.all([readExactly(far, sent.length), write()]);
      expect(Buffer.compare(received, sent)).toBe(0);
    });

    it('carries a message that is split at any of its borders', async () => {
      const [near, far] = await pair();
      const message = patterned(64);
      for (let border = 0; border <= message.length; border += 1) {
        await near.write(message.subarray(0, border), never);
        await near.write(message.subarray(border), never);
        expect(await readExactly(far, message.length)).toEqual(message);
      }
    });

    it('holds a writer back whose peer does not read', async () => {
      const [near, far] = await pair();
      const piece = patterned(1024 * 1024);
      const breakOff = new AbortController();
      let taken = 0;
      const flood = (async () => {
        for (; taken < 256; taken += 1) await near.write(piece, breakOff.signal);
      })();
      flood.catch(() => undefined);
      // Rounds of the event loop in which an unhindered writer would be through many times over.
      let before = -1;
      while (before !== taken) {
        before = taken;
        for (let turn = 0; turn < 2000; turn += 1) await new Promise(setImmediate);
      }
      expect(taken).toBeLessThan(64);
      breakOff.abort();
      await expect(flood).rejects.toMatchObject({ name: 'AbortError' });
      await far.close();
    });

    onLine('tells nobody that its other side has closed: what was written comes whole, then nothing', async () => {
      const { dial, accepted } = await rig();
      const near = await dial();
      const far = await accepted();
      await Promise.all([readExactly(far, 100_000), near.write(patterned(100_000), never)]).then(([octets]) =>
        expect(octets).toEqual(patterned(100_000)),
      );
      await near.close();
      const breakOff = new AbortController();
      const waiting = far.read(breakOff.signal);
      setImmediate(() => breakOff.abort());
      const how = await waiting.catch((error: { readonly name: string; readonly code?: string }) => error);
      expect(how).toSatisfy((it?: { name: string; code?: string }) => it?.name === 'AbortError' || isLoss(it));
      // It may be dialled again, whether the one who was called goes on or is told later.
      const again = await dial();
      await again.write(Uint8Array.of(5), never);
      const octet = await readExactly(far, 1).catch(async (error: unknown) => {
        expect(error).toSatisfy(isLoss);
        await far.close();
        return readExactly(await accepted(), 1);
      });
      expect(octet).toEqual(Uint8Array.of(5));
    });

    unlessLine('shows a clean end as undefined, after everything that was written before it', async () => {
      const [near, far] = await pair();
      const written = near.write(patterned(100_000), never).then(() => near.close());
      expect(await readExactly(far, 100_000)).toEqual(patterned(100_000));
      await written;
      expect(await far.read(never)).toBeUndefined();
      expect(await far.read(never)).toBeUndefined();
    });

    unlessLine(
      'lets the side that has seen the end say what it still has to, or tells it that nobody listens',
      async () => {
        const [near, far] = await pair();
        await near.close();
        expect(await far.read(never)).toBeUndefined();
        const last = far.write(patterned(1000), never);
        expect(await last.catch((error: unknown) => error)).toSatisfy((how) => how === undefined || isLoss(how));
        await far.close();
      },
    );

    it('is opened again after both sides have closed', async () => {
      const { dial, accepted } = await rig();
      for (let round = 0; round < 3; round += 1) {
        const near = await dial();
        const far = await accepted();
        await near.write(Uint8Array.of(round), never);
        expect(await readExactly(far, 1)).toEqual(Uint8Array.of(round));
        await Promise.all([near.close(), far.close()]);
      }
    });

    it('shows a broken link as bearer/lost to a read that waits and to those after it', async () => {
      const [near, far] = await pair();
      const waiting = far.read(never);
      waiting.catch(() => undefined);
      fixture().reset(near);
      await expect(waiting).rejects.toMatchObject({ code: 'bearer/lost' });
      await expect(far.read(never)).rejects.toMatchObject({ code: 'bearer/lost' });
      await expect(far.write(Uint8Array.of(1), never)).rejects.toMatchObject({ code: 'bearer/lost' });
      await expect(near.read(never)).rejects.toMatchObject({ code: 'bearer/lost' });
    });

    it('shows a broken link as bearer/lost to a write that waits for room', async () => {
      const [near, far] = await pair();
      const flood = (async () => {
        for (;;) await near.write(patterned(1024 * 1024), never);
      })();
      flood.catch(() => undefined);
      await far.read(never);
      fixture().reset(far);
      await expect(flood).rejects.toMatchObject({ code: 'bearer/lost' });
    });

    it('is opened again after its link broke', async () => {
      const { dial, accepted } = await rig();
      const { reset, replug = async (stream: ByteStream) => reset(stream) } = fixture();
      const near = await dial();
      const far = await accepted();
      const lost = [near, far].map((stream) => stream.read(never).catch((error: unknown) => error));
      await replug(far);
      for (const how of await Promise.all(lost)) expect(how).toSatisfy(isLoss);
      await Promise.all([near.close(), far.close()]);
      const again = await dial();
      const called = await accepted();
      await again.write(Uint8Array.of(1, 2), never);
      expect(await readExactly(called, 2)).toEqual(Uint8Array.of(1, 2));
      await called.write(Uint8Array.of(3), never);
      expect(await readExactly(again, 1)).toEqual(Uint8Array.of(3));
    });

    it('leaves the stream usable when a read is aborted, and loses nothing', async () => {
      const [near, far] = await pair();
      const breakOff = new AbortController();
      const waiting = far.read(breakOff.signal);
      breakOff.abort();
      await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
      await expect(far.read(breakOff.signal)).rejects.toMatchObject({ name: 'AbortError' });
      await near.write(Uint8Array.of(7, 7), never);
      expect(await readExactly(far, 2)).toEqual(Uint8Array.of(7, 7));
      await far.write(Uint8Array.of(8), never);
      expect(await readExactly(near, 1)).toEqual(Uint8Array.of(8));
    });

    it('writes nothing with a signal that was aborted, and minds none that is aborted afterwards', async () => {
      const [near, far] = await pair();
      await expect(near.write(Uint8Array.of(1), AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
      const late = new AbortController();
      const waiting = far.read(late.signal);
      await near.write(Uint8Array.of(2), late.signal);
      expect(await waiting).toEqual(Uint8Array.of(2));
      late.abort();
      await near.write(Uint8Array.of(3), never);
      expect(await readExactly(far, 1)).toEqual(Uint8Array.of(3));
    });

    it('ends a write that waits for room when it is aborted, and can be closed and opened again then', async () => {
      const { dial, accepted } = await rig();
      const near = await dial();
      const far = await accepted();
      const breakOff = new AbortController();
      const flood = (async () => {
        for (;;) await near.write(patterned(1024 * 1024), breakOff.signal);
      })();
      flood.catch(() => undefined);
      await far.read(never);
      breakOff.abort();
      await expect(flood).rejects.toMatchObject({ name: 'AbortError' });
      await Promise.all([near.close(), far.close()]);
      const again = await dial();
      const called = await accepted();
      await called.write(Uint8Array.of(6), never);
      expect(await readExactly(again, 1)).toEqual(Uint8Array.of(6));
    });

    it('is opened or not when its opening is aborted at any moment, and leaves the place free', async () => {
      const { dial, accepted } = await rig();
      for (let turns = 0; turns < 12; turns += 1) {
        const breakOff = new AbortController();
        const dialling = dial(breakOff.signal).catch((error: unknown) => error as DOMException);
        for (let turn = 0; turn < turns; turn += 1) await new Promise(setImmediate);
        breakOff.abort();
        const opened = await dialling;
        if ('close' in opened) await opened.close();
        else expect(opened.name).toBe('AbortError');
      }
      // Those that came about before they were broken off may still be on their way.
      const near = await dial();
      await near.write(Uint8Array.of(4), never);
      for (;;) {
        const first = await (await accepted()).read(never).catch(() => undefined);
        if (first === undefined) continue;
        expect(first).toEqual(Uint8Array.of(4));
        break;
      }
    });

    it('minds no abort of the signal that a stream was opened with, once it is open', async () => {
      const { dial, accepted } = await rig();
      const opening = new AbortController();
      const near = await dial(opening.signal);
      const far = await accepted();
      opening.abort();
      await near.write(Uint8Array.of(1), never);
      expect(await readExactly(far, 1)).toEqual(Uint8Array.of(1));
      await far.write(Uint8Array.of(2), never);
      expect(await readExactly(near, 1)).toEqual(Uint8Array.of(2));
    });

    it('may be closed again, from both sides and with a read waiting', async () => {
      const [near, far] = await pair();
      const waiting = near.read(never);
      waiting.catch(() => undefined);
      await Promise.all([near.close(), near.close(), far.close()]);
      await near.close();
      await expect(waiting).rejects.toMatchObject({ code: 'bearer/lost' });
      await expect(near.write(Uint8Array.of(1), never)).rejects.toMatchObject({ code: 'bearer/lost' });
    });

    it('says bearer/unavailable when nobody listens', async () => {
      const { bearer, refused } = fixture();
      const address = bearer.parse(await refused());
      await expect(bearer.dial(address, { signal: never })).rejects.toMatchObject({
        code: 'bearer/unavailable',
        details: { address: address.text },
      });
    });

    it(`says bearer/${isLine ? 'busy' : 'unavailable'} when the address is taken`, async () => {
      const { listener } = await rig();
      const { bearer } = fixture();
      const again = bearer.listen(bearer.parse(listener.address.text), { signal: never, onStream: () => undefined });
      await expect(again).rejects.toMatchObject({ code: isLine ? 'bearer/busy' : 'bearer/unavailable' });
    });

    it('does not dial or listen with a signal that was aborted', async () => {
      const { bearer, free } = fixture();
      const { dial } = await rig();
      const gone = AbortSignal.abort();
      await expect(dial(gone)).rejects.toMatchObject({ name: 'AbortError' });
      const listening = bearer.listen(bearer.parse(await free()), { signal: gone, onStream: () => undefined });
      await expect(listening).rejects.toMatchObject({ name: 'AbortError' });
    });

    unlessLine('stops listening when its signal is aborted, and leaves streams open', async () => {
      const { bearer, free } = fixture();
      const stop = new AbortController();
      const come = Promise.withResolvers<ByteStream>();
      const listener = await bearer.listen(bearer.parse(await free()), {
        signal: stop.signal,
        onStream: come.resolve,
      });
      const dial = () => bearer.dial(bearer.parse(listener.address.text), { signal: never });
      const near = await dial();
      const far = await come.promise;
      cleanUp.push(async () => void (await Promise.all([near.close(), far.close()])));
      stop.abort();
      await listener.close();
      await expect(dial()).rejects.toMatchObject({ code: 'bearer/unavailable' });
      await near.write(Uint8Array.of(1), never);
      expect(await readExactly(far, 1)).toEqual(Uint8Array.of(1));
    });

    unlessLine('keeps the streams of several peers apart', async () => {
      const { dial, accepted } = await rig();
      const pairs: (readonly [ByteStream, ByteStream])[] = [];
      for (let index = 0; index < 8; index += 1) {
        const near = await dial();
        pairs.push([near, await accepted()]);
      }
      await Promise.all(pairs.map(([near], index) => near.write(new Uint8Array(1000).fill(index), never)));
      for (const [index, [, far]] of pairs.entries()) {
        expect(await readExactly(far, 1000)).toEqual(new Uint8Array(1000).fill(index));
      }
    });

    it('leaves streams open when the listener is closed, and takes no more', async () => {
      const { listener, dial, accepted } = await rig();
      const near = await dial();
      const far = await accepted();
      await listener.close();
      await listener.close();
      await near.write(Uint8Array.of(3), never);
      expect(await readExactly(far, 1)).toEqual(Uint8Array.of(3));
      // A line is there without anybody at its other end.
      if (!isLine) await expect(dial()).rejects.toMatchObject({ code: 'bearer/unavailable' });
    });
  });
}

/** Octets of which no four, at a border of four, are like any others. */
function patterned(length: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4));
  // An odd factor: all of the first 2^32 products are different.
  for (let index = 0; index < words.length; index += 1) words[index] = Math.imul(index + 1, 0x9e3779b1);
  return new Uint8Array(words.buffer, 0, length);
}

function isLoss(how: unknown): boolean {
  return (how as { readonly code?: string } | undefined)?.code === 'bearer/lost';
}

async function writeInPieces(stream: ByteStream, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += PIECE) await stream.write(bytes.subarray(at, at + PIECE), never);
}

/** Reads until everything has come, each octet as it was sent. */
async function readSame(stream: ByteStream, sent: Uint8Array): Promise<void> {
  for (let at = 0; at < sent.length; ) {
    const part = await stream.read(never);
    const wanted = sent.subarray(at, at + (part?.length ?? 0));
    if (part === undefined) throw new Error(`the stream ended after ${at} of ${sent.length} octets`);
    if (Buffer.compare(part, wanted) !== 0) throw new Error(`what came is different after ${at} octets`);
    at += part.length;
  }
}

async function readExactly(stream: ByteStream, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const part = await stream.read(never);
    if (part === undefined) throw new Error(`the stream ended after ${filled} of ${length} octets`);
    if (filled + part.length > length) throw new Error('the stream gave more than was written');
    bytes.set(part, filled);
    filled += part.length;
  }
  return bytes;
}

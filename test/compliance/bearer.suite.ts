import { afterEach, describe, expect, it } from 'vitest';
import type { ByteStream } from '../../src-main/base/byte-stream.ts';
import type { Bearer, BearerAddress, BearerListener } from '../../src-main/bearer/bearer.ts';

/** What the suite has to know of one bearer. */
export interface BearerFixture<A extends BearerAddress> {
  readonly bearer: Bearer<A>;
  /** An address that may be listened on; any free place. */
  readonly free: () => string | Promise<string>;
  /** An address that nobody listens on. */
  readonly refused: () => Promise<string>;
  /** Breaks the link below a stream, as a pulled cable does. */
  readonly reset: (stream: ByteStream) => void;
  /**
   * A line, such as a serial cable: where it is dialled when it is listened on at `listening`. It carries one
   * conversation at a time, shows no end but the loss of the port, and says that it is busy when it is taken.
   */
  readonly lineEnd?: (listening: string) => string;
}

const never = new AbortController().signal;
/** What takes long is done in full by `npm run test:long`, and shown with less in the usual run. */
const LONG = process.env.PC_AGENT_LONG === '1';
const SMALL_WRITES = LONG ? 10_000 : 1_000;
const MEGABYTES = LONG ? 64 : 4;

/** Rules that every bearer keeps; `name` is how the report calls it. */
export function bearerSuite<A extends BearerAddress>(name: string, fixture: () => BearerFixture<A>): void {
  const isLine = fixture().lineEnd !== undefined;
  // A line has one peer and no end of its own: what does not exist there is no case, rather than one left out.
  const unlessLine: (name: string, body: () => Promise<void>) => void = isLine ? () => undefined : it;
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

    it('lets the writer use its array again once the write has resolved and the bytes were read', async () => {
      const [near, far] = await pair();
      const bytes = Uint8Array.of(5, 6, 7);
      await near.write(bytes, never);
      const read = await readExactly(far, 3);
      bytes.fill(0);
      expect(read).toEqual(Uint8Array.of(5, 6, 7));
    });

    it(`carries ${MEGABYTES} megabytes each way at once`, async () => {
      const [near, far] = await pair();
      const sent = patterned(MEGABYTES * 1024 * 1024);
      const results = await Promise.all([
        readExactly(far, sent.length),
        readExactly(near, sent.length),
        near.write(sent, never),
        far.write(sent, never),
      ]);
      expect(Buffer.compare(results[0], sent)).toBe(0);
      expect(Buffer.compare(results[1], sent)).toBe(0);
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
        expect(await last.catch((error: unknown) => error)).toSatisfy(
          (how) => how === undefined || (how as { code?: string }).code === 'bearer/lost',
        );
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

function patterned(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) bytes[index] = (index * 31 + (index >> 8)) & 0xff;
  return bytes;
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

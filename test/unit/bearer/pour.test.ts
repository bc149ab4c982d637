import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import { type Drain, pour } from '../../../src-main/base/pour.ts';
import { tcpAddress } from '../../../src-main/bearer/tcp/tcp-address.ts';
import { createTcpBearer } from '../../../src-main/bearer/tcp/tcp-bearer.ts';

const never = new AbortController().signal;
const opened: { close(): unknown }[] = [];

afterEach(async () => {
  for (const each of opened.splice(0).toReversed()) await each.close();
});

/** A stream of the bearer, and the plain socket at its other end. */
async function connected(): Promise<{ readonly stream: ByteStream; readonly far: Socket }> {
  const server = createServer({ allowHalfOpen: true });
  opened.push({ close: () => server.close() });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const at = server.address();
  const came = once(server, 'connection');
  const port = at !== null && typeof at === 'object' ? at.port : 0;
  const stream = await createTcpBearer().dial(tcpAddress('127.0.0.1', port), { signal: never });
  const [far] = (await came) as [Socket];
  opened.push({ close: () => far.destroy() }, stream);
  return { stream, far };
}

/** Takes what it is given when the test lets it. */
class Taker {
  readonly octets: number[] = [];
  pieces = 0;
  #given = Promise.withResolvers<void>();
  room: PromiseWithResolvers<void> | undefined;

  readonly take = (bytes: Uint8Array): Promise<void> | undefined => {
    this.pieces += 1;
    for (const octet of bytes) this.octets.push(octet);
    this.#given.resolve();
    this.#given = Promise.withResolvers();
    return this.room?.promise;
  };

  async until(count: number): Promise<void> {
    while (this.octets.length < count) await this.#given.promise;
  }
}

const PATTERN = Uint8Array.from({ length: 251 }, (_, index) => index);
const patterned = (length: number): Buffer => Buffer.alloc(length, PATTERN);

describe('pouring out what comes over TCP', () => {
  it('gives everything in order, and ends with the other side', async () => {
    const { stream, far } = await connected();
    const taker = new Taker();
    const sent = patterned(300_000);
    far.end(sent);
    await stream.pour?.(taker.take, never);
    expect(Buffer.from(taker.octets).equals(sent)).toBe(true);
  });

  it('gives no more while the taker has no room, and what it was given stays as it was until then', async () => {
    const { stream, far } = await connected();
    const sent = patterned(1_000_000);
    const rooms: PromiseWithResolvers<void>[] = [];
    const given: { readonly lent: Uint8Array; readonly was: Buffer }[] = [];
    let more = Promise.withResolvers<void>();
    const over = stream.pour?.((bytes) => {
      const room = Promise.withResolvers<void>();
      rooms.push(room);
      given.push({ lent: bytes, was: Buffer.from(bytes) });
      more.resolve();
      return room.promise;
    }, never);
    far.end(sent);
    const got: Buffer[] = [];
    for (let count = 0; count < sent.length; ) {
      if (rooms.length === 0) await more.promise;
      more = Promise.withResolvers();
      // What the system has for us meanwhile must not touch it.
      await new Promise((later) => setImmediate(later));
      expect(rooms.length).toBe(1);
      const piece = given.shift();
      expect(Buffer.from(piece?.lent ?? []).equals(piece?.was ?? sent)).toBe(true);
      got.push(piece?.was ?? sent);
      count += piece?.was.length ?? sent.length;
      rooms.shift()?.resolve();
      await new Promise((later) => setImmediate(later));
    }
    await over;
    expect(Buffer.concat(got).equals(sent)).toBe(true);
  });

  it('stops where it is aborted, also while the taker has no room, and what comes then can be read', async () => {
    const { stream, far } = await connected();
    const taker = new Taker();
    taker.room = Promise.withResolvers();
    const stop = new AbortController();
    const over = stream.pour?.(taker.take, stop.signal);
    far.write(Uint8Array.of(1, 2, 3));
    await taker.until(3);
    stop.abort();
    await expect(over).rejects.toMatchObject({ name: 'AbortError' });
    taker.room.resolve();
    far.write(Uint8Array.of(4, 5));
    expect([...((await stream.read(never)) ?? [])]).toEqual([4, 5]);
    expect(taker.octets).toEqual([1, 2, 3]);
  });

  it.each(['at once', 'later'])('fails with what the taker fails with, %s', async (when) => {
    const { stream, far } = await connected();
    const over = stream.pour?.(() => {
      if (when === 'at once') throw new Error('no more');
      return Promise.reject(new Error('no more'));
    }, never);
    const heard = expect(over).rejects.toThrow('no more');
    far.write(Uint8Array.of(1));
    await heard;
  });

  it('says that the link is lost when it breaks', async () => {
    const { stream, far } = await connected();
    const taker = new Taker();
    const over = stream.pour?.(taker.take, never);
    const heard = expect(over).rejects.toMatchObject({ code: 'bearer/lost' });
    far.write(Uint8Array.of(1));
    await taker.until(1);
    far.resetAndDestroy();
    await heard;
  });

  it('waits for the taker first: what it was given before the break is taken on', async () => {
    const { stream, far } = await connected();
    const taker = new Taker();
    taker.room = Promise.withResolvers();
    let lost = false;
    const over = stream.pour?.(taker.take, never).catch((error: unknown) => {
      lost = true;
      return error;
    });
    far.write(Uint8Array.of(1));
    await taker.until(1);
    far.resetAndDestroy();
    await once(far, 'close');
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect(lost).toBe(false);
    taker.room.resolve();
    expect(await over).toMatchObject({ code: 'bearer/lost' });
  });

  it('says so too when the stream is closed under it', async () => {
    const { stream } = await connected();
    const heard = expect(stream.pour?.(() => undefined, never)).rejects.toMatchObject({ code: 'bearer/lost' });
    await stream.close();
    await heard;
  });
});

describe('pouring from one stream into another', () => {
  it('carries everything, also where the system has no room for what is to be written', async () => {
    const { stream: from, far: source } = await connected();
    const { stream: to, far: drain } = await connected();
    // More than the system keeps for both.
    const sent = patterned(32_000_000);
    const full = Promise.withResolvers<void>();
    const watched: Drain = {
      write: (bytes, signal) => to.write(bytes, signal),
      push: (bytes, signal) => {
        const room = to.push?.(bytes, signal);
        if (room !== undefined) full.resolve();
        return room;
      },
    };
    const over = pour(from, watched, never);
    source.end(sent);
    await full.promise;
    const got: Buffer[] = [];
    let length = 0;
    for await (const piece of drain as AsyncIterable<Buffer>) {
      got.push(piece);
      length += piece.length;
      if (length === sent.length) break;
    }
    await over;
    expect(Buffer.concat(got).equals(sent)).toBe(true);
  });

  it('does so with streams that only read and write', async () => {
    const pieces = [Uint8Array.of(1), Uint8Array.of(2, 3)];
    const got: number[] = [];
    await pour(
      { read: async () => pieces.shift() },
      {
        async write(bytes) {
          got.push(...bytes);
        },
      },
      never,
    );
    expect(got).toEqual([1, 2, 3]);
  });
});

import { readdirSync, statSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { milliseconds } from '../../../src-main/base/durations.ts';
import { memoryPair } from '../../../src-main/bearer/memory/memory-stream.ts';
import { connectObex, type ObexClient } from '../../../src-main/obex/client.ts';
import { bytesHeader, HeaderId, textHeader, wordHeader } from '../../../src-main/obex/header.ts';
import { encodeConnect, encodePacket, FINAL_BIT, Opcode, ResponseCode } from '../../../src-main/obex/packet.ts';
import { PacketStream } from '../../../src-main/obex/packet-stream.ts';
import { serveObex } from '../../../src-main/obex/server.ts';
import type { ObexService, ObexServiceConnection, ObexSink } from '../../../src-main/obex/service.ts';
import { WriteBehind } from '../../../src-main/obex/write-behind.ts';
import { inboxService } from '../../../src-main/virtual/handset/inbox.ts';

const never = new AbortController().signal;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A sink that writes down what it is told, and fails or waits where the test says so. */
class WatchedSink implements ObexSink {
  readonly pieces: number[] = [];
  readonly told: string[] = [];
  failAt = Number.POSITIVE_INFINITY;
  before: () => Promise<void> | void = () => undefined;
  code: number = ResponseCode.Success;
  readonly discarded = Promise.withResolvers<void>();
  #writing = false;

  async write(octets: Uint8Array): Promise<void> {
    if (this.#writing) throw new TypeError('two writes at a time');
    this.#writing = true;
    await this.before();
    this.#writing = false;
    if (this.pieces.length >= this.failAt) throw new Error('the disk is full');
    this.pieces.push(octets.length);
  }

  async finish() {
    this.told.push('finish');
    return { code: this.code };
  }

  async discard() {
    this.told.push('discard');
    this.discarded.resolve();
  }
}

/** What it is told to write, it writes behind. */
function behind(sink: WatchedSink): ObexSink {
  const written = new WriteBehind((piece) => sink.write(piece));
  return {
    write: (octets) => written.take(octets),
    finish: async () => {
      await written.end();
      return sink.finish();
    },
    discard: async () => {
      await written.forget();
      await sink.discard();
    },
  };
}

function serviceWith(sink: ObexSink, maxObject = 5000): ObexService {
  return {
    serves: () => true,
    connect: () => ({
      maxObject,
      acceptPut: () => sink,
      put: async () => ({ code: ResponseCode.InternalServerError }),
      get: async () => ({ code: ResponseCode.NotFound }),
      aborted: () => undefined,
      ended: () => undefined,
    }),
  };
}

async function client(
  service: ObexService,
  maxPacket = 500,
  onSent: (octets: number) => void = () => undefined,
): Promise<{ readonly client: ObexClient; readonly cut: () => void }> {
  const [near, far] = memoryPair();
  const write = near.write.bind(near);
  near.write = (octets, signal) => {
    onSent(octets.length);
    return write(octets, signal);
  };
  serveObex(far, { services: [service], signal: never, maxPacket }).catch(() => undefined);
  const opened = await connectObex(near, { signal: never });
  closers.push(() => opened.close());
  return { client: opened, cut: () => near.reset() };
}

const named = (name: string) => [textHeader(HeaderId.Name, name)];

describe('a sink of an OBEX service', () => {
  it('gets the body in order, one piece at a time, and the object ends with what it says', async () => {
    const sink = new WatchedSink();
    const { client: peer } = await client(serviceWith(sink));
    expect(await peer.put({ headers: named('a'), body: new Uint8Array(1200) }, never)).toBe(0xa0);
    expect(sink.pieces.reduce((sum, piece) => sum + piece, 0)).toBe(1200);
    expect(sink.pieces.length).toBeGreaterThan(2);
    expect(sink.told).toEqual(['finish']);
  });

  it('that writes behind goes on taking while it writes, and holds the peer back when it is a megabyte behind', async () => {
    const sink = new WatchedSink();
    const gate = Promise.withResolvers<void>();
    sink.before = () => gate.promise;
    let sent = 0;
    const size = 4 << 20;
    const { client: peer } = await client(serviceWith(behind(sink), size), 65_535, (octets) => {
      sent += octets;
    });
    let done = false;
    const putting = peer.put({ headers: named('a'), body: new Uint8Array(size) }, never).then((code) => {
      done = true;
      return code;
    });
    for (let turn = 0; turn < 500; turn += 1) await new Promise(setImmediate);
    expect({ done, pieces: sink.pieces }).toEqual({ done: false, pieces: [] });
    expect(sent).toBeGreaterThan(1 << 20);
    expect(sent).toBeLessThan((1 << 20) + 4 * 65_535);
    gate.resolve();
    expect(await putting).toBe(0xa0);
    expect(sink.pieces.reduce((sum, piece) => sum + piece, 0)).toBe(size);
    expect(sink.pieces.slice(0, -1)).toEqual(sink.pieces.slice(1).map(() => 64 * 1024));
  });

  it('that is told to forget an object is given no more of it', async () => {
    const sink = new WatchedSink();
    const gate = Promise.withResolvers<void>();
    sink.before = () => gate.promise;
    const { client: peer, cut } = await client(serviceWith(sink));
    const putting = peer.put({ headers: named('a'), body: new Uint8Array(4000) }, never);
    for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
    cut();
    await expect(putting).rejects.toMatchObject({ code: 'bearer/lost' });
    await sink.discarded.promise;
    gate.resolve();
    for (let turn = 0; turn < 100; turn += 1) await new Promise(setImmediate);
    expect(sink.pieces.length).toBeLessThanOrEqual(1);
  });

  it('whose writing fails refuses the object and leaves the connection usable', async () => {
    const sink = new WatchedSink();
    sink.failAt = 1;
    const { client: peer } = await client(serviceWith(sink));
    await expect(peer.put({ headers: named('a'), body: new Uint8Array(3000) }, never)).rejects.toMatchObject({
      code: 'obex/response',
      details: { response: ResponseCode.DatabaseFull },
    });
    expect(sink.told).toEqual(['discard']);
    await expect(peer.get(named('x'), { signal: never })).rejects.toMatchObject({ code: 'obex/response' });
  });

  it('that takes at once is given an object after the peer was answered, in order and whole', async () => {
    const got: number[] = [];
    let answered = 0;
    const sink: ObexSink = {
      prompt: true,
      write: (octets) => void got.push(octets.length, answered),
      finish: async () => ({ code: ResponseCode.Success }),
      discard: async () => undefined,
    };
    const [near, far] = memoryPair();
    const write = far.write.bind(far);
    far.write = (octets, signal) => {
      answered += 1;
      return write(octets, signal);
    };
    serveObex(far, { services: [serviceWith(sink)], signal: never, maxPacket: 500 }).catch(() => undefined);
    const peer = await connectObex(near, { signal: never });
    closers.push(() => peer.close());
    expect(await peer.put({ headers: named('a'), body: new Uint8Array(1200) }, never)).toBe(0xa0);
    const lengths = got.filter((_, index) => index % 2 === 0);
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(1200);
    // CONNECT was answered, and each packet before its octets were given, but the last.
    expect(got.filter((_, index) => index % 2 === 1)).toEqual([2, 3, 3]);
  });

  it.each([1, 2])(
    'that takes at once and fails at write %d refuses the object with the next packet',
    async (failing) => {
      const told: string[] = [];
      let writes = 0;
      const sink: ObexSink = {
        prompt: true,
        write: () => {
          writes += 1;
          if (writes === failing) throw new Error('the disk is full');
          return undefined;
        },
        finish: async () => ({ code: ResponseCode.Success }),
        discard: async () => void told.push('discard'),
      };
      const { client: peer } = await client(serviceWith(sink));
      await expect(peer.put({ headers: named('a'), body: new Uint8Array(1200) }, never)).rejects.toMatchObject({
        details: { response: ResponseCode.DatabaseFull },
      });
      expect({ told, writes }).toEqual({ told: ['discard'], writes: failing });
      await expect(peer.get(named('x'), { signal: never })).rejects.toMatchObject({ code: 'obex/response' });
    },
  );

  it('that takes at once but has no room for once is waited for, and a drop does not wait for it', async () => {
    const drop = new AbortController();
    let discarded = false;
    const writing = Promise.withResolvers<void>();
    const sink: ObexSink = {
      prompt: true,
      write: () => {
        writing.resolve();
        return new Promise(() => undefined);
      },
      finish: async () => ({ code: ResponseCode.Success }),
      discard: async () => {
        discarded = true;
      },
    };
    const [near, far] = memoryPair();
    const served = serveObex(far, { services: [serviceWith(sink)], signal: drop.signal, maxPacket: 500 });
    const heard = expect(served).rejects.toMatchObject({ name: 'AbortError' });
    const peer = await connectObex(near, { signal: never });
    const put = expect(peer.put({ headers: named('a'), body: new Uint8Array(1200) }, never)).rejects.toThrow();
    await writing.promise;
    drop.abort();
    await heard;
    expect(discarded).toBe(true);
    await put;
    await peer.close();
  });

  it.each([true, false])(
    'that never has room again costs the stream, in time (it takes at once: %s)',
    async (prompt) => {
      let discarded = false;
      const sink: ObexSink = {
        prompt,
        write: () => new Promise(() => undefined),
        finish: async () => ({ code: ResponseCode.Success }),
        discard: async () => {
          discarded = true;
        },
      };
      const [near, far] = memoryPair();
      const services = [serviceWith(sink)];
      const served = serveObex(far, { services, signal: never, maxPacket: 500, pause: milliseconds(30) });
      const heard = expect(served).rejects.toMatchObject({ code: 'obex/timeout' });
      const peer = await connectObex(near, { signal: never });
      await expect(peer.put({ headers: named('a'), body: new Uint8Array(1200) }, never)).rejects.toThrow();
      await heard;
      expect(discarded).toBe(true);
      await peer.close();
    },
  );

  it('has forgotten what it took when the peer hears that there is no room', async () => {
    const sink = new WatchedSink();
    sink.failAt = 1;
    const gate = Promise.withResolvers<void>();
    let forgotten = false;
    const slow: ObexSink = {
      write: (octets) => sink.write(octets),
      finish: () => sink.finish(),
      discard: async () => {
        sink.discarded.resolve();
        await gate.promise;
        forgotten = true;
      },
    };
    const { client: peer } = await client(serviceWith(slow));
    let answered = false;
    const put = peer.put({ headers: named('a'), body: new Uint8Array(1200) }, never).catch((error: unknown) => {
      answered = true;
      return error;
    });
    await sink.discarded.promise;
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect(answered).toBe(false);
    gate.resolve();
    expect(await put).toMatchObject({ details: { response: ResponseCode.DatabaseFull } });
    expect(forgotten).toBe(true);
  });

  it('that cannot forget what it took, for a disk that hangs, costs the stream in time', async () => {
    const sink: ObexSink = {
      write: () => Promise.reject(new Error('the disk is full')),
      finish: async () => ({ code: ResponseCode.Success }),
      discard: () => new Promise(() => undefined),
    };
    const [near, far] = memoryPair();
    const services = [serviceWith(sink)];
    serveObex(far, { services, signal: never, maxPacket: 500, pause: milliseconds(30) }).catch(() => undefined);
    const peer = await connectObex(near, { signal: never });
    const put = peer.put({ headers: named('a'), body: new Uint8Array(1200) }, never);
    await expect(put).rejects.toMatchObject({ code: 'bearer/lost' });
    await peer.close();
  });

  it('has forgotten each object that was broken off when serving ends, in whatever order', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const forgotten: number[] = [];
    let sinks = 0;
    const acceptPut = (): ObexSink => {
      const number = sinks;
      sinks += 1;
      return {
        write: () => undefined,
        finish: async () => ({ code: ResponseCode.Success }),
        discard: async () => {
          await gates[number]?.promise;
          forgotten.push(number);
        },
      };
    };
    const service = serviceWith(new WatchedSink());
    const twice: ObexService = {
      serves: () => true,
      connect: (request) => ({ ...(service.connect(request) as ObexServiceConnection), acceptPut }),
    };
    const [near, far] = memoryPair();
    const served = serveObex(far, { services: [twice], signal: never, maxPacket: 500 });
    const packets = new PacketStream(near, 500);
    const connect = encodeConnect(Opcode.Connect, { version: 0x10, flags: 0, maxPacket: 500 }, []);
    const begin = encodePacket(Opcode.Put, [...named('a'), bytesHeader(HeaderId.Body, new Uint8Array(9))]);
    for (const packet of [connect, begin, encodePacket(Opcode.Abort, []), begin, encodePacket(Opcode.Abort, [])]) {
      await packets.write(packet, never);
      await packets.read(never);
    }
    await packets.close();
    gates[1]?.resolve();
    let over = false;
    const end = served.then(() => {
      over = true;
    });
    for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    expect({ over, forgotten }).toEqual({ over: false, forgotten: [1] });
    gates[0]?.resolve();
    await end;
    expect(forgotten).toEqual([1, 0]);
  });

  it('whose last write fails, or who refuses at the end, keeps nothing', async () => {
    for (const set of [{ failAt: 0 }, { code: ResponseCode.DatabaseFull }]) {
      const sink: WatchedSink = Object.assign(new WatchedSink(), set as Partial<Pick<WatchedSink, 'failAt' | 'code'>>);
      const { client: peer } = await client(serviceWith(sink));
      await expect(peer.put({ headers: named('a'), body: new Uint8Array(10) }, never)).rejects.toMatchObject({
        code: 'obex/response',
      });
      expect(sink.told.at(-1)).toBe('discard');
    }
  });

  it.each(['a broken link', 'ABORT', 'an object that is too large'])('is told to forget it after %s', async (how) => {
    const sink = new WatchedSink();
    const stop = new AbortController();
    const { client: peer, cut } = await client(serviceWith(sink));
    const end = how === 'ABORT' ? () => stop.abort() : how === 'a broken link' ? cut : () => undefined;
    sink.before = end;
    await expect(peer.put({ headers: named('a'), body: new Uint8Array(20_000) }, stop.signal)).rejects.toThrow();
    await sink.discarded.promise;
    expect(sink.told).not.toContain('finish');
  });
});

/** Octets of a packet that our client would send one after the other. */
const putPacket = (opcode: number, ...bodies: readonly Uint8Array[]): Uint8Array => {
  const last = bodies.length - 1;
  const idOf = (index: number): number => (opcode === Opcode.Put || index < last ? HeaderId.Body : HeaderId.EndOfBody);
  return encodePacket(opcode, [...bodies.map((body, index) => bytesHeader(idOf(index), body))]);
};

describe('a peer that sends packets of one object ahead', () => {
  it('is answered in order, and the sink gets the object whole', async () => {
    const sink = new WatchedSink();
    const gate = Promise.withResolvers<void>();
    sink.before = () => gate.promise;
    const [near, far] = memoryPair();
    const stop = new AbortController();
    const serving = serveObex(far, { services: [serviceWith(sink)], signal: stop.signal, maxPacket: 500 });
    await near.write(encodeConnect(Opcode.Connect, { version: 0x10, flags: 0, maxPacket: 500 }, []), never);
    for (const length of [100, 200]) {
      await near.write(putPacket(Opcode.Put, new Uint8Array(length), new Uint8Array(3)), never);
    }
    await near.write(putPacket(Opcode.Put | FINAL_BIT, new Uint8Array(50), new Uint8Array(0)), never);
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    expect(sink.pieces).toEqual([]);
    gate.resolve();
    const answers: number[] = [];
    const packets = new PacketStream(near, 500);
    for (let count = 0; count < 4; count += 1) answers.push((await packets.read(never))?.[0] ?? 0);
    expect(answers).toEqual([0xa0, 0x90, 0x90, 0xa0]);
    expect({ pieces: sink.pieces, told: sink.told }).toEqual({ pieces: [103, 203, 50], told: ['finish'] });
    stop.abort();
    await expect(serving).rejects.toThrow(/abort/);
  });

  it('and is dropped while the sink has no room, leaves nothing waiting', async () => {
    const sink = new WatchedSink();
    sink.before = () => new Promise(() => undefined);
    const [near, far] = memoryPair();
    const stop = new AbortController();
    const serving = serveObex(far, { services: [serviceWith(sink)], signal: stop.signal, maxPacket: 500 });
    await near.write(encodeConnect(Opcode.Connect, { version: 0x10, flags: 0, maxPacket: 500 }, []), never);
    for (let count = 0; count < 2; count += 1) await near.write(putPacket(Opcode.Put, new Uint8Array(9)), never);
    for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
    stop.abort();
    await expect(serving).rejects.toThrow(/abort/);
    expect(sink.told).toEqual(['discard']);
  });
});

describe('an inbox in a folder', () => {
  it.each([
    ['ABORT', 1000],
    ['ABORT', 900_000],
    ['its end', 1000],
    ['its end', 900_000],
  ])('keeps an object whole or not at all when its last packet is followed by %s (%d octets)', async (how, length) => {
    for (let round = 0; round < 5; round += 1) {
      const folder = await mkdtemp(join(tmpdir(), 'inbox-'));
      closers.push(() => rm(folder, { recursive: true, force: true }));
      const [near, far] = memoryPair();
      const stored: number[] = [];
      const service = inboxService({ folder, onStored: (_, size) => stored.push(size) });
      const serving = serveObex(far, { services: [service], signal: never }).catch(() => undefined);
      await near.write(encodeConnect(Opcode.Connect, { version: 0x10, flags: 0, maxPacket: 65_535 }, []), never);
      const name = encodePacket(Opcode.Put, named('a'));
      const parts: Uint8Array[] = [name];
      for (let at = 0; at < length; at += 60_000) {
        const opcode = at + 60_000 < length ? Opcode.Put : Opcode.Put | FINAL_BIT;
        parts.push(putPacket(opcode, new Uint8Array(Math.min(60_000, length - at))));
      }
      if (how === 'ABORT') parts.push(encodePacket(Opcode.Abort, []));
      const reading = (async () => {
        while ((await near.read(never)) !== undefined);
      })().catch(() => undefined);
      await near.write(Buffer.concat(parts), never);
      if (how === 'ABORT') for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
      await near.close();
      await Promise.all([serving, reading]);
      // Looked at without a turn in between, as by a process that ends now.
      const kept = readdirSync(folder).map((file) => [file, statSync(join(folder, file)).size]);
      expect([[], [['a', length]]]).toContainEqual(kept);
      expect(stored).toEqual(kept.map(([, size]) => size));
    }
  });

  it('has forgotten half an object when serving its peer has ended', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'inbox-'));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const stop = new AbortController();
    const [near, far] = memoryPair();
    const serving = serveObex(far, { services: [inboxService({ folder })], signal: stop.signal, maxPacket: 500 });
    await near.write(encodeConnect(Opcode.Connect, { version: 0x10, flags: 0, maxPacket: 500 }, []), never);
    await near.write(encodePacket(Opcode.Put, [...named('a'), bytesHeader(HeaderId.Body, new Uint8Array(400))]), never);
    await expect.poll(() => readdir(folder)).toHaveLength(1);
    stop.abort();
    await expect(serving).rejects.toThrow(/abort/);
    // Looked at without a turn in between, as by a process that ends now.
    expect(readdirSync(folder)).toEqual([]);
  });

  it('keeps large objects as they come, whole or not at all', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'inbox-'));
    closers.push(() => rm(folder, { recursive: true, force: true }));
    const stored: string[] = [];
    const service = inboxService({ folder, capacity: 4000, onStored: (name, size) => stored.push(`${name} ${size}`) });
    const { client: peer, cut } = await client(service);
    const body = Uint8Array.from({ length: 1500 }, (_, index) => index % 251);
    expect(await peer.put({ headers: named('a.bin'), body }, never)).toBe(0xa0);
    expect(new Uint8Array(await readFile(join(folder, 'a.bin')))).toEqual(body);
    expect(await peer.put({ headers: named('empty'), body: new Uint8Array(0) }, never)).toBe(0xa0);
    // Alone it would fit, beside the others it does not.
    await expect(
      peer.put({ headers: [...named('b.bin'), wordHeader(HeaderId.Length, 3000)], body: new Uint8Array(3000) }, never),
    ).rejects.toMatchObject({ details: { response: ResponseCode.DatabaseFull } });
    expect(stored).toEqual(['a.bin 1500', 'empty 0']);
    expect((await readdir(folder)).sort()).toEqual(['a.bin', 'empty']);
    cut();
  });
});

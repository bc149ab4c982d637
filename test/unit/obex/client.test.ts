import { describe, expect, it } from 'vitest';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { milliseconds } from '../../../src-main/base/durations.ts';
import { memoryPair } from '../../../src-main/bearer/memory/memory-stream.ts';
import { connectObex, type ObexClient, type ObexConnectOptions } from '../../../src-main/obex/client.ts';
import { HeaderId, textHeader, typeHeader, wordHeader } from '../../../src-main/obex/header.ts';
import { hex, RawPeer } from './raw-peer.ts';
import { EXCHANGE } from './worked-exchange.ts';

const never = new AbortController().signal;
const DM = utf8('SYNCML-DM');
const WBXML = typeHeader('application/vnd.syncml.dm+wbxml');

interface Rig {
  readonly client: ObexClient;
  readonly peer: RawPeer;
  readonly reset: () => void;
}

function dial(options: Partial<ObexConnectOptions> = {}, capacity = 65536) {
  const [near, far] = memoryPair({ capacity });
  const connecting = connectObex(near, { target: DM, maxPacket: 8192, signal: never, ...options });
  connecting.catch(() => undefined);
  return { connecting, near, peer: new RawPeer(far) };
}

async function connected(options: Partial<ObexConnectOptions> = {}, peerMax = '10 00'): Promise<Rig> {
  const { connecting, near, peer } = dial(options);
  await peer.packet();
  await peer.send(EXCHANGE.connected.replace('10 00 10 00', `10 00 ${peerMax}`));
  return { client: await connecting, peer, reset: () => near.reset() };
}

/** Keeps a rejection from being nobody's until the test looks at it. */
function held<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

describe('OBEX client, CONNECT', () => {
  it('[DMP-9-04][DMP-9-06][DMP-9-08][DMP-9-10][DMP-9-30] spells the worked exchange', async () => {
    const { connecting, peer } = dial();
    await peer.expect(EXCHANGE.connect);
    await peer.send(EXCHANGE.connected);
    const client = await connecting;
    expect([client.connectionId, client.packetLimit]).toEqual([1, 4096]);
    const put = client.put(
      {
        headers: [typeHeader('application/vnd.syncml.notification'), wordHeader(HeaderId.Length, 42)],
        body: hex(EXCHANGE.notification),
      },
      never,
    );
    await peer.expect(EXCHANGE.putNotification);
    await peer.send(EXCHANGE.success);
    expect(await put).toBe(0xa0);
    const get = client.get([WBXML], { signal: never });
    await peer.expect(EXCHANGE.get);
    await peer.send(EXCHANGE.got);
    expect(await get).toEqual({
      code: 0xa0,
      headers: [wordHeader(HeaderId.Length, 10)],
      body: hex(EXCHANGE.message),
    });
    const closing = client.close();
    await peer.expect(EXCHANGE.disconnect);
    await peer.send(EXCHANGE.success);
    await closing;
    await peer.expectEnd();
  });

  it('[DMP-9-15] announces 65535 by default and no Target for an undirected connection', async () => {
    const [near, far] = memoryPair();
    const peer = new RawPeer(far);
    const connecting = connectObex(near, { signal: never });
    await peer.expect('80 00 07 10 00 FF FF');
    await peer.send('A0 00 07 10 00 00 10');
    const client = await connecting;
    expect([client.connectionId, client.packetLimit]).toEqual([undefined, 255]);
    const put = client.put({ headers: [textHeader(HeaderId.Name, 'a')], body: Uint8Array.of(1) }, never);
    await peer.expect('82 00 0E 01 00 07 00 61 00 00 49 00 04 01');
    await peer.send('A0 00 03');
    await put;
  });

  it.each([
    [
      'refused, with all its fields',
      'C4 00 07 10 00 10 00',
      { code: 'obex/response', retry: 'never', details: { response: 0xc4 } },
    ],
    ['refused, without them', 'D3 00 03', { code: 'obex/response', retry: 'later', details: { response: 0xd3 } }],
    [
      'that wants authentication',
      'C1 00 0A 10 00 10 00 4D 00 03',
      { code: 'obex/response', details: { response: 0xc1 } },
    ],
    ['answered without fields', 'A0 00 03', { code: 'obex/packet-truncated' }],
    ['answered without Who', 'A0 00 0C 10 00 10 00 CB 00 00 00 01', { code: 'obex/who-mismatch' }],
    ['answered by another service', 'A0 00 10 10 00 10 00 CB 00 00 00 01 4A 00 04 53', { code: 'obex/who-mismatch' }],
    [
      'answered without ConnectionID',
      'A0 00 13 10 00 10 00 4A 00 0C 53 59 4E 43 4D 4C 2D 44 4D',
      { code: 'obex/connection-id-missing' },
    ],
    [
      'answered by a header past the end',
      'A0 00 0A 10 00 10 00 4A 00 0C',
      { code: 'obex/header-truncated', offset: 7 },
    ],
    ['answered by a packet of length 1', 'A0 00 01', { code: 'obex/packet-length' }],
    ['answered by a packet longer than announced', 'A0 20 01', { code: 'obex/packet-too-long' }],
  ])('[DMP-9-05][DMP-9-12][DMP-9-33] fails when %s', async (_, answer, error) => {
    const { connecting, peer } = dial();
    await peer.packet();
    await peer.send(answer);
    const { details, ...rest } = error as { details?: object };
    await expect(connecting).rejects.toMatchObject({ ...rest, ...(details && { details }) });
  });

  it('fails when nobody answers in time, when the peer leaves, and when it is broken off', async () => {
    const silent = dial({ timeouts: { response: milliseconds(5) } });
    await expect(silent.connecting).rejects.toMatchObject({ code: 'obex/timeout' });
    const gone = dial();
    await gone.peer.packet();
    await gone.peer.stream.close();
    await expect(gone.connecting).rejects.toMatchObject({ code: 'bearer/lost' });
    const stop = new AbortController();
    const stopped = dial({ signal: stop.signal });
    await stopped.peer.packet();
    stop.abort();
    await expect(stopped.connecting).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('OBEX client, PUT', () => {
  it('[DMP-9-07][DMP-9-30] fills every packet exactly and names the connection only in the first', async () => {
    const { client, peer } = await connected({}, '00 FF');
    const body = Uint8Array.from({ length: 700 }, (_, index) => index & 0xff);
    const put = client.put({ headers: [wordHeader(HeaderId.Length, 700)], body }, never);
    const packets: Uint8Array[] = [];
    for (;;) {
      const packet = await peer.packet();
      if (packet === undefined) throw new Error('ended');
      packets.push(packet);
      if (packet[0] === 0x82) break;
      await peer.send('90 00 03');
    }
    await peer.send('A0 00 03');
    await put;
    expect(packets.map((packet) => [packet[0], packet.length])).toEqual([
      [0x02, 255],
      [0x02, 255],
      [0x82, 3 + 3 + 700 - 239 - 249],
    ]);
    expect(packets[1]?.[3]).toBe(HeaderId.Body);
    const [first, second, third] = packets;
    const joined = Buffer.concat(
      [first?.subarray(16) ?? [], second?.subarray(6) ?? [], third?.subarray(6) ?? []].map((part) =>
        Uint8Array.from(part),
      ),
    );
    expect(Buffer.compare(joined, body)).toBe(0);
  });

  it('sends what fits into one packet as one, to the octet', async () => {
    for (const [length, codes] of [
      [244, [0x82]],
      [245, [0x02, 0x82]],
      [0, [0x82]],
    ] as const) {
      const { client, peer } = await connected({}, '00 FF');
      const put = client.put({ headers: [], body: new Uint8Array(length) }, never);
      for (const code of codes) {
        expect((await peer.packet())?.[0]).toBe(code);
        await peer.send(code === 0x82 ? 'A0 00 03' : '90 00 03');
      }
      await put;
    }
  });

  it('spreads headers over packets and refuses one that fits into none', async () => {
    const { client, peer } = await connected({}, '00 FF');
    const long = textHeader(HeaderId.SyncmlHmac, 'h'.repeat(100));
    const put = client.put({ headers: [long, long], body: Uint8Array.of(1) }, never);
    expect([(await peer.packet())?.length]).toEqual([3 + 5 + 205]);
    await peer.send('90 00 03');
    expect([(await peer.packet())?.length]).toEqual([3 + 205 + 4]);
    await peer.send('A0 00 03');
    await put;
    const tooLong = client.put({ headers: [textHeader(1, 'x'.repeat(200))], body: Uint8Array.of(1) }, never);
    await expect(tooLong).rejects.toMatchObject({ code: 'obex/header-too-long' });
  });

  it.each([0xc0, 0xc1, 0xc3, 0xc4, 0xcd, 0xcf, 0xd0, 0xd1, 0xd3, 0xe0])(
    'keeps the number of a refusal (%i), early or late, and can go on',
    async (code) => {
      const { client, peer } = await connected({}, '00 FF');
      for (const first of ['90 00 03', undefined]) {
        const put = held(client.put({ headers: [], body: new Uint8Array(300) }, never));
        await peer.packet();
        if (first !== undefined) {
          await peer.send(first);
          await peer.packet();
        }
        await peer.send(Uint8Array.of(code, 0, 3));
        // Late, 0xD3 may be for the missing ConnectionID: once the request is made again with it in every packet.
        if (first !== undefined && code === 0xd3) {
          expect((await peer.packet())?.[3]).toBe(0xcb);
          await peer.send(Uint8Array.of(code, 0, 3));
        }
        await expect(put).rejects.toMatchObject({ code: 'obex/response', details: { response: code } });
      }
    },
  );

  it('bears one Continue where Success was due', async () => {
    const { client, peer } = await connected();
    const put = client.put({ headers: [], body: Uint8Array.of(1) }, never);
    await peer.packet();
    await peer.askFor('90 00 03', '82 00 06 49 00 03');
    await peer.send('A0 00 03');
    expect(await put).toBe(0xa0);
    const again = held(client.put({ headers: [], body: Uint8Array.of(1) }, never));
    await peer.packet();
    await peer.askFor('90 00 03', '82 00 06 49 00 03');
    await peer.askFor('90 00 03', EXCHANGE.abort);
    await peer.send('A0 00 03');
    await expect(again).rejects.toMatchObject({ code: 'obex/out-of-step' });
  });

  it('does not take Success for an object that has not gone out whole', async () => {
    const { client, peer } = await connected({}, '00 FF');
    const put = held(client.put({ headers: [], body: new Uint8Array(300) }, never));
    await peer.packet();
    await peer.askFor('A0 00 03', EXCHANGE.abort);
    await peer.send('A0 00 03');
    await expect(put).rejects.toMatchObject({ code: 'obex/out-of-step', details: { response: 0xa0 } });
  });
});

describe('OBEX client, GET', () => {
  it('joins the packets of an answer and keeps their headers', async () => {
    const { client, peer } = await connected();
    const get = client.get([WBXML], { signal: never });
    await peer.expect(EXCHANGE.get);
    await peer.askFor('90 00 0D C3 00 00 00 04 48 00 05 01 02', '83 00 03');
    await peer.askFor('90 00 03', '83 00 03');
    await peer.askFor('90 00 0C 30 00 05 00 00 48 00 04 03', '83 00 03');
    await peer.send('A0 00 07 49 00 04 04');
    expect(await get).toEqual({
      code: 0xa0,
      headers: [wordHeader(HeaderId.Length, 4), textHeader(HeaderId.SyncmlHmac, '')],
      body: Uint8Array.of(1, 2, 3, 4),
    });
  });

  it('does not take another number for the Length of the object', async () => {
    const { client, peer } = await connected();
    const get = client.get([WBXML], { signal: never, maxObject: 1 });
    await peer.packet();
    await peer.send('A0 00 11 CB 00 00 00 FF C0 00 00 00 FF 49 00 04 01');
    expect((await get).body).toEqual(Uint8Array.of(1));
  });

  it('does not let a peer fill its memory with headers', async () => {
    const { client, peer } = await connected();
    const get = held(client.get([WBXML], { signal: never }));
    await peer.packet();
    const filler = `90 10 03 7F 10 00 ${'00 '.repeat(4093)}`;
    for (let packet = 0; packet < 16; packet += 1) await peer.askFor(filler, '83 00 03');
    await peer.askFor(filler, EXCHANGE.abort);
    await peer.send('A0 00 03');
    await expect(get).rejects.toMatchObject({ code: 'obex/object-too-long', details: { limit: 65536 } });
  });

  it('bears one Continue with the last part of the body', async () => {
    const { client, peer } = await connected();
    const get = client.get([WBXML], { signal: never });
    await peer.packet();
    await peer.askFor('90 00 07 49 00 04 01', '83 00 03');
    await peer.send('A0 00 03');
    expect((await get).body).toEqual(Uint8Array.of(1));
    const again = held(client.get([WBXML], { signal: never }));
    await peer.packet();
    await peer.askFor('90 00 07 49 00 04 01', '83 00 03');
    await peer.askFor('90 00 03', EXCHANGE.abort);
    await peer.send('A0 00 03');
    await expect(again).rejects.toMatchObject({ code: 'obex/out-of-step' });
  });

  it('does not let a peer keep it busy with empty packets', async () => {
    const { client, peer } = await connected();
    const get = held(client.get([WBXML], { signal: never }));
    await peer.packet();
    for (;;) {
      const next = await peer.ask('90 00 03');
      if (next[0] === 0xff) break;
    }
    await peer.send('A0 00 03');
    await expect(get).rejects.toMatchObject({ code: 'obex/out-of-step' });
  });

  it.each([
    ['its Length', '90 00 08 C3 00 00 00 0B'],
    ['the greatest Length', '90 00 08 C3 FF FF FF FF'],
    ['its body', '90 00 11 48 00 0E 01 02 03 04 05 06 07 08 09 0A 0B'],
  ])('breaks off an object that is too long by %s, and can go on', async (_, answer) => {
    const { client, peer } = await connected();
    const get = held(client.get([WBXML], { signal: never, maxObject: 10 }));
    await peer.packet();
    await peer.askFor(answer, EXCHANGE.abort);
    await peer.send('A0 00 03');
    await expect(get).rejects.toMatchObject({ code: 'obex/object-too-long', details: { limit: 10 } });
    const next = client.get([WBXML], { signal: never });
    await peer.expect(EXCHANGE.get);
    await peer.send(EXCHANGE.got);
    expect((await next).body).toEqual(hex(EXCHANGE.message));
  });

  it.each([
    ['a header of length 0', 'A0 00 06 49 00 00', { code: 'obex/header-length', offset: 3 }],
    ['a header past the end', 'A0 00 07 49 00 05 01', { code: 'obex/header-truncated', offset: 3 }],
  ])('fails for %s and tells the peer', async (_, answer, error) => {
    const { client, peer } = await connected();
    const get = held(client.get([WBXML], { signal: never }));
    await peer.packet();
    await peer.askFor(answer, EXCHANGE.abort);
    await peer.send('A0 00 03');
    await expect(get).rejects.toMatchObject(error);
  });

  it('takes whatever answers ABORT when no other answer is due', async () => {
    const { client, peer } = await connected();
    const get = held(client.get([WBXML], { signal: never, maxObject: 1 }));
    await peer.packet();
    await peer.askFor(EXCHANGE.got, EXCHANGE.abort);
    await peer.send('D1 00 03');
    await expect(get).rejects.toMatchObject({ code: 'obex/object-too-long' });
    const put = client.put({ headers: [], body: Uint8Array.of(1) }, never);
    await peer.packet();
    await peer.send('A0 00 03');
    expect(await put).toBe(0xa0);
  });

  it('discards the body of a refusal', async () => {
    const { client, peer } = await connected();
    const get = held(client.get([WBXML], { signal: never }));
    await peer.packet();
    await peer.send('C3 00 07 49 00 04 41');
    await expect(get).rejects.toMatchObject({ code: 'obex/response', details: { response: 0xc3 } });
  });

  it('ends the connection when a packet is longer than announced', async () => {
    const { client, peer } = await connected();
    const get = held(client.get([WBXML], { signal: never }));
    await peer.packet();
    await peer.send('A0 20 01');
    await expect(get).rejects.toMatchObject({ code: 'obex/packet-too-long' });
    await expect(client.get([WBXML], { signal: never })).rejects.toMatchObject({ code: 'obex/disconnected' });
    await client.close();
    await peer.expectEnd();
  });
});

describe('OBEX client, broken off', () => {
  it('sends ABORT inside a GET, also when the answer was just on its way, and can go on', async () => {
    const { client, peer } = await connected();
    const stop = new AbortController();
    const get = held(client.get([WBXML], { signal: stop.signal }));
    await peer.expect(EXCHANGE.get);
    stop.abort();
    await peer.expect(EXCHANGE.abort);
    await peer.send(EXCHANGE.got);
    await peer.send('A0 00 03');
    await expect(get).rejects.toMatchObject({ name: 'AbortError' });
    const next = client.get([WBXML], { signal: never });
    await peer.expect(EXCHANGE.get);
    await peer.send(EXCHANGE.got);
    expect((await next).body).toEqual(hex(EXCHANGE.message));
  });

  it('says AbortError whatever reason its signal was given', async () => {
    const { client, peer } = await connected();
    const stop = new AbortController();
    const get = held(client.get([WBXML], { signal: stop.signal }));
    await peer.packet();
    stop.abort(new Error('the operator went home'));
    await peer.expect(EXCHANGE.abort);
    await peer.send('C4 00 03 A0 00 03');
    await expect(get).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('skips the late answer to a PUT that ABORT overtook', async () => {
    const { client, peer } = await connected();
    const stop = new AbortController();
    const put = held(client.put({ headers: [], body: Uint8Array.of(1) }, stop.signal));
    await peer.packet();
    stop.abort();
    await peer.expect(EXCHANGE.abort);
    await peer.send('A0 00 03 A0 00 03');
    await expect(put).rejects.toMatchObject({ name: 'AbortError' });
    const next = client.get([WBXML], { signal: never });
    await peer.expect(EXCHANGE.get);
    await peer.send(EXCHANGE.got);
    expect((await next).body).toEqual(hex(EXCHANGE.message));
  });

  it('finishes the packet that is going out before it sends ABORT', async () => {
    const { connecting, peer } = dial({}, 100);
    await peer.packet();
    await peer.send(EXCHANGE.connected);
    const client = await connecting;
    const stop = new AbortController();
    const put = held(client.put({ headers: [], body: new Uint8Array(1000) }, stop.signal));
    await new Promise(setImmediate);
    stop.abort();
    expect((await peer.packet())?.length).toBe(3 + 5 + 3 + 1000);
    await peer.expect(EXCHANGE.abort);
    await peer.send('A0 00 03 A0 00 03');
    await expect(put).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('gives the connection up when ABORT is not answered', async () => {
    const { client, peer } = await connected({ timeouts: { abort: milliseconds(5) } });
    const stop = new AbortController();
    const get = held(client.get([WBXML], { signal: stop.signal }));
    await peer.packet();
    stop.abort();
    await expect(get).rejects.toMatchObject({ name: 'AbortError' });
    await expect(client.get([WBXML], { signal: never })).rejects.toMatchObject({ code: 'obex/disconnected' });
    await client.close();
    await peer.expect(EXCHANGE.abort);
    await peer.expectEnd();
  });

  it('sends ABORT when an answer does not come in time', async () => {
    const { client, peer } = await connected({ timeouts: { firstPacket: milliseconds(5) } });
    const put = held(client.put({ headers: [], body: Uint8Array.of(1) }, never));
    await peer.packet();
    await peer.expect(EXCHANGE.abort);
    await peer.send('A0 00 03');
    await expect(put).rejects.toMatchObject({ code: 'obex/timeout', details: { limit: 5 } });
    const get = held(client.get([WBXML], { signal: never, limit: milliseconds(6) }));
    await peer.expect(EXCHANGE.get);
    await peer.expect(EXCHANGE.abort);
    await peer.send('A0 00 03');
    await expect(get).rejects.toMatchObject({ code: 'obex/timeout', details: { limit: 6 } });
  });

  it('gives a peer up that takes nothing', async () => {
    const { connecting, peer } = dial({ timeouts: { response: milliseconds(5) } }, 100);
    await peer.packet();
    await peer.send(EXCHANGE.connected);
    const client = await connecting;
    const put = client.put({ headers: [], body: new Uint8Array(1000) }, never);
    await expect(put).rejects.toMatchObject({ code: 'obex/timeout' });
    await client.close();
  });

  it('says bearer/lost when the link breaks or the peer leaves inside an operation', async () => {
    for (const how of ['reset', 'leave'] as const) {
      const { client, peer, reset } = await connected();
      const get = held(client.get([WBXML], { signal: never }));
      await peer.packet();
      if (how === 'reset') reset();
      else await peer.stream.close();
      await expect(get).rejects.toMatchObject({ code: 'bearer/lost' });
      await client.close();
    }
  });

  it('sends ABORT and DISCONNECT when it is closed inside an operation', async () => {
    const { client, peer } = await connected();
    const get = held(client.get([WBXML], { signal: never }));
    await peer.packet();
    const closing = client.close();
    await peer.expect(EXCHANGE.abort);
    await peer.send('A0 00 03');
    await peer.expect(EXCHANGE.disconnect);
    await peer.send('A0 00 03');
    await closing;
    await expect(get).rejects.toMatchObject({ name: 'AbortError' });
    await peer.expectEnd();
  });

  it('does not wait long for the answer to DISCONNECT, and may be closed again', async () => {
    const { client, peer } = await connected({ timeouts: { disconnect: milliseconds(5) } });
    await Promise.all([client.close(), client.close()]);
    await peer.expect(EXCHANGE.disconnect);
    await peer.expectEnd();
  });

  it('does not begin with a signal that was aborted', async () => {
    const { client, peer } = await connected();
    const put = client.put({ headers: [], body: Uint8Array.of(1) }, AbortSignal.abort());
    await expect(put).rejects.toMatchObject({ name: 'AbortError' });
    const closing = client.close();
    await peer.expect(EXCHANGE.disconnect);
    await peer.stream.close();
    await closing;
  });

  it('takes two operations at once for a mistake of ours', async () => {
    const { client } = await connected();
    void held(client.get([WBXML], { signal: never }));
    await expect(client.get([WBXML], { signal: never })).rejects.toBeInstanceOf(TypeError);
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { equalBytes, utf8 } from '../../../src-main/base/bytes.ts';
import { milliseconds } from '../../../src-main/base/durations.ts';
import { memoryPair } from '../../../src-main/bearer/memory/memory-stream.ts';
import { type ServeObexOptions, serveObex } from '../../../src-main/obex/server.ts';
import type { ConnectionEnd, ObexAnswer, ObexService, SetPathRequest } from '../../../src-main/obex/service.ts';
import { RawPeer, spaced } from './raw-peer.ts';
import { EXCHANGE } from './worked-exchange.ts';

const stops: AbortController[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop.abort();
});

/** A service that writes down what reaches it and answers what the test says. */
class ScriptedService implements ObexService {
  readonly seen: string[] = [];
  readonly ends: ConnectionEnd[] = [];
  readonly accepted: number[] = [];
  readonly paths: SetPathRequest[] = [];
  readonly target: string | undefined;
  refuseConnect: number | undefined;
  refusePut: number | undefined;
  answerPut: ObexAnswer | Promise<ObexAnswer> = { code: 0xa0 };
  answerGet: ObexAnswer | Promise<ObexAnswer> = { code: 0xc4 };
  readonly getSignals: AbortSignal[] = [];
  readonly asked = Promise.withResolvers<void>();
  drop: () => void = () => undefined;

  constructor(target: string | undefined) {
    this.target = target;
  }

  serves(target: Uint8Array | undefined): boolean {
    if (target === undefined || this.target === undefined) return target === undefined && this.target === undefined;
    return equalBytes(target, utf8(this.target));
  }

  connect({ drop }: { readonly drop: () => void }) {
    if (this.refuseConnect !== undefined) return this.refuseConnect;
    this.drop = drop;
    return {
      maxObject: 100,
      acceptPut: (headers: readonly unknown[]) => {
        this.accepted.push(headers.length);
        return this.refusePut;
      },
      put: async (_: unknown, body: Uint8Array) => {
        this.seen.push(`put ${spaced(body)}`);
        return this.answerPut;
      },
      get: async (headers: readonly unknown[], signal: AbortSignal) => {
        this.seen.push(`get ${headers.length}`);
        this.getSignals.push(signal);
        this.asked.resolve();
        return this.answerGet;
      },
      setPath: (request: SetPathRequest) => {
        this.paths.push(request);
        return 0xa0;
      },
      aborted: () => {
        this.seen.push('aborted');
      },
      ended: (end: ConnectionEnd) => {
        this.ends.push(end);
      },
    };
  }
}

interface Rig {
  readonly peer: RawPeer;
  readonly served: Promise<void>;
  readonly dm: ScriptedService;
  readonly inbox: ScriptedService;
  readonly stop: AbortController;
  readonly reset: () => void;
}

function rig(options: Partial<ServeObexOptions> = {}, pieceLength?: (available: number) => number): Rig {
  const [near, far] = memoryPair(pieceLength === undefined ? {} : { pieceLength });
  const stop = new AbortController();
  stops.push(stop);
  const dm = new ScriptedService('SYNCML-DM');
  const inbox = new ScriptedService(undefined);
  const served = serveObex(near, { services: [dm, inbox], signal: stop.signal, maxPacket: 4096, ...options });
  served.catch(() => undefined);
  return { peer: new RawPeer(far), served, dm, inbox, stop, reset: () => near.reset() };
}

async function connected(options: Partial<ServeObexOptions> = {}): Promise<Rig> {
  const made = rig(options);
  await made.peer.askFor(EXCHANGE.connect, EXCHANGE.connected);
  return made;
}

const CONNECT_ANSWER = '00 07 10 00 10 00';
const PUT = '82 00 0C CB 00 00 00 01 49 00 04 41';
const GET = '83 00 0D CB 00 00 00 01 42 00 05 61 00';

describe('OBEX server', () => {
  it('[DMP-9-05][DMP-9-07][DMP-9-08][DMP-9-10] holds the worked exchange, octet by octet', async () => {
    const { peer, served, dm } = await connected();
    await peer.askFor(EXCHANGE.putNotification, EXCHANGE.success);
    dm.answerGet = {
      code: 0xa0,
      headers: [{ kind: 'word', id: 0xc3, value: 10 }],
      body: Uint8Array.from(Buffer.from(EXCHANGE.message.replaceAll(' ', ''), 'hex')),
    };
    await peer.askFor(EXCHANGE.get, EXCHANGE.got);
    await peer.askFor(EXCHANGE.putPart1, EXCHANGE.continue);
    await peer.askFor(EXCHANGE.putPart2, EXCHANGE.success);
    await peer.askFor(EXCHANGE.disconnect, EXCHANGE.success);
    expect(dm.seen).toEqual([`put ${EXCHANGE.notification.replace(/\s+/g, ' ')}`, 'get 2', `put ${EXCHANGE.message}`]);
    expect(dm.ends).toEqual(['disconnect']);
    await peer.stream.close();
    await served;
  });

  it('holds it with the stream cut anywhere', async () => {
    for (const length of [1, 2, 3, 5, 17]) {
      const { peer, dm } = rig({}, () => length);
      await peer.askFor(EXCHANGE.connect, EXCHANGE.connected);
      await peer.askFor(EXCHANGE.putPart1, EXCHANGE.continue);
      await peer.askFor(EXCHANGE.putPart2, EXCHANGE.success);
      expect(dm.seen).toEqual([`put ${EXCHANGE.message}`]);
    }
  });

  it('answers without a Target by an undirected connection, and a Target that is not served by 0xC4', async () => {
    const { peer } = rig();
    await peer.askFor('80 00 0A 10 00 20 00 46 00 03', `C4 ${CONNECT_ANSWER}`);
    await peer.askFor('80 00 07 10 00 20 00', `A0 ${CONNECT_ANSWER}`);
    await peer.askFor('82 00 07 49 00 04 41', 'A0 00 03');
  });

  it('[DMP-9-32] passes the code on by which a service refuses', async () => {
    const { peer, dm } = rig();
    dm.refuseConnect = 0xd3;
    await peer.askFor(EXCHANGE.connect, `D3 ${CONNECT_ANSWER}`);
    dm.refuseConnect = undefined;
    await peer.askFor(EXCHANGE.connect, EXCHANGE.connected);
  });

  /** State: connected as connection 1. What comes, what is answered, and that the connection is still good after it. */
  it.each([
    ['a wrong ConnectionID with PUT', '82 00 0C CB 00 00 00 02 49 00 04 41', 'D3 00 03'],
    ['a wrong ConnectionID with GET', '83 00 0D CB 00 00 00 09 42 00 05 61 00', 'D3 00 03'],
    ['a wrong ConnectionID with DISCONNECT', '81 00 08 CB 00 00 00 02', 'D3 00 03'],
    ['a wrong ConnectionID with SETPATH', '85 00 0D 02 00 CB 00 00 00 02 01 00 03', 'D3 00 03'],
    ['a wrong ConnectionID with ABORT', 'FF 00 08 CB 00 00 00 02', 'A0 00 03'],
    ['a PUT without ConnectionID', '82 00 07 49 00 04 41', 'A0 00 03'],
    ['SETPATH to the root', EXCHANGE.setPathToRoot, 'A0 00 03'],
    ['SETPATH without its fields', '85 00 03', 'C0 00 03'],
    ['an opcode of nobody', '8A 00 03', 'D1 00 03'],
    ['ACTION', '86 00 03', 'D1 00 03'],
    ['SESSION', '87 00 03', 'D1 00 03'],
    ['PUT without body', '82 00 08 CB 00 00 00 01', 'C0 00 03'],
    ['an empty object', '82 00 0B CB 00 00 00 01 49 00 03', 'A0 00 03'],
    ['GET without Type and Name', '83 00 08 CB 00 00 00 01', 'C0 00 03'],
    ['GET of nothing', GET, 'C4 00 03'],
    ['a header past the end', '82 00 0B CB 00 00 00 01 49 00 04', 'C0 00 03'],
    ['a header of length 0', '82 00 0B CB 00 00 00 01 49 00 00', 'C0 00 03'],
    ['a header of length 2', '83 00 0B CB 00 00 00 01 42 00 02', 'C0 00 03'],
    ['a header of the greatest length', '82 00 0B CB 00 00 00 01 49 FF FF', 'C0 00 03'],
    ['a Length over the limit', '02 00 0D CB 00 00 00 01 C3 00 00 00 65', 'CD 00 03'],
    ['ABORT with nothing running', EXCHANGE.abort, 'A0 00 03'],
    [
      'headers that nobody knows',
      '82 00 16 CB 00 00 00 01 97 01 3F 00 03 7F 00 03 F0 00 00 00 00 49 00 03'.replace('16', '18'),
      'A0 00 03',
    ],
  ])('[DMP-9-06][DMP-9-27][DMP-9-28][DMP-9-29][DMP-9-30] answers %s and stays', async (_, request, answer) => {
    const { peer } = await connected();
    await peer.askFor(request, answer);
    await peer.askFor(PUT, 'A0 00 03');
  });

  it('answers a CONNECT without its fields by 0xC0 and takes the next', async () => {
    const { peer } = rig();
    await peer.askFor('80 00 05 10 00', 'C0 00 03');
    await peer.askFor(EXCHANGE.connect, EXCHANGE.connected);
  });

  it('[DMP-9-30] answers requests before any CONNECT by 0xD3, and DISCONNECT by success', async () => {
    const { peer } = rig();
    await peer.askFor('82 00 07 49 00 04 41', 'D3 00 03');
    await peer.askFor('83 00 08 42 00 05 61 00', 'D3 00 03');
    await peer.askFor('81 00 03', 'A0 00 03');
    await peer.askFor('FF 00 03', 'A0 00 03');
  });

  it('does not let a peer fill its memory with headers, in PUT and GET', async () => {
    const { peer } = await connected();
    const filler = `7F 0F F0 ${'00 '.repeat(4077)}`;
    for (const opcode of ['02', '03']) {
      for (let packet = 0; packet < 16; packet += 1) await peer.askFor(`${opcode} 0F F3 ${filler}`, '90 00 03');
      await peer.askFor(`${opcode} 0F F3 ${filler}`, 'CD 00 03');
    }
    await peer.askFor(PUT, 'A0 00 03');
  });

  it('takes an object of exactly the limit', async () => {
    const { peer } = await connected();
    const body = '41 '.repeat(100);
    await peer.askFor(`82 00 74 CB 00 00 00 01 C3 00 00 00 64 49 00 67 ${body}`, 'A0 00 03');
    await peer.askFor(`82 00 70 CB 00 00 00 01 49 00 68 ${body} 41`, 'CD 00 03');
  });

  it('tells a service how SETPATH goes', async () => {
    const { peer, dm } = await connected();
    await peer.askFor('85 00 0D 00 00 CB 00 00 00 01 01 00 03', 'A0 00 03');
    await peer.askFor('85 00 0A 01 00 CB 00 00 00 01', 'A0 00 03');
    await peer.askFor('85 00 11 02 00 CB 00 00 00 01 01 00 07 00 61 00 00', 'A0 00 03');
    expect(dm.paths).toEqual([
      { up: false, dontCreate: false, name: '' },
      { up: true, dontCreate: false, name: undefined },
      { up: false, dontCreate: true, name: 'a' },
    ]);
  });

  it('[DMP-9-31] answers CONNECT during a PUT by 0xC9 and goes on with the PUT', async () => {
    const { peer, dm } = await connected();
    await peer.askFor('02 00 0C CB 00 00 00 01 48 00 04 41', '90 00 03');
    await peer.askFor(EXCHANGE.connect, `C9 ${CONNECT_ANSWER}`);
    await peer.askFor('82 00 07 49 00 04 42', 'A0 00 03');
    expect(dm.seen).toEqual(['put 41 42']);
    expect(dm.accepted).toEqual([1]);
  });

  it('[DMP-9-31] answers CONNECT during a GET by 0xC9 and goes on with the GET', async () => {
    const { peer, dm } = await connected();
    const answer = Promise.withResolvers<ObexAnswer>();
    dm.answerGet = answer.promise;
    await peer.send(GET);
    await peer.askFor(EXCHANGE.connect, `C9 ${CONNECT_ANSWER}`);
    answer.resolve({ code: 0xa0, body: Uint8Array.of(7) });
    await peer.expect('A0 00 07 49 00 04 07');
  });

  it('[DMP-9-24] refuses an object that grows over the limit by 0xCD, and takes the next', async () => {
    const { peer, dm } = await connected();
    const half = `48 00 37 ${'41 '.repeat(52)}`;
    await peer.askFor(`02 00 3F CB 00 00 00 01 ${half}`, '90 00 03');
    await peer.askFor(`02 00 3A ${half}`, 'CD 00 03');
    await peer.askFor(PUT, 'A0 00 03');
    expect(dm.seen).toEqual(['put 41']);
  });

  it('lets the service refuse a PUT by its headers, before the rest is sent', async () => {
    const { peer, dm } = await connected();
    dm.refusePut = 0xcf;
    await peer.askFor('02 00 0C CB 00 00 00 01 48 00 04 41', 'CF 00 03');
    expect(dm.seen).toEqual([]);
  });

  it('gathers headers over several packets of one PUT and one GET', async () => {
    const { peer, dm } = await connected();
    await peer.askFor('02 00 08 CB 00 00 00 01', '90 00 03');
    await peer.askFor('02 00 08 42 00 05 61 00', '90 00 03');
    await peer.askFor('82 00 07 49 00 04 41', 'A0 00 03');
    await peer.askFor('03 00 08 CB 00 00 00 01', '90 00 03');
    await peer.askFor('83 00 08 42 00 05 61 00', 'C4 00 03');
    expect(dm.seen).toEqual(['put 41', 'get 2']);
    // Asked once, when the body begins: all headers that describe it are there then.
    expect(dm.accepted).toEqual([2]);
  });

  it('fills the packets of an answer exactly to what the client takes', async () => {
    const { peer, dm } = rig();
    await peer.askFor(EXCHANGE.connect.replace('20 00', '01 00'), EXCHANGE.connected);
    const body = Uint8Array.from({ length: 600 }, (_, index) => index & 0xff);
    dm.answerGet = { code: 0xa0, headers: [{ kind: 'word', id: 0xc3, value: 600 }], body };
    const first = await peer.ask(GET);
    expect([first[0], first.length]).toEqual([0x90, 256]);
    const second = await peer.ask('83 00 03');
    expect([second[0], second.length]).toEqual([0x90, 256]);
    const third = await peer.ask('83 00 03');
    expect([third[0], third[3]]).toEqual([0xa0, 0x49]);
    const joined = Buffer.concat([first.subarray(11), second.subarray(6), third.subarray(6)]);
    expect(Buffer.compare(joined, body)).toBe(0);
  });

  it('never sends more than 255 octets to a client that announces nonsense', async () => {
    const { peer, dm } = rig();
    await peer.askFor(EXCHANGE.connect.replace('20 00', '00 00'), EXCHANGE.connected);
    dm.answerGet = { code: 0xa0, body: new Uint8Array(300) };
    expect((await peer.ask(GET)).length).toBe(255);
  });

  it('[DMP-9-26] answers 0xD0 when a service fails, or when its answer cannot be put into packets', async () => {
    const { peer, dm } = await connected();
    dm.answerGet = Promise.reject(new Error('no'));
    await peer.askFor(GET, 'D0 00 03');
    const failures: unknown[] = [];
    const settled = (failure?: unknown): void => {
      failures.push(failure);
    };
    dm.answerGet = { code: 0xa0, headers: [{ kind: 'text', id: 0x30, value: 'x'.repeat(5000) }], settled };
    await peer.askFor(GET, 'D0 00 03');
    expect(failures).toEqual([expect.objectContaining({ code: 'obex/header-too-long' })]);
  });
});

describe('OBEX server, broken off', () => {
  it('answers ABORT inside a PUT and forgets what came', async () => {
    const { peer, dm } = await connected();
    await peer.askFor('02 00 0C CB 00 00 00 01 48 00 04 41', '90 00 03');
    await peer.askFor(EXCHANGE.abort, 'A0 00 03');
    await peer.askFor(PUT, 'A0 00 03');
    expect(dm.seen).toEqual(['aborted', 'put 41']);
  });

  it('answers ABORT while a service thinks about a GET, at once', async () => {
    const { peer, dm } = await connected();
    const answer = Promise.withResolvers<ObexAnswer>();
    const failures: unknown[] = [];
    dm.answerGet = answer.promise;
    await peer.send(GET);
    await dm.asked.promise;
    await peer.askFor(EXCHANGE.abort, 'A0 00 03');
    expect(dm.getSignals[0]?.aborted).toBe(true);
    answer.resolve({ code: 0xa0, body: Uint8Array.of(1), settled: (failure) => void failures.push(failure) });
    await peer.askFor(PUT, 'A0 00 03');
    expect(failures).toEqual([expect.objectContaining({ code: 'obex/aborted' })]);
  });

  it('answers ABORT between two packets of an answer, and tells the service', async () => {
    const { peer, dm } = rig();
    await peer.askFor(EXCHANGE.connect.replace('20 00', '00 FF'), EXCHANGE.connected);
    const failures: unknown[] = [];
    dm.answerGet = { code: 0xa0, body: new Uint8Array(300), settled: (failure) => void failures.push(failure) };
    expect((await peer.ask(GET))[0]).toBe(0x90);
    await peer.askFor(EXCHANGE.abort, 'A0 00 03');
    expect(failures).toEqual([expect.objectContaining({ code: 'obex/aborted' })]);
  });

  it('takes DISCONNECT while a service thinks about a GET', async () => {
    const { peer, dm } = await connected();
    dm.answerGet = new Promise(() => undefined);
    await peer.send(GET);
    await dm.asked.promise;
    await peer.askFor(EXCHANGE.disconnect, 'A0 00 03');
    expect(dm.getSignals[0]?.aborted).toBe(true);
    expect(dm.ends).toEqual(['disconnect']);
  });

  it('notices the end of the stream while a service thinks about a GET', async () => {
    const { peer, dm, served } = await connected();
    dm.answerGet = new Promise(() => undefined);
    await peer.send(GET);
    await dm.asked.promise;
    await peer.stream.close();
    await expect(served).rejects.toMatchObject({ code: 'bearer/lost' });
    expect(dm.getSignals[0]?.aborted).toBe(true);
    expect(dm.ends).toEqual([expect.objectContaining({ code: 'bearer/lost' })]);
  });

  it('notices a broken link, in an operation and between two', async () => {
    for (const request of [undefined, GET]) {
      const { peer, dm, served, reset } = await connected();
      dm.answerGet = new Promise(() => undefined);
      if (request !== undefined) {
        await peer.send(request);
        await dm.asked.promise;
      }
      reset();
      await expect(served).rejects.toMatchObject({ code: 'bearer/lost' });
      expect(dm.ends).toEqual([expect.objectContaining({ code: 'bearer/lost' })]);
    }
  });

  it('ends well when the peer ends between two operations, and badly inside one', async () => {
    const good = await connected();
    await good.peer.stream.close();
    await good.served;
    expect(good.dm.ends).toEqual(['disconnect']);
    const bad = await connected();
    await bad.peer.askFor('02 00 0C CB 00 00 00 01 48 00 04 41', '90 00 03');
    await bad.peer.stream.close();
    await bad.served;
    expect(bad.dm.ends).toEqual([expect.objectContaining({ code: 'bearer/lost' })]);
  });

  it('refuses a second request that comes while the first is being answered', async () => {
    const { peer, dm } = await connected();
    dm.answerGet = new Promise(() => undefined);
    await peer.send(GET);
    await dm.asked.promise;
    await peer.askFor(PUT, 'C0 00 03');
    expect(dm.getSignals[0]?.aborted).toBe(true);
    await peer.askFor(PUT, 'A0 00 03');
  });

  it('refuses GET inside a PUT and PUT inside a GET, and forgets the operation', async () => {
    const { peer, dm } = rig();
    await peer.askFor(EXCHANGE.connect.replace('20 00', '00 FF'), EXCHANGE.connected);
    dm.answerGet = { code: 0xa0, body: new Uint8Array(300) };
    await peer.askFor('02 00 0C CB 00 00 00 01 48 00 04 41', '90 00 03');
    await peer.askFor(GET, 'C0 00 03');
    expect((await peer.ask(GET))[0]).toBe(0x90);
    await peer.askFor(PUT, 'C0 00 03');
    await peer.askFor('02 00 0C CB 00 00 00 01 48 00 04 41', '90 00 03');
    await peer.askFor(EXCHANGE.setPathToRoot, 'C0 00 03');
    expect(dm.seen).toEqual(['get 2']);
  });

  it.each([
    ['longer than announced', '82 10 01', 'obex/packet-too-long'],
    ['of the greatest length', '82 FF FF', 'obex/packet-too-long'],
    ['of length 0', '82 00 00', 'obex/packet-length'],
    ['of length 2', '82 00 02', 'obex/packet-length'],
  ])('drops the stream for a packet %s', async (_, octets, code) => {
    const { peer, dm, served } = await connected();
    await peer.send(octets);
    await expect(served).rejects.toMatchObject({ code });
    await peer.expectEnd();
    expect(dm.ends).toEqual([expect.objectContaining({ code })]);
  });

  it('drops a stream whose peer pauses too long inside a transfer', async () => {
    const { peer, dm, served } = await connected({ pause: milliseconds(5) });
    await peer.askFor('02 00 0C CB 00 00 00 01 48 00 04 41', '90 00 03');
    await expect(served).rejects.toMatchObject({ code: 'obex/timeout' });
    await peer.expectEnd();
    expect(dm.ends).toEqual([expect.objectContaining({ code: 'obex/timeout' })]);
  });

  it('ends with its signal, at once, whatever is going on', async () => {
    for (const request of [undefined, '02 00 0C CB 00 00 00 01 48 00 04 41', GET]) {
      const { peer, dm, served, stop } = await connected();
      dm.answerGet = new Promise(() => undefined);
      if (request !== undefined) await peer.send(request);
      if (request?.startsWith('02')) await peer.expect('90 00 03');
      if (request === GET) await dm.asked.promise;
      stop.abort();
      await expect(served).rejects.toMatchObject({ name: 'AbortError' });
      await peer.expectEnd();
      expect(dm.ends).toEqual([expect.objectContaining({ code: 'obex/disconnected' })]);
    }
  });

  it('does not serve when its signal was aborted before', async () => {
    const [near, far] = memoryPair();
    const serving = serveObex(near, { services: [], signal: AbortSignal.abort() });
    await expect(serving).rejects.toMatchObject({ name: 'AbortError' });
    await new RawPeer(far).expectEnd();
  });

  it('drops the stream when a service says so', async () => {
    const { peer, dm, served } = await connected();
    dm.drop();
    await served;
    await peer.expectEnd();
    expect(dm.ends).toHaveLength(1);
  });
});

describe('OBEX server, several connections', () => {
  it('serves one CONNECT after another on one stream, each with a ConnectionID of its own', async () => {
    const { peer, dm } = await connected();
    await peer.askFor(EXCHANGE.disconnect, 'A0 00 03');
    await peer.askFor(EXCHANGE.connect, EXCHANGE.connected.replace('CB 00 00 00 01', 'CB 00 00 00 02'));
    await peer.askFor(PUT, 'D3 00 03');
    await peer.askFor(PUT.replace('01 49', '02 49'), 'A0 00 03');
    expect(dm.ends).toEqual(['disconnect']);
  });

  it('[DMP-9-30] keeps two services apart that are connected at the same time', async () => {
    const { peer, dm, inbox } = await connected();
    await peer.askFor('80 00 07 10 00 20 00', `A0 ${CONNECT_ANSWER}`);
    await peer.askFor('82 00 07 49 00 04 42', 'A0 00 03');
    await peer.askFor(PUT, 'A0 00 03');
    // A continuation without ConnectionID belongs to what runs.
    await peer.askFor('02 00 0C CB 00 00 00 01 48 00 04 43', '90 00 03');
    await peer.askFor('82 00 07 49 00 04 44', 'A0 00 03');
    await peer.askFor('81 00 03', 'A0 00 03');
    expect([inbox.seen, inbox.ends, dm.seen, dm.ends]).toEqual([
      ['put 42'],
      ['disconnect'],
      ['put 41', 'put 43 44'],
      [],
    ]);
  });

  it('refuses a continuation that names another connection', async () => {
    const { peer, dm } = await connected();
    await peer.askFor('02 00 0C CB 00 00 00 01 48 00 04 41', '90 00 03');
    await peer.askFor('82 00 0C CB 00 00 00 07 49 00 04 42', 'D3 00 03');
    await peer.askFor(PUT, 'A0 00 03');
    expect(dm.seen).toEqual(['put 41']);
  });

  it('takes a CONNECT to the same service for the end of its last connection', async () => {
    const { peer, dm } = await connected();
    await peer.askFor(EXCHANGE.connect, EXCHANGE.connected.replace('CB 00 00 00 01', 'CB 00 00 00 02'));
    expect(dm.ends).toEqual(['disconnect']);
    await peer.askFor(PUT, 'D3 00 03');
  });
});

import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { milliseconds } from '../../../src-main/base/durations.ts';
import { memoryPair } from '../../../src-main/bearer/memory/memory-stream.ts';
import type { Envelope } from '../../../src-main/link/message-link.ts';
import { type DmServiceOptions, dmService } from '../../../src-main/link/obex-dm-service.ts';
import type { ObexServerLink } from '../../../src-main/link/obex-server-link.ts';
import { serveObex } from '../../../src-main/obex/server.ts';
import { ContentType } from '../../../src-main/syncml/content-type.ts';
import { hex, RawPeer } from '../obex/raw-peer.ts';
import { EXCHANGE } from '../obex/worked-exchange.ts';

const never = new AbortController().signal;
const PUT = '82 00 0C CB 00 00 00 01 49 00 04 02';
const MESSAGE: Envelope = { contentType: ContentType.DmWbxml, body: hex(EXCHANGE.message) };
/** Our answer carries its Type, which the worked exchange leaves out. */
const GOT = `A0 00 38 42 00 23 61 70 70 6C 69 63 61 74 69 6F 6E 2F 76 6E 64 2E 73 79 6E 63 6D 6C 2E 64 6D 2B 77 62 78 6D 6C 00
  C3 00 00 00 0A 49 00 0D 02 A4 01 6A 00 6D 6B 12 01 01`;

interface Rig {
  readonly peer: RawPeer;
  readonly links: readonly ObexServerLink[];
  readonly link: ObexServerLink;
  readonly served: Promise<void>;
  readonly reset: () => void;
}

async function connected(options: Partial<DmServiceOptions> = {}): Promise<Rig> {
  const [near, far] = memoryPair();
  const links: ObexServerLink[] = [];
  const service = dmService({ onLink: (link) => links.push(link), ...options });
  const served = serveObex(near, { services: [service], signal: never, maxPacket: 4096 });
  served.catch(() => undefined);
  const peer = new RawPeer(far);
  await peer.askFor(EXCHANGE.connect, EXCHANGE.connected);
  const [link] = links;
  if (link === undefined) throw new Error('no link');
  return { peer, links, link, served, reset: () => near.reset() };
}

function held<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined);
  return promise;
}

describe('OBEX server link', () => {
  it('holds the worked exchange', async () => {
    const { peer, link, served } = await connected();
    expect(link.packetLimit).toBe(4096);
    const notification = link.receive(never);
    await peer.askFor(EXCHANGE.putNotification, EXCHANGE.success);
    expect(await notification).toEqual({ contentType: ContentType.Notification, body: hex(EXCHANGE.notification) });
    await peer.send(EXCHANGE.get);
    const sent = link.send(MESSAGE, never);
    await peer.expect(GOT);
    await sent;
    await peer.askFor(EXCHANGE.putPart1, EXCHANGE.continue);
    await peer.askFor(EXCHANGE.putPart2, EXCHANGE.success);
    expect(await link.receive(never)).toEqual(MESSAGE);
    const end = link.receive(never);
    await peer.askFor(EXCHANGE.disconnect, EXCHANGE.success);
    expect(await end).toBeUndefined();
    expect(await link.receive(never)).toBeUndefined();
    await link.close('done');
    await peer.stream.close();
    await served;
  });

  it('lets go of the signal of its owner, who outlives many links', async () => {
    const { signal } = new AbortController();
    const { peer, link, served } = await connected();
    const heard = link.receive(signal);
    await peer.askFor(EXCHANGE.putNotification, EXCHANGE.success);
    await heard;
    const sent = link.send(MESSAGE, signal);
    await peer.askFor(EXCHANGE.get, GOT);
    await sent;
    const end = link.receive(signal);
    await peer.askFor(EXCHANGE.disconnect, EXCHANGE.success);
    expect(await end).toBeUndefined();
    await peer.stream.close();
    await served;
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('answers a GET that comes after the message is there', async () => {
    const { peer, link } = await connected();
    const sent = link.send(MESSAGE, never);
    await peer.askFor(EXCHANGE.get, GOT);
    await sent;
  });

  it('resolves a send only when the whole answer went out', async () => {
    const { peer, link } = await connected();
    let taken = false;
    const sent = link.send({ ...MESSAGE, body: new Uint8Array(5000) }, never).then(() => {
      taken = true;
    });
    expect((await peer.ask(EXCHANGE.get))[0]).toBe(0x90);
    expect(taken).toBe(false);
    expect((await peer.ask('83 00 03'))[0]).toBe(0xa0);
    await sent;
  });

  it('carries the hmac both ways, unchanged', async () => {
    const { peer, link } = await connected();
    await peer.askFor('82 00 15 CB 00 00 00 01 30 00 09 00 78 00 3D 00 00 49 00 04 02', 'A0 00 03');
    expect(await link.receive(never)).toEqual({ contentType: ContentType.DmWbxml, body: Uint8Array.of(2), hmac: 'x=' });
    void link.send({ contentType: 'a/b', body: Uint8Array.of(9), hmac: 'y=' }, never);
    await peer.askFor(
      EXCHANGE.get,
      'A0 00 1C 42 00 07 61 2F 62 00 C3 00 00 00 01 30 00 09 00 79 00 3D 00 00 49 00 04 09',
    );
  });

  it('leaves the connection alone that took the place of its own', async () => {
    const { peer, links, link } = await connected();
    await peer.ask(EXCHANGE.connect);
    expect(links).toHaveLength(2);
    await link.close('aborted');
    const message = held(links[1]?.receive(never) ?? Promise.reject(new Error('no link')));
    await peer.askFor('82 00 0C CB 00 00 00 02 49 00 04 02', 'A0 00 03');
    expect((await message)?.body).toEqual(Uint8Array.of(2));
  });

  it('does not answer a PUT before the message before it was received', async () => {
    const { peer, link } = await connected();
    await peer.askFor(PUT, 'A0 00 03');
    await peer.send(PUT.replace('04 02', '04 03'));
    expect((await link.receive(never))?.body).toEqual(Uint8Array.of(2));
    await peer.expect('A0 00 03');
    expect((await link.receive(never))?.body).toEqual(Uint8Array.of(3));
  });

  it('[DMP-9-23][DMP-9-24] refuses types and messages that its owner does not take, and takes the next', async () => {
    const { peer, link } = await connected({
      accept: (contentType) => contentType !== 'a/b' && contentType !== ContentType.DmXml,
      maxMessage: 10,
      check: (envelope) => (envelope.body[0] === 0 ? 0xc0 : undefined),
    });
    await peer.askFor('02 00 13 CB 00 00 00 01 42 00 07 61 2F 62 00 48 00 04 02', 'CF 00 03');
    await peer.askFor('82 00 0C CB 00 00 00 01 49 00 04 3C', 'CF 00 03');
    await peer.askFor('82 00 0C CB 00 00 00 01 49 00 04 00', 'C0 00 03');
    await peer.askFor('82 00 16 CB 00 00 00 01 49 00 0E 02 02 02 02 02 02 02 02 02 02 02', 'CD 00 03');
    await peer.askFor(PUT, 'A0 00 03');
    expect((await link.receive(never))?.body).toEqual(Uint8Array.of(2));
  });

  it('[DMP-9-23] answers 0xCF to a GET of another type only when its own is fixed', async () => {
    const fixed = await connected({ getType: ContentType.DmXml });
    const sent = held(fixed.link.send({ contentType: ContentType.DmXml, body: Uint8Array.of(0x3c) }, never));
    await fixed.peer.askFor(EXCHANGE.get, 'CF 00 03');
    // A Name instead of a Type asks for no type at all.
    expect((await fixed.peer.ask('83 00 0F CB 00 00 00 01 01 00 07 00 61 00 00'))[0]).toBe(0xa0);
    await sent;
    const free = await connected();
    void held(free.link.send({ contentType: ContentType.DmXml, body: Uint8Array.of(0x3c) }, never));
    expect((await free.peer.ask(EXCHANGE.get))[0]).toBe(0xa0);
  });

  it('[DMP-9-04][DMP-9-32] serves SYNCML-DM and nothing else, or the Target that it was told', async () => {
    const others = ['80 00 07 10 00 20 00', '80 00 13 10 00 20 00 46 00 0C 53 59 4E 43 4D 4C 2D 44 53'];
    const { peer } = await connected();
    for (const other of others) await peer.askFor(other, 'C4 00 07 10 00 10 00');
    const [near, far] = memoryPair();
    const services = [dmService({ onLink: () => undefined, target: Uint8Array.of(7) })];
    serveObex(near, { services, signal: never }).catch(() => undefined);
    const own = new RawPeer(far);
    await own.askFor(EXCHANGE.connect, 'C4 00 07 10 00 FF FF');
    expect((await own.ask('80 00 0B 10 00 20 00 46 00 04 07'))[0]).toBe(0xa0);
  });

  it('makes a new link for a new CONNECT on the same stream', async () => {
    const { peer, links, link } = await connected();
    await peer.askFor(EXCHANGE.disconnect, EXCHANGE.success);
    await peer.askFor(EXCHANGE.connect, EXCHANGE.connected.replace('CB 00 00 00 01', 'CB 00 00 00 02'));
    await peer.askFor(PUT.replace('01 49', '02 49'), 'A0 00 03');
    expect(links).toHaveLength(2);
    expect(await link.receive(never)).toBeUndefined();
    expect((await links[1]?.receive(never))?.body).toEqual(Uint8Array.of(2));
  });

  it('gives what came before the end, then the end', async () => {
    const { peer, link } = await connected();
    await peer.askFor(PUT, 'A0 00 03');
    await peer.askFor(EXCHANGE.disconnect, EXCHANGE.success);
    expect((await link.receive(never))?.body).toEqual(Uint8Array.of(2));
    expect(await link.receive(never)).toBeUndefined();
    await expect(link.send(MESSAGE, never)).rejects.toMatchObject({ code: 'obex/disconnected' });
  });
});

describe('OBEX server link, broken off', () => {
  it('ends well when the stream ends between two operations', async () => {
    const { peer, link } = await connected();
    const received = link.receive(never);
    await peer.stream.close();
    expect(await received).toBeUndefined();
  });

  it('says bearer/lost when the link breaks, to what waits and to what comes after', async () => {
    const { link, reset } = await connected();
    const received = held(link.receive(never));
    const sent = held(link.send(MESSAGE, never));
    reset();
    await expect(received).rejects.toMatchObject({ code: 'bearer/lost' });
    await expect(sent).rejects.toMatchObject({ code: 'bearer/lost' });
    await expect(link.receive(never)).rejects.toMatchObject({ code: 'bearer/lost' });
    await expect(link.send(MESSAGE, never)).rejects.toMatchObject({ code: 'bearer/lost' });
    await link.close('done');
  });

  it('says bearer/lost when the link breaks inside the answer', async () => {
    const { peer, link, reset } = await connected();
    const sent = held(link.send({ ...MESSAGE, body: new Uint8Array(5000) }, never));
    expect((await peer.ask(EXCHANGE.get))[0]).toBe(0x90);
    reset();
    await expect(sent).rejects.toMatchObject({ code: 'bearer/lost' });
  });

  it('says bearer/lost when the peer leaves while its GET waits or inside its PUT', async () => {
    for (const request of [EXCHANGE.get, EXCHANGE.putPart1]) {
      const { peer, link } = await connected();
      await peer.send(request);
      if (request === EXCHANGE.putPart1) await peer.expect('90 00 03');
      const received = held(link.receive(never));
      await peer.stream.close();
      await expect(received).rejects.toMatchObject({ code: 'bearer/lost' });
    }
  });

  it('says obex/disconnected to a send when the peer leaves before it took the message', async () => {
    const { peer, link } = await connected();
    const sent = held(link.send(MESSAGE, never));
    await peer.askFor(EXCHANGE.disconnect, EXCHANGE.success);
    await expect(sent).rejects.toMatchObject({ code: 'obex/disconnected' });
  });

  it.each(['while a GET waits', 'inside a PUT', 'inside an answer', 'with nothing running'])(
    '[DMP-9-09] says obex/aborted when the peer sends ABORT %s',
    async (when) => {
      const { peer, links, link } = await connected();
      const received = held(link.receive(never));
      let sent: Promise<void> | undefined;
      if (when === 'while a GET waits') await peer.send(EXCHANGE.get);
      if (when === 'inside a PUT') await peer.askFor(EXCHANGE.putPart1, '90 00 03');
      if (when === 'inside an answer') {
        sent = held(link.send({ ...MESSAGE, body: new Uint8Array(5000) }, never));
        expect((await peer.ask(EXCHANGE.get))[0]).toBe(0x90);
      }
      await peer.askFor(EXCHANGE.abort, EXCHANGE.success);
      await expect(received).rejects.toMatchObject({ code: 'obex/aborted' });
      if (sent !== undefined) await expect(sent).rejects.toMatchObject({ code: 'obex/aborted' });
      await expect(link.send(MESSAGE, never)).rejects.toMatchObject({ code: 'obex/aborted' });
      await expect(link.receive(never)).rejects.toMatchObject({ code: 'obex/aborted' });
      await peer.askFor(EXCHANGE.get, 'D3 00 03');
      // What is PUT now is the first message of a new exchange; whoever has the old link cannot harm it.
      await link.close('aborted');
      await peer.askFor(PUT, 'A0 00 03');
      expect(links).toHaveLength(2);
      expect((await links[1]?.receive(never))?.body).toEqual(Uint8Array.of(2));
    },
  );

  it('withdraws a message when its send is aborted, and takes another', async () => {
    const { peer, link } = await connected();
    const stop = new AbortController();
    const sent = held(link.send({ ...MESSAGE, body: Uint8Array.of(1) }, stop.signal));
    stop.abort();
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
    const again = link.send(MESSAGE, never);
    await peer.askFor(EXCHANGE.get, GOT);
    await again;
  });

  it('loses nothing when a receive is aborted', async () => {
    const { peer, link } = await connected();
    const stop = new AbortController();
    const received = held(link.receive(stop.signal));
    stop.abort();
    await expect(received).rejects.toMatchObject({ name: 'AbortError' });
    await peer.askFor(PUT, 'A0 00 03');
    await expect(link.receive(stop.signal)).rejects.toMatchObject({ name: 'AbortError' });
    expect((await link.receive(never))?.body).toEqual(Uint8Array.of(2));
  });
});

describe('OBEX server link, closed here', () => {
  it('says that it has nothing to say, until the peer PUTs something', async () => {
    const { peer, link } = await connected();
    await peer.send(EXCHANGE.get);
    await new Promise(setImmediate);
    link.sayNothing();
    await peer.expect('C4 00 03');
    await peer.askFor(EXCHANGE.get, 'C4 00 03');
    await peer.askFor(PUT, 'A0 00 03');
    await link.receive(never);
    const sent = link.send(MESSAGE, never);
    await peer.askFor(EXCHANGE.get, GOT);
    await sent;
  });

  it('[DMP-9-25][DMP-9-28] answers GETs by 0xC4 and PUTs by 0xD3 until the peer disconnects', async () => {
    const { peer, link } = await connected();
    await peer.send(EXCHANGE.get);
    const received = held(link.receive(never));
    // The GET has to be there before it can be answered.
    await new Promise(setImmediate);
    const closing = link.close('done');
    await peer.expect('C4 00 03');
    await expect(received).rejects.toMatchObject({ code: 'obex/disconnected' });
    await peer.askFor(EXCHANGE.get, 'C4 00 03');
    await peer.askFor(PUT, 'D3 00 03');
    await peer.askFor(EXCHANGE.disconnect, EXCHANGE.success);
    await closing;
    await expect(link.send(MESSAGE, never)).rejects.toMatchObject({ code: 'obex/disconnected' });
    // The stream stays for the next CONNECT.
    await peer.askFor(EXCHANGE.connect, EXCHANGE.connected.replace('CB 00 00 00 01', 'CB 00 00 00 02'));
  });

  it('drops the stream when the peer does not disconnect in time', async () => {
    const start = performance.now();
    const { peer, link, served } = await connected({ closeLimit: milliseconds(5) });
    await Promise.all([link.close('done'), link.close('done')]);
    await served;
    await peer.expectEnd();
    expect(performance.now() - start).toBeLessThan(900);
  });

  it('answers what waits by 0xD3 and drops the stream when it is broken off', async () => {
    const getting = await connected();
    await getting.peer.send(EXCHANGE.get);
    await new Promise(setImmediate);
    const closing = getting.link.close('aborted');
    await getting.peer.expect('D3 00 03');
    await getting.peer.expectEnd();
    await closing;
    const idle = await connected();
    await idle.link.close('aborted');
    await idle.peer.expectEnd();
    await idle.served;
    const putting = await connected();
    await putting.peer.askFor(PUT, 'A0 00 03');
    await putting.peer.send(PUT);
    await new Promise(setImmediate);
    const broken = putting.link.close('aborted');
    await putting.peer.expect('D3 00 03');
    await putting.peer.expectEnd();
    await broken;
  });
});

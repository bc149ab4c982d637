import { describe, expect, it } from 'vitest';
import { milliseconds } from '../../../src-main/base/durations.ts';
import { memoryPair } from '../../../src-main/bearer/memory/memory-stream.ts';
import {
  type ObexClientLink,
  type ObexClientLinkOptions,
  openObexClientLink,
} from '../../../src-main/link/obex-client-link.ts';
import { SYNCML_DM_TARGET } from '../../../src-main/link/obex-envelope.ts';
import { DEFAULT_OBEX_TIMEOUTS } from '../../../src-main/obex/client.ts';
import { ContentType } from '../../../src-main/syncml/content-type.ts';
import { hex, RawPeer } from '../obex/raw-peer.ts';
import { EXCHANGE } from '../obex/worked-exchange.ts';

const never = new AbortController().signal;
const GET_XML = `83 00 29 CB 00 00 00 01
  42 00 21 61 70 70 6C 69 63 61 74 69 6F 6E 2F 76 6E 64 2E 73 79 6E 63 6D 6C 2E 64 6D 2B 78 6D 6C 00`;

async function opened(options: Partial<ObexClientLinkOptions> = {}): Promise<readonly [ObexClientLink, RawPeer]> {
  const [near, far] = memoryPair();
  const peer = new RawPeer(far);
  const opening = openObexClientLink(near, {
    target: SYNCML_DM_TARGET,
    signal: never,
    getTypes: [ContentType.DmWbxml, ContentType.DmXml],
    maxPacket: 8192,
    ...options,
  });
  await peer.expect(EXCHANGE.connect);
  await peer.send(EXCHANGE.connected);
  return [await opening, peer];
}

describe('OBEX client link', () => {
  it('[DMP-9-01][DMP-9-11] holds the worked exchange', async () => {
    const [link, peer] = await opened();
    expect(link.packetLimit).toBe(4096);
    const notified = link.send({ contentType: ContentType.Notification, body: hex(EXCHANGE.notification) }, never);
    await peer.expect(EXCHANGE.putNotification);
    await peer.send(EXCHANGE.success);
    await notified;
    const received = link.receive(never);
    await peer.expect(EXCHANGE.get);
    await peer.send(EXCHANGE.got);
    // The answer has no Type: its first octet says what it is.
    expect(await received).toEqual({ contentType: ContentType.DmWbxml, body: hex(EXCHANGE.message) });
    const closing = link.close('done');
    await peer.expect(EXCHANGE.disconnect);
    await peer.send(EXCHANGE.success);
    await closing;
    await peer.expectEnd();
  });

  it('[DMP-4-30][DMP-5-02] carries the hmac both ways, unchanged', async () => {
    const [link, peer] = await opened();
    const sent = link.send({ contentType: 'a/b', body: Uint8Array.of(1), hmac: 'x=' }, never);
    await peer.expect(
      '82 00 21 CB 00 00 00 01 42 00 07 61 2F 62 00 C3 00 00 00 01 30 00 09 00 78 00 3D 00 00 49 00 04 01',
    );
    await peer.send(EXCHANGE.success);
    await sent;
    const received = link.receive(never);
    await peer.packet();
    await peer.send('A0 00 15 30 00 09 00 79 00 3D 00 00 C3 00 00 00 01 49 00 04 02');
    expect(await received).toEqual({ contentType: ContentType.DmWbxml, body: Uint8Array.of(2), hmac: 'y=' });
  });

  it('[DMP-9-08] takes the type from the Type header, else from the first octet', async () => {
    const [link, peer] = await opened();
    for (const [answer, contentType] of [
      ['A0 00 0F 42 00 08 61 2F 42 3B 78 49 00 04 02', 'a/B;x'],
      ['A0 00 0A 42 00 03 49 00 04 3C', ContentType.DmXml],
      ['A0 00 07 49 00 04 3C', ContentType.DmXml],
      ['A0 00 07 49 00 04 03', ContentType.DmWbxml],
      ['A0 00 07 49 00 04 7B', ContentType.OctetStream],
    ] as const) {
      const received = link.receive(never);
      await peer.packet();
      await peer.send(answer);
      expect((await received)?.contentType).toBe(contentType);
    }
  });

  it('asks for XML once after 0xCF and keeps to it', async () => {
    const [link, peer] = await opened();
    const received = link.receive(never);
    await peer.expect(EXCHANGE.get);
    await peer.askFor('CF 00 03', GET_XML);
    await peer.send('A0 00 07 49 00 04 3C');
    expect((await received)?.contentType).toBe(ContentType.DmXml);
    const again = link.receive(never);
    await peer.expect(GET_XML);
    await peer.send('CF 00 03');
    await expect(again).rejects.toMatchObject({ code: 'obex/response', details: { response: 0xcf } });
  });

  it('does not ask for XML any more once WBXML has worked', async () => {
    const [link, peer] = await opened();
    const received = link.receive(never);
    await peer.expect(EXCHANGE.get);
    await peer.send(EXCHANGE.got);
    await received;
    const again = link.receive(never);
    await peer.expect(EXCHANGE.get);
    await peer.send('CF 00 03');
    await expect(again).rejects.toMatchObject({ details: { response: 0xcf } });
  });

  it.each([
    ['C4 00 03', 0xc4],
    ['A4 00 03', 0xa4],
    ['D3 00 03', 0xd3],
    ['A0 00 03', 0xa0],
    ['A0 00 06 49 00 03', 0xa0],
  ])('has nothing more to receive after %s', async (answer, code) => {
    const [link, peer] = await opened();
    expect(link.endedBy).toBeUndefined();
    const received = link.receive(never);
    await peer.packet();
    await peer.send(answer);
    expect(await received).toBeUndefined();
    expect(link.endedBy).toBe(code);
  });

  it.each([0xc0, 0xc1, 0xc3, 0xcd, 0xd0, 0xd1])(
    '[DMP-9-26][DMP-9-33] passes every other refusal on with its number (%i)',
    async (code) => {
      const [link, peer] = await opened();
      const received = link.receive(never);
      received.catch(() => undefined);
      await peer.packet();
      await peer.send(Uint8Array.of(code, 0, 3));
      await expect(received).rejects.toMatchObject({ code: 'obex/response', details: { response: code } });
      expect(link.endedBy).toBeUndefined();
    },
  );

  it('breaks off a message over its limit', async () => {
    const [link, peer] = await opened({ maxMessage: 9 });
    const received = link.receive(never);
    received.catch(() => undefined);
    await peer.packet();
    await peer.askFor(EXCHANGE.got, EXCHANGE.abort);
    await peer.send(EXCHANGE.success);
    await expect(received).rejects.toMatchObject({ code: 'obex/object-too-long' });
  });

  it('[DMP-9-17] waits for a message as long as it was told, then sends ABORT', async () => {
    expect(DEFAULT_OBEX_TIMEOUTS.message).toBe(300_000);
    const [link, peer] = await opened({ timeouts: { message: milliseconds(5) } });
    const received = link.receive(never);
    received.catch(() => undefined);
    await peer.packet();
    await peer.expect(EXCHANGE.abort);
    await peer.send(EXCHANGE.success);
    await expect(received).rejects.toMatchObject({ code: 'obex/timeout' });
  });

  it('[DMP-9-09][DMP-9-17] sends ABORT, then DISCONNECT, when it is broken off while it receives', async () => {
    const [link, peer] = await opened();
    const received = link.receive(never);
    received.catch(() => undefined);
    await peer.packet();
    const closing = link.close('aborted');
    await peer.expect(EXCHANGE.abort);
    await peer.askFor(EXCHANGE.success, EXCHANGE.disconnect);
    await peer.send(EXCHANGE.success);
    await closing;
    await expect(received).rejects.toMatchObject({ name: 'AbortError' });
    await peer.expectEnd();
  });

  it('gives a peer up that does not answer CONNECT within the limit that it was told', async () => {
    const [near] = memoryPair();
    const timeouts = { response: milliseconds(5) };
    const opening = openObexClientLink(near, { target: SYNCML_DM_TARGET, signal: never, getTypes: ['a/b'], timeouts });
    await expect(opening).rejects.toMatchObject({ code: 'obex/timeout', details: { limit: 5 } });
  });

  it('closes the stream when it cannot be opened', async () => {
    const [near, far] = memoryPair();
    const peer = new RawPeer(far);
    const opening = openObexClientLink(near, { target: SYNCML_DM_TARGET, signal: never, getTypes: ['a/b'] });
    opening.catch(() => undefined);
    await peer.packet();
    await peer.send('C4 00 03');
    await expect(opening).rejects.toMatchObject({ code: 'obex/response', details: { response: 0xc4 } });
    await peer.expectEnd();
  });
});

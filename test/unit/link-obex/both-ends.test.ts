import { describe, expect, it } from 'vitest';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import { memoryPair } from '../../../src-main/bearer/memory/memory-stream.ts';
import { createTcpBearer } from '../../../src-main/bearer/tcp/tcp-bearer.ts';
import { type ObexClientLink, openObexClientLink } from '../../../src-main/link/obex-client-link.ts';
import { dmService } from '../../../src-main/link/obex-dm-service.ts';
import { SYNCML_DM_TARGET } from '../../../src-main/link/obex-envelope.ts';
import type { ObexServerLink } from '../../../src-main/link/obex-server-link.ts';
import { serveObex } from '../../../src-main/obex/server.ts';
import { ContentType } from '../../../src-main/syncml/content-type.ts';

const never = new AbortController().signal;
const TYPES: readonly [string, string] = [ContentType.DmWbxml, ContentType.DmXml];

async function join(
  near: ByteStream,
  far: ByteStream,
  packets: { readonly client: number; readonly server: number },
): Promise<readonly [ObexClientLink, ObexServerLink, Promise<void>]> {
  const made = Promise.withResolvers<ObexServerLink>();
  const services = [dmService({ onLink: made.resolve })];
  const served = serveObex(far, { services, signal: never, maxPacket: packets.server });
  const options = { target: SYNCML_DM_TARGET, signal: never, getTypes: TYPES, maxPacket: packets.client };
  const client = await openObexClientLink(near, options);
  return [client, await made.promise, served];
}

function message(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + seed) & 0xff);
}

async function talk(client: ObexClientLink, server: ObexServerLink, served: Promise<void>): Promise<void> {
  for (const [index, length] of [1, 200, 243, 244, 245, 246, 1000, 70_000].entries()) {
    const there = { contentType: ContentType.DmWbxml, body: message(length, index), hmac: `h${index}` };
    const back = { contentType: `${ContentType.DmXml}; charset=utf-8`, body: message(length + 1, index + 7) };
    const [, received] = await Promise.all([client.send(there, never), server.receive(never)]);
    expect(received).toEqual(there);
    const [, answered] = await Promise.all([server.send(back, never), client.receive(never)]);
    expect(answered).toEqual(back);
  }
  const [end] = await Promise.all([client.receive(never), server.close('done'), endOf(client)]);
  expect(end).toBeUndefined();
  await served;
}

/** The client leaves once it was told that nothing more comes. */
async function endOf(client: ObexClientLink): Promise<void> {
  while (client.endedBy === undefined) await new Promise(setImmediate);
  expect(client.endedBy).toBe(0xc4);
  await client.close('done');
}

describe('OBEX links on both ends', () => {
  it.each([
    [255, 255],
    [65535, 255],
    [255, 65535],
    [1024, 8192],
    [65535, 65535],
  ])('[DMP-9-03] carry messages of every size unchanged with packets of %i and %i', async (client, server) => {
    const [near, far] = memoryPair();
    await talk(...(await join(near, far, { client, server })));
  });

  it.each([1, 2, 3, 100])('carry them over a stream that is cut into pieces of %i', async (length) => {
    const [near, far] = memoryPair({ pieceLength: () => length });
    await talk(...(await join(near, far, { client: 2000, server: 1000 })));
  });

  it('carry them over tcp', async () => {
    const bearer = createTcpBearer();
    const arrived = Promise.withResolvers<ByteStream>();
    const listener = await bearer.listen(bearer.parse('tcp:127.0.0.1:0'), { signal: never, onStream: arrived.resolve });
    const near = await bearer.dial(bearer.parse(listener.address.text), { signal: never });
    await talk(...(await join(near, await arrived.promise, { client: 65535, server: 65535 })));
    await listener.close();
  });
});

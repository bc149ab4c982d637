import { describe, expect, it } from 'vitest';
import { EMPTY_BYTES, hexOf, utf8 } from '../../../src-main/base/bytes.ts';
import { memoryPair } from '../../../src-main/bearer/memory/memory-stream.ts';
import { openObexClientLink } from '../../../src-main/link/obex-client-link.ts';
import { dmService } from '../../../src-main/link/obex-dm-service.ts';
import { SYNCML_DM_TARGET } from '../../../src-main/link/obex-envelope.ts';
import type { ObexServerLink } from '../../../src-main/link/obex-server-link.ts';
import { connectObex } from '../../../src-main/obex/client.ts';
import { type ServeObexOptions, serveObex } from '../../../src-main/obex/server.ts';
import { ContentType } from '../../../src-main/syncml/content-type.ts';
import { inboxService } from '../../../src-main/virtual/handset/inbox.ts';
import { RawPeer } from '../obex/raw-peer.ts';

const never = new AbortController().signal;

function message(length: number, seed: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => (index * 31 + seed) & 0xff);
}

async function joined(odd: Pick<ServeObexOptions, 'emptyEnd' | 'idInEveryPacket'>) {
  const [near, far] = memoryPair();
  const made = Promise.withResolvers<ObexServerLink>();
  const served = serveObex(far, {
    services: [dmService({ onLink: made.resolve })],
    signal: never,
    maxPacket: 1024,
    ...odd,
  });
  const pc = await openObexClientLink(near, {
    target: SYNCML_DM_TARGET,
    signal: never,
    getTypes: [ContentType.DmWbxml],
    maxPacket: 1024,
    emptyEnd: odd.emptyEnd ?? false,
  });
  return { pc, phone: await made.promise, served };
}

describe('odd phones at the other end of an OBEX link', () => {
  it.each([
    ['an empty End-of-Body at the end of each object', { emptyEnd: true }],
    ['the ConnectionID wanted in every packet', { idInEveryPacket: true }],
    ['both', { emptyEnd: true, idInEveryPacket: true }],
  ])('exchange messages of every size unchanged: %s', async (_name, odd) => {
    const { pc, phone, served } = await joined(odd);
    for (const [seed, length] of [1, 900, 980, 1014, 1015, 1016, 5000].entries()) {
      const there = { contentType: ContentType.DmWbxml, body: message(length, seed) };
      const [, received] = await Promise.all([pc.send(there, never), phone.receive(never)]);
      expect(received).toEqual(there);
      const back = { contentType: ContentType.DmWbxml, body: message(length + 1, seed + 9), hmac: 'mac' };
      const [, answered] = await Promise.all([phone.send(back, never), pc.receive(never)]);
      expect(answered).toEqual(back);
    }
    await pc.close('done');
    await phone.close('done');
    await served;
  });

  it('are sent the ConnectionID with every packet once they have refused one without it, from the object’s start', async () => {
    const [near, far] = memoryPair();
    const phone = new RawPeer(far);
    const connecting = connectObex(near, { target: utf8('SYNCML-DM'), maxPacket: 255, signal: never });
    await phone.packet();
    await phone.send(
      'A0 00 19 10 00 00 FF CB 00 00 00 07 4A 00 0C 53 59 4E 43 4D 4C 2D 44 4D'.replace('00 19', '00 18'),
    );
    const client = await connecting;
    const put = client.put({ headers: [], body: new Uint8Array(300).fill(0x41) }, never);
    expect(hexOf((await phone.packet())?.subarray(0, 8) ?? EMPTY_BYTES)).toBe('0200ffcb00000007');
    await phone.send('90 00 03');
    // Body goes on without the id, and is refused.
    expect((await phone.packet())?.[3]).toBe(0x49);
    await phone.send('D3 00 03');
    const again = await phone.packet();
    expect([again?.[0], again?.length, again?.[3]]).toEqual([0x02, 255, 0xcb]);
    await phone.send('90 00 03');
    const last = await phone.packet();
    expect(last?.[0]).toBe(0x82);
    expect(hexOf(last?.subarray(3, 9) ?? EMPTY_BYTES)).toBe('cb0000000749');
    await phone.send('A0 00 03');
    expect(await put).toBe(0xa0);
  });

  it('are not given an object twice when they refuse its last packet after having taken one without the ConnectionID', async () => {
    const [near, far] = memoryPair();
    const phone = new RawPeer(far);
    const connecting = connectObex(near, { target: utf8('SYNCML-DM'), maxPacket: 255, signal: never });
    await phone.packet();
    await phone.send('A0 00 18 10 00 00 FF CB 00 00 00 07 4A 00 0C 53 59 4E 43 4D 4C 2D 44 4D');
    const client = await connecting;
    const put = client.put({ headers: [], body: new Uint8Array(600).fill(0x41) }, never);
    put.catch(() => undefined);
    for (const [code, answer] of [
      [0x02, '90 00 03'],
      [0x02, '90 00 03'],
      [0x82, 'D3 00 03'],
    ] as const) {
      expect((await phone.packet())?.[0]).toBe(code);
      await phone.send(answer);
    }
    await expect(put).rejects.toMatchObject({ code: 'obex/response', details: { response: 0xd3 } });
  });

  it('that want the ConnectionID in every packet keep an answer for whoever began to take it, and for nobody else', async () => {
    const [near, far] = memoryPair();
    const links: ObexServerLink[] = [];
    const inbox = inboxService();
    const services = [dmService({ onLink: (link) => links.push(link) }), inbox];
    const served = serveObex(far, { services, signal: never, maxPacket: 255, idInEveryPacket: true });
    const pc = new RawPeer(near);
    const ask = async (packet: string) => {
      await pc.send(packet);
      return pc.packet();
    };
    await ask('80 00 13 10 00 00 FF 46 00 0C 53 59 4E 43 4D 4C 2D 44 4D');
    const [link] = links;
    const sent = link?.send({ contentType: ContentType.DmWbxml, body: message(600, 1) }, never);
    sent?.catch(() => undefined);
    const get = '83 00 0D CB 00 00 00 01 42 00 05 61 00';
    expect((await ask(get))?.[0]).toBe(0x90);
    expect((await ask('83 00 03'))?.[0]).toBe(0xd3);
    // Another connection asks for an object of its own.
    await ask('80 00 07 10 00 00 FF');
    expect((await ask('83 00 0D 42 00 05 61 00 01 00 05 00 00'))?.[0]).toBe(0xc4);
    expect((await ask('81 00 08 CB 00 00 00 01'))?.[0]).toBe(0xa0);
    await expect(sent).rejects.toMatchObject({ code: 'obex/disconnected' });
    await near.close();
    await served;
  });

  it('keep it also while another connection takes an object of its own whole', async () => {
    const [near, far] = memoryPair();
    const links: ObexServerLink[] = [];
    const services = [dmService({ onLink: (link) => links.push(link) }), inboxService()];
    const served = serveObex(far, { services, signal: never, maxPacket: 255, idInEveryPacket: true });
    const pc = new RawPeer(near);
    const ask = async (packet: string) => {
      await pc.send(packet);
      return (await pc.packet())?.[0];
    };
    await ask('80 00 13 10 00 00 FF 46 00 0C 53 59 4E 43 4D 4C 2D 44 4D');
    const sent = links[0]?.send({ contentType: ContentType.DmWbxml, body: message(600, 1) }, never);
    expect(await ask('83 00 0D CB 00 00 00 01 42 00 05 61 00')).toBe(0x90);
    expect(await ask('83 00 03')).toBe(0xd3);
    await ask('80 00 07 10 00 00 FF');
    expect(await ask('82 00 0E 01 00 07 00 61 00 00 49 00 04 78')).toBe(0xa0);
    expect(await ask('83 00 0A 01 00 07 00 61 00 00')).toBe(0xa0);
    expect(await ask('83 00 0D CB 00 00 00 01 42 00 05 61 00')).toBe(0x90);
    const codes = [await ask('83 00 08 CB 00 00 00 01'), await ask('83 00 08 CB 00 00 00 01')];
    expect(codes).toEqual([0x90, 0xa0]);
    await expect(sent).resolves.toBeUndefined();
    await near.close();
    await served;
  });
});

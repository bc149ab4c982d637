import { afterEach, describe, expect, it } from 'vitest';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import { utf8 } from '../../../src-main/base/bytes.ts';
import { openNativePort } from '../../../src-main/bearer/child/native/serial-port.ts';
import { openPtyPair, type PtyPair } from '../../../src-main/bearer/pty/pty-pair.ts';
import { createSerialBearer } from '../../../src-main/bearer/serial/serial-bearer.ts';
import { connectObex } from '../../../src-main/obex/client.ts';
import { HeaderId, textHeader } from '../../../src-main/obex/header.ts';
import { serveObex } from '../../../src-main/obex/server.ts';
import { serveAtLine } from '../../../src-main/virtual/handset/at-prelude.ts';
import { inboxService } from '../../../src-main/virtual/handset/inbox.ts';

const LABEL = { manufacturer: 'Maker', model: 'Model', firmware: '1.0', imei: '004999010640000' };
const never = new AbortController().signal;
const name = textHeader(HeaderId.Name, 'object.bin');
const LOST = { code: 'bearer/lost' };
const cleanUp: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const step of cleanUp.splice(0).reverse()) await step();
});

interface Rig {
  readonly pair: PtyPair;
  readonly dial: () => Promise<ByteStream>;
  /** Resolves when the handset has noticed. */
  readonly handsetDone: Promise<void>;
}

/** @param onOctets told how many octets the handset has got so far. */
async function rig(onOctets: (count: number, pair: PtyPair) => void, atOnly = false): Promise<Rig> {
  const pair = await openPtyPair(never);
  const stop = new AbortController();
  const bearer = createSerialBearer({ openPort: openNativePort });
  const inbox = inboxService({});
  const handsetDone = Promise.withResolvers<void>();
  let octets = 0;
  const counted = (stream: ByteStream): ByteStream => ({
    noisy: true,
    read: async (signal) => {
      const bytes = await stream.read(signal);
      octets += bytes?.length ?? 0;
      onOctets(octets, pair);
      return bytes;
    },
    write: (bytes, signal) => stream.write(bytes, signal),
    close: () => stream.close(),
  });
  const serve = (peer: ByteStream) =>
    serveObex(peer, { services: [inbox], signal: stop.signal }).catch(() => undefined);
  const listener = await bearer.listen(bearer.parse(`serial:${pair.far}`), {
    signal: stop.signal,
    onStream: (stream) => {
      const line = { signal: stop.signal, about: () => LABEL, atOnly, serve };
      void serveAtLine(counted(stream), line).then(handsetDone.resolve, handsetDone.reject);
    },
  });
  cleanUp.push(() => pair.close());
  cleanUp.push(() => listener.close());
  cleanUp.push(async () => stop.abort());
  const dial = async () => {
    const stream = await bearer.dial(bearer.parse(`serial:${pair.near}`), { signal: never });
    cleanUp.push(() => stream.close());
    return stream;
  };
  return { pair, dial, handsetDone: handsetDone.promise };
}

describe('a serial port that is taken away', () => {
  it('while nothing is said', async () => {
    const { pair, dial, handsetDone } = await rig(() => undefined);
    const stream = await dial();
    const waiting = stream.read(never);
    waiting.catch(() => undefined);
    await pair.close();
    await expect(waiting).rejects.toMatchObject(LOST);
    await expect(stream.write(utf8('AT\r'), never)).rejects.toMatchObject(LOST);
    await handsetDone;
  });

  it('in the middle of the AT commands', async () => {
    const { dial, handsetDone } = await rig((octets, pair) => void (octets > 20 && pair.close()), true);
    const stream = await dial();
    await expect(connectObex(stream, { signal: never })).rejects.toMatchObject(LOST);
    await handsetDone;
  });

  it('in the middle of a PUT', async () => {
    const { dial, handsetDone } = await rig((octets, pair) => void (octets > 200_000 && pair.close()));
    const client = await connectObex(await dial(), { signal: never });
    const put = client.put({ headers: [name], body: new Uint8Array(4 * 1024 * 1024) }, never);
    await expect(put).rejects.toMatchObject(LOST);
    await client.close();
    await handsetDone;
  });

  it('in the middle of a GET', async () => {
    let after = Number.POSITIVE_INFINITY;
    let came = 0;
    const { dial, handsetDone } = await rig((octets, pair) => {
      came = octets;
      if (octets > after) void pair.close();
    });
    const client = await connectObex(await dial(), { signal: never });
    await client.put({ headers: [name], body: new Uint8Array(4 * 1024 * 1024) }, never);
    // The request for the object and some requests for more of it.
    after = came + 60;
    await expect(client.get([name], { signal: never })).rejects.toMatchObject(LOST);
    await client.close();
    await handsetDone;
  });

  it('while somebody says goodbye', async () => {
    const { pair, dial, handsetDone } = await rig(() => undefined);
    const client = await connectObex(await dial(), { signal: never });
    await Promise.all([client.close(), pair.close()]);
    await handsetDone;
  });
});

describe('bursts of noise on a serial line', () => {
  it.each([
    ['zeros', new Uint8Array(5000)],
    ['ones', new Uint8Array(5000).fill(0xff)],
    ['text', utf8('+CIEV: 1,4\r\n'.repeat(400))],
    ['every octet', Uint8Array.from({ length: 5120 }, (_, index) => (index * 7) & 0xff)],
  ])('of %s leave the handset ready for the next peer', async (_name, noise) => {
    const { pair, dial } = await rig(() => undefined);
    const bearer = createSerialBearer({ openPort: openNativePort, prelude: false });
    const raw = await bearer.dial(bearer.parse(`serial:${pair.near}`), { signal: never });
    await raw.write(noise, never);
    await raw.close();
    const client = await connectObex(await dial(), { signal: never });
    await client.put({ headers: [name], body: new Uint8Array(1000) }, never);
    await client.close();
  });
});

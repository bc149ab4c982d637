import { expect, it } from 'vitest';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import { openNativePort } from '../../../src-main/bearer/child/native/serial-port.ts';
import { openPtyPair } from '../../../src-main/bearer/pty/pty-pair.ts';
import { createSerialBearer } from '../../../src-main/bearer/serial/serial-bearer.ts';
import { connectObex } from '../../../src-main/obex/client.ts';
import { HeaderId, textHeader } from '../../../src-main/obex/header.ts';
import { serveObex } from '../../../src-main/obex/server.ts';
import { serveAtLine } from '../../../src-main/virtual/handset/at-prelude.ts';
import { inboxService } from '../../../src-main/virtual/handset/inbox.ts';
import { CONTINUOUS, LONG } from '../../support/thoroughness.ts';

const LABEL = { manufacturer: 'Maker', model: 'Model', firmware: '1.0', imei: '004999010640000' };
/**
 * Milliseconds after which the watchdog ends a write; the client ends an answer after 10 s. So long nothing may stand
 * still: what a session takes as a whole says how busy the computer is.
 */
const STALL = 8000;
const SESSIONS = LONG ? 1000 : CONTINUOUS ? 20 : 4;
const MEGABYTE = 1024 * 1024;
/** Packets from the least to the most that OBEX has, since a stall depends on how a write is cut. */
const PACKETS = [1024, 4096, 16_384, 65_535];

/** Notes the longest time in which no octet moved. */
class Pauses {
  longest = 0;
  #last = performance.now();

  readonly #moved = (): void => {
    const now = performance.now();
    this.longest = Math.max(this.longest, now - this.#last);
    this.#last = now;
  };

  watching(stream: ByteStream): ByteStream {
    const noting = async <T>(work: Promise<T>): Promise<T> => {
      const got = await work;
      this.#moved();
      return got;
    };
    return {
      ...(stream.noisy === undefined ? {} : { noisy: stream.noisy }),
      read: (signal) => noting(stream.read(signal)),
      write: (bytes, signal) => noting(stream.write(bytes, signal)),
      close: () => stream.close(),
    };
  }
}

it(`carries ${SESSIONS} OBEX sessions of 1 MB one after another without a stall`, {
  timeout: SESSIONS * STALL,
}, async () => {
  const stop = new AbortController();
  const { signal } = stop;
  const pair = await openPtyPair(signal);
  const bearer = createSerialBearer({ openPort: openNativePort });
  const inbox = inboxService({});
  const pauses = new Pauses();
  const serve = (stream: ByteStream) =>
    serveAtLine(stream, {
      signal,
      about: () => LABEL,
      serve: (peer) => serveObex(pauses.watching(peer), { services: [inbox], signal }).catch(() => undefined),
    });
  const listener = await bearer.listen(bearer.parse(`serial:${pair.far}`), {
    signal,
    onStream: (stream) => void serve(stream),
  });
  const bytes = Uint8Array.from({ length: MEGABYTE / 2 }, (_, index) => (index * 31 + (index >> 8)) & 0xff);
  const name = textHeader(HeaderId.Name, 'object.bin');
  const slowest = { session: 0, ms: 0 };
  const started = performance.now();
  for (let session = 0; session < SESSIONS; session += 1) {
    const maxPacket = PACKETS[session % PACKETS.length] ?? 65_535;
    const begun = performance.now();
    const stream = await bearer.dial(bearer.parse(`serial:${pair.near}`), { signal });
    const client = await connectObex(pauses.watching(stream), { signal, maxPacket });
    // Half a megabyte there, the same half back.
    await client.put({ headers: [name], body: bytes }, signal);
    const { body } = await client.get([name], { signal });
    expect(Buffer.compare(body, bytes)).toBe(0);
    await client.close();
    const ms = performance.now() - begun;
    if (ms > slowest.ms) Object.assign(slowest, { session, ms });
  }
  const seconds = (performance.now() - started) / 1000;
  process.stderr.write(
    `serial: ${SESSIONS} sessions, ${(SESSIONS / seconds).toFixed(1)} MB/s, slowest ${Math.round(slowest.ms)} ms, longest pause ${Math.round(pauses.longest)} ms\n`,
  );
  expect(pauses.longest).toBeLessThan(STALL / 2);
  stop.abort();
  await listener.close();
  await pair.close();
});

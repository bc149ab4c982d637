/** One end of a transfer in a process of its own: our OBEX server, our client, or plain sockets that pass packets. */
import { rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import type { Bearers } from '../../../src-main/bearer/bearers.ts';
import { childBearers } from '../../../src-main/bearer/child/child-bearers.ts';
import { type TcpAddress, tcpAddress } from '../../../src-main/bearer/tcp/tcp-address.ts';
import { createTcpBearer } from '../../../src-main/bearer/tcp/tcp-bearer.ts';
import { connectObex } from '../../../src-main/obex/client.ts';
import { HeaderId, numberOf, textHeader, wordHeader } from '../../../src-main/obex/header.ts';
import { ResponseCode } from '../../../src-main/obex/packet.ts';
import { serveObex } from '../../../src-main/obex/server.ts';
import type { ObexService, ObexSink } from '../../../src-main/obex/service.ts';
import { inboxService } from '../../../src-main/virtual/handset/inbox.ts';
import { CORES, keepOnCore } from './anchor.ts';

export type EndRequest =
  /** `pace`: octets a second that it takes into nothing, as a slower link has them; default as fast as they come. */
  | { readonly kind: 'serve'; readonly pace?: number }
  /** The virtual handset's inbox in a folder. */
  | { readonly kind: 'serve-inbox' }
  | { readonly kind: 'empty-inbox' }
  /** Packets of 64 KB, each answered by three octets, without OBEX. */
  | { readonly kind: 'serve-ping' }
  | {
      readonly kind: 'put' | 'get' | 'ping';
      readonly port: number;
      readonly bytes: number;
      readonly name: string;
      /** By way of the process that has the native modules. */
      readonly throughChild?: boolean;
    };

export type EndAnswer =
  | { readonly port: number }
  | { readonly seconds: number }
  | { readonly done: true }
  | { readonly failed: string };

const PACKET = 65_535;
const ACK = 3;
const never = new AbortController().signal;

const inbox = join(tmpdir(), `bench-obex-${process.pid}`);
let through: Bearers | undefined;
/** Bodies of every size are parts of one. */
let body = Buffer.alloc(0);

process.on('message', (request: EndRequest) => {
  answer(request).then(
    (said) => process.send?.(said),
    (error: unknown) => process.send?.({ failed: String(error) } satisfies EndAnswer),
  );
});

async function answer(request: EndRequest): Promise<EndAnswer> {
  switch (request.kind) {
    case 'serve':
      return { port: await serve(store(request.pace)) };
    case 'serve-inbox':
      return { port: await serve(inboxService({ folder: inbox, capacity: 0xffff_ffff })) };
    case 'empty-inbox':
      await rm(inbox, { recursive: true, force: true });
      return { done: true };
    case 'serve-ping':
      return { port: await servePing() };
    case 'ping':
      return { seconds: await ping(request.port, request.bytes) };
    case 'put':
    case 'get':
      return { seconds: await transfer(request) };
  }
}

async function serve(service: ObexService): Promise<number> {
  const { address } = await createTcpBearer().listen(tcpAddress('127.0.0.1', 0), {
    signal: never,
    onStream: (stream) => void serveObex(stream, { services: [service], signal: never }).catch(() => undefined),
  });
  return Number(address.text.split(':').at(-1));
}

/** Gives as much as is asked for; takes into nothing, at this pace. */
const store = (pace?: number): ObexService => ({
  serves: () => true,
  connect: () => ({
    maxObject: 0xffff_ffff,
    acceptPut: () => (pace === undefined ? nullSink : pacedSink(pace)),
    put: async () => ({ code: ResponseCode.InternalServerError }),
    get: async (headers) => {
      const length = numberOf(headers, HeaderId.Length) ?? 0;
      return { code: ResponseCode.Success, headers: [wordHeader(HeaderId.Length, length)], body: bodyOf(length) };
    },
    aborted: () => undefined,
    ended: () => undefined,
  }),
});

/** Takes into nothing, at a link's speed. */
function pacedSink(pace: number): ObexSink {
  const start = performance.now();
  let taken = 0;
  return {
    ...nullSink,
    write: (octets) => {
      taken += octets.length;
      const early = start + (1000 * taken) / pace - performance.now();
      // A timer has whole milliseconds; what it is late is made up for by the next.
      return early < 1 ? undefined : new Promise((resolve) => setTimeout(resolve, early));
    },
  };
}

const nullSink: ObexSink = {
  write: () => undefined,
  finish: async () => ({ code: ResponseCode.Success }),
  discard: async () => undefined,
};

async function transfer(request: Extract<EndRequest, { kind: 'put' | 'get' | 'ping' }>): Promise<number> {
  const address = tcpAddress('127.0.0.1', request.port);
  const stream =
    request.throughChild === true
      ? await dialThroughChild(address)
      : await createTcpBearer().dial(address, { signal: never });
  const client = await connectObex(stream, { signal: never });
  const headers = [textHeader(HeaderId.Name, request.name), wordHeader(HeaderId.Length, request.bytes)];
  const start = performance.now();
  if (request.kind === 'put') {
    await client.put({ headers, body: bodyOf(request.bytes) }, never);
  } else {
    const { body: got } = await client.get(headers, { signal: never, maxObject: 0xffff_ffff });
    if (got.length !== request.bytes) throw new Error(`${got.length} of ${request.bytes} octets came`);
  }
  const seconds = (performance.now() - start) / 1000;
  await client.close();
  return seconds;
}

/** The child runs where the system puts it: this end's machine has more than one core. */
async function dialThroughChild(address: TcpAddress): Promise<ByteStream> {
  const first = through === undefined;
  through ??= childBearers({ tcp: true });
  if (first) keepOnCore(`${CORES.server},${CORES.client}`, process.pid);
  const stream = await through.for('tcp').dial(address, { signal: never });
  if (first) keepOnCore(CORES.client, process.pid);
  return stream;
}

function bodyOf(bytes: number): Uint8Array {
  if (body.length < bytes)
    body = Buffer.alloc(
      bytes,
      Uint8Array.from({ length: 251 }, (_, index) => index),
    );
  return body.subarray(0, bytes);
}

function servePing(): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => {
    let left = PACKET;
    const ack = Buffer.alloc(ACK);
    socket.on('data', (piece) => {
      left -= piece.length;
      if (left > 0) return;
      left += PACKET;
      socket.write(ack);
    });
    socket.on('error', () => undefined);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const at = server.address();
      resolve(at !== null && typeof at === 'object' ? at.port : 0);
    });
  });
}

async function ping(port: number, bytes: number): Promise<number> {
  const stream = await createTcpBearer().dial(tcpAddress('127.0.0.1', port), { signal: never });
  const packet = bodyOf(PACKET);
  const start = performance.now();
  for (let sent = 0; sent < bytes; sent += PACKET) {
    await stream.write(packet, never);
    for (let got = 0; got < ACK; ) got += (await stream.read(never))?.length ?? Number.POSITIVE_INFINITY;
  }
  const seconds = (performance.now() - start) / 1000;
  await stream.close();
  return seconds;
}

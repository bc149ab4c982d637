import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Socket } from 'node:net';
import type { Stage } from './processes.ts';

/** A request as it went by. */
export interface SeenRequest {
  /** The first line. */
  readonly line: string;
  /** `Range`, when it asked for a part. */
  readonly range: string | undefined;
}

export interface TcpProxyOptions {
  /** Called before bytes of an HTTP client go on to the server. */
  readonly onAsk?: (request: string) => Promise<void>;
  /** Called before bytes that answer `request` go on to the client; `cut` lets them vanish and closes the connection. */
  readonly onAnswer?: (request: string) => Promise<'cut' | undefined>;
  /** So many bytes of an answer at a time, each told to `onAnswer`. Default: as they come. */
  readonly piece?: number;
}

/** Stands on the wire between an HTTP client and a server; ends with the stage. */
export interface TcpProxy {
  /** The server's address by way of the proxy. */
  readonly url: URL;
  readonly requests: readonly SeenRequest[];
}

const REQUEST_LINE = /^(?:GET|HEAD|POST) \S+ HTTP\/1\.1\r\n/;

export async function tcpProxy(stage: Stage, server: string, options: TcpProxyOptions = {}): Promise<TcpProxy> {
  const target = new URL(server);
  const requests: SeenRequest[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    return socket;
  };
  const listener = createServer((socket) => {
    const client = keep(socket);
    const upstream = keep(createConnection(Number(target.port), target.hostname));
    let request = '';
    const up = async () => {
      for await (const chunk of client) {
        const text = (chunk as Buffer).toString('latin1');
        const [line] = REQUEST_LINE.exec(text) ?? [];
        if (line !== undefined) {
          request = line.trimEnd();
          requests.push({ line: request, range: /\r\nrange: ([^\r]*)/i.exec(text)?.[1] });
        }
        await options.onAsk?.(request);
        await pass(upstream, chunk as Buffer);
      }
      upstream.end();
    };
    const down = async () => {
      for await (const chunk of upstream) {
        for (const piece of piecesOf(chunk as Buffer, options.piece)) {
          if ((await options.onAnswer?.(request)) === 'cut') return void cut();
          await pass(client, piece);
        }
      }
      client.end();
    };
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    // Whichever end goes, the other one goes too.
    for (const way of [up, down]) way().catch(cut);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  stage.owns(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((done) => listener.close(done));
  });
  const url = new URL(target);
  url.port = String((listener.address() as AddressInfo).port);
  return { url, requests };
}

async function pass(socket: Socket, chunk: Buffer): Promise<void> {
  if (socket.destroyed) throw new Error('the other end has gone');
  if (socket.write(chunk)) return;
  // What waits for the event that does not come is taken off again.
  const wait = new AbortController();
  const events = ['drain', 'close'].map((name) => once(socket, name, { signal: wait.signal }).catch(() => undefined));
  await Promise.race(events);
  wait.abort();
}

function* piecesOf(chunk: Buffer, length = chunk.length): Generator<Buffer> {
  for (let at = 0; at < chunk.length; at += length) yield chunk.subarray(at, at + length);
}

/** A TCP server that says exactly what a test tells it to, at HTTP's level or below. */

import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

export interface ScriptedRequest {
  /** Number of the connection and of the request on it, from 0. */
  readonly connection: number;
  readonly index: number;
  /** Everything that was received, head and body. */
  readonly head: string;
  readonly body: Uint8Array;
  readonly socket: Socket;
}

export interface ScriptedServer {
  readonly url: URL;
  readonly requests: readonly ScriptedRequest[];
  readonly connections: () => number;
  /** Also told about each connection as soon as it stands. */
  onConnection(callback: (socket: Socket) => void): void;
  close(): Promise<void>;
}

export async function startScripted(onRequest: (request: ScriptedRequest) => void): Promise<ScriptedServer> {
  const requests: ScriptedRequest[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const server: Server = createServer((socket) => {
    const connection = connections;
    connections += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let buffered = Buffer.alloc(0);
    let index = 0;
    socket.on('data', (chunk) => {
      buffered = Buffer.concat([buffered, chunk]);
      const border = buffered.indexOf('\r\n\r\n');
      if (border < 0) return;
      const head = buffered.subarray(0, border).toString('latin1');
      const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      if (buffered.length < border + 4 + length) return;
      const body = new Uint8Array(buffered.subarray(border + 4, border + 4 + length));
      buffered = buffered.subarray(border + 4 + length);
      const request = { connection, index, head, body, socket };
      index += 1;
      requests.push(request);
      onRequest(request);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return {
    url: new URL(`http://127.0.0.1:${address.port}/dm`),
    requests,
    connections: () => connections,
    onConnection: (callback) => void server.on('connection', callback),
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A complete HTTP answer with Content-Length. */
export function httpAnswer(status: string, headers: readonly string[], body: Uint8Array | string): Buffer {
  const bytes = Buffer.from(body);
  const head = [`HTTP/1.1 ${status}`, ...headers, `Content-Length: ${bytes.length}`, '', ''].join('\r\n');
  return Buffer.concat([Buffer.from(head, 'latin1'), bytes]);
}

/** An HTTP server for one file, with ranges, that goes wrong where a test wants it to. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export interface RangeRequest {
  readonly index: number;
  readonly path: string;
  readonly range: string | undefined;
  readonly ifRange: string | undefined;
}

/** How one request is answered; default: as it should be. */
export interface Behaviour {
  /** Body bytes of this answer after which the connection is cut. */
  readonly closeAfter?: number;
  /** Body bytes of this answer after which nothing more comes. */
  readonly stallAfter?: number;
  /** Another content, as after a change on the server. */
  readonly body?: Uint8Array;
  /** `null`: none. */
  readonly etag?: string | null;
  readonly ignoreRange?: boolean;
  /** Ignores the condition only: sends a part of a file that has changed. */
  readonly ignoreCondition?: boolean;
  /** Without Content-Length. */
  readonly chunked?: boolean;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface RangeServer {
  readonly url: URL;
  readonly requests: readonly RangeRequest[];
  /** Body bytes that were given to the sockets. */
  readonly sent: () => number;
  close(): Promise<void>;
}

const PIECE = 64 * 1024;

export async function startRangeServer(
  body: Uint8Array,
  behave: (request: RangeRequest) => Behaviour = () => ({}),
): Promise<RangeServer> {
  const requests: RangeRequest[] = [];
  let sent = 0;
  const server = createServer((incoming, answer) => {
    const request = requestOf(incoming, requests.length);
    requests.push(request);
    serve(answer, request, body, behave(request), (count) => {
      sent += count;
    }).catch(() => answer.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no address');
  return {
    url: new URL(`http://127.0.0.1:${address.port}/packages/game-2.0.bin`),
    requests,
    sent: () => sent,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function requestOf(incoming: IncomingMessage, index: number): RangeRequest {
  const ifRange = incoming.headers['if-range'];
  return {
    index,
    path: incoming.url ?? '',
    range: incoming.headers.range,
    ifRange: typeof ifRange === 'string' ? ifRange : undefined,
  };
}

async function serve(
  answer: ServerResponse,
  request: RangeRequest,
  usual: Uint8Array,
  how: Behaviour,
  count: (bytes: number) => void,
): Promise<void> {
  const body = how.body ?? usual;
  const etag = how.etag === null ? undefined : (how.etag ?? '"one"');
  const from = rangeStart(request, etag, how);
  if (how.status !== undefined) {
    answer.writeHead(how.status, how.headers).end();
    return;
  }
  if (from !== undefined && from >= body.length) {
    answer.writeHead(416, { 'content-range': `bytes */${body.length}` }).end();
    return;
  }
  const part = body.subarray(from ?? 0);
  answer.writeHead(from === undefined ? 200 : 206, {
    'accept-ranges': 'bytes',
    ...(etag === undefined ? {} : { etag }),
    ...(how.chunked === true ? {} : { 'content-length': part.length }),
    ...(from === undefined ? {} : { 'content-range': `bytes ${from}-${body.length - 1}/${body.length}` }),
    ...how.headers,
  });
  answer.flushHeaders();
  const end = Math.min(how.closeAfter ?? part.length, how.stallAfter ?? part.length, part.length);
  for (let at = 0; at < end; at += PIECE) {
    const piece = part.subarray(at, Math.min(at + PIECE, end));
    count(piece.length);
    if (!answer.write(piece)) await once(answer, 'drain');
  }
  if (how.stallAfter !== undefined) return;
  if (how.closeAfter === undefined) answer.end();
  // With what was written before it, so that the test knows what arrives.
  else answer.socket?.destroySoon();
}

function rangeStart(request: RangeRequest, etag: string | undefined, how: Behaviour): number | undefined {
  if (how.ignoreRange === true) return undefined;
  const holds = request.ifRange === undefined || request.ifRange === etag || how.ignoreCondition === true;
  const from = /^bytes=(\d+)-$/.exec(request.range ?? '')?.[1];
  return holds && from !== undefined ? Number(from) : undefined;
}

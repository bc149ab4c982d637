import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { hexOf, textOf } from '../base/bytes.ts';
import type { Random } from '../base/digest.ts';
import { PcAgentError } from '../base/errors.ts';
import type { ContentPieces } from '../cache/content-store.ts';
import { DESCRIPTOR_TYPE, type Descriptor } from '../dlota/descriptor.ts';
import { type InstallNotification, readNotification } from '../dlota/notification-code.ts';
import { writeDescriptor } from '../dlota/write-descriptor.ts';
import { byteRange, etagMatches } from '../net/byte-range.ts';
import { checkLoopback } from '../net/loopback-guard.ts';

/** The interface of a network bearer has an address of its own; here it is this machine's alone. */
const HOST = '127.0.0.1';
const MAX_NOTIFICATION = 4096;
const PIECE = 256 * 1024;
/** A client that sends its request no faster has no time here; a slow link of octets is given all it needs. */
const REQUEST_LIMIT = 60_000;
/** How long a connection may end by itself when the server closes. */
const LAST_WORDS = 500;

/** What is handed out: a content that was verified, and what its descriptor says. */
export interface ServedPackage {
  /** Last part of its address; what is no letter, digit, dot, line or underscore becomes a line. */
  readonly file: string;
  /** MIME type. */
  readonly type: string;
  readonly content: ContentPieces;
  /** SHA-256, lower-case hex. */
  readonly sha256: string;
  readonly about: Pick<Descriptor, 'name' | 'vendor' | 'description' | 'installParam'>;
  /** How far into the content what goes out has come. */
  readonly onSent?: (octets: number) => void;
  /** A client whose download was cut goes on where it stopped. */
  readonly onResumed?: (resumed: ResumedDownload) => void;
}

/** A download that goes on. */
export interface ResumedDownload {
  /** Addresses of the client, before and now. */
  readonly from: string;
  readonly over: string;
  /** Octets that it has already. */
  readonly kept: number;
}

/** One package on one free port, for one client. */
export interface PackageServer {
  /** Address of the descriptor. */
  readonly descriptor: string;
  /** Address of the package itself. */
  readonly object: string;
  /** The first installation notification. After it the package is not there any more. */
  readonly notified: Promise<InstallNotification>;
  close(): Promise<void>;
}

/**
 * Serves a package and its download descriptor below a path that nobody can guess, until its installation notification
 * has come or it is closed.
 * @throws PcAgentError `dlota/server-failed`
 */
export async function openPackageServer(served: ServedPackage, random: Random): Promise<PackageServer> {
  const token = hexOf(random.bytes(16));
  const file = served.file.replace(/[^A-Za-z0-9._-]+/g, '-');
  const notified = Promise.withResolvers<InstallNotification>();
  const paths = { object: `/${token}/${file}`, descriptor: `/${token}/${file}.dd`, notify: `/${token}/installed` };
  const state = { port: 0, over: false };
  const cuts = new CutDownloads(served);
  const server = createServer({ requestTimeout: REQUEST_LIMIT }, (request, answer) => {
    handle(request, answer).catch(() => answer.destroy());
  });

  async function handle(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { host, origin } = request.headers;
    answer.setHeader('cache-control', 'no-store');
    answer.setHeader('x-content-type-options', 'nosniff');
    // An HTTP/1.0 client may send no Host; no browser is one.
    const old = host === undefined && origin === undefined;
    if (!old && !checkLoopback({ host, origin }, { port: state.port, anyPort: true }).ok) return end(answer, 403);
    const path = request.url?.split('?')[0];
    if (path === paths.notify) return takeNotification(request, answer);
    if (state.over || (path !== paths.object && path !== paths.descriptor)) return end(answer, 404);
    if (request.method !== 'GET' && request.method !== 'HEAD') return end(answer, 405, { allow: 'GET, HEAD' });
    if (path === paths.object) return sendContent(request, answer, served, cuts);
    // By the address through which it was asked, which a port forwarder may have changed.
    const base = `http://${host ?? `${HOST}:${state.port}`}`;
    const body = writeDescriptor(describe(served, base + paths.object, base + paths.notify));
    answer.writeHead(200, { 'content-type': DESCRIPTOR_TYPE, 'content-length': body.length });
    answer.end(request.method === 'HEAD' ? undefined : body);
  }

  /** A client whose answer was lost sends it again, so it is taken again. */
  async function takeNotification(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    if (request.method !== 'POST') return end(answer, 405, { allow: 'POST' });
    const body = await bodyOf(request);
    const said = body === undefined ? undefined : readNotification(body);
    if (said === undefined) return end(answer, body === undefined ? 413 : 400);
    state.over = true;
    end(answer, 200);
    notified.resolve(said);
  }

  await listen(server);
  const address = server.address();
  state.port = address !== null && typeof address === 'object' ? address.port : 0;
  const origin = `http://${HOST}:${state.port}`;
  return {
    descriptor: origin + paths.descriptor,
    object: origin + paths.object,
    notified: notified.promise,
    close: () => close(server),
  };
}

function describe(served: ServedPackage, objectUri: string, installNotifyUri: string): Descriptor {
  const { type, content, sha256, about } = served;
  const params = [about.installParam, `SHA256=${sha256}`].filter((each) => each !== undefined);
  return {
    ...about,
    version: '1.0',
    types: [type],
    size: content.size,
    objectUri,
    installNotifyUri,
    installParam: params.join(';'),
  };
}

async function sendContent(
  request: IncomingMessage,
  answer: ServerResponse,
  served: ServedPackage,
  cuts: CutDownloads,
): Promise<void> {
  const { content, sha256, type } = served;
  const { size } = content;
  const etag = `"${sha256}"`;
  const headers = { etag, 'accept-ranges': 'bytes' };
  if (etagMatches(request.headers['if-none-match'], etag)) return end(answer, 304, headers);
  const { range, 'if-range': condition } = request.headers;
  const wanted = byteRange({ range, 'if-range': typeof condition === 'string' ? condition : undefined }, etag, size);
  if (wanted === 'outside') return end(answer, 416, { ...headers, 'content-range': `bytes */${size}` });
  const { first, last } = wanted ?? { first: 0, last: size - 1 };
  answer.writeHead(wanted === undefined ? 200 : 206, {
    ...headers,
    'content-type': type,
    'content-length': last - first + 1,
    ...(wanted === undefined ? {} : { 'content-range': `bytes ${first}-${last}/${size}` }),
  });
  if (request.method === 'HEAD') {
    answer.end();
    return;
  }
  const done = cuts.begin(request.socket.remoteAddress ?? '', first, last);
  await pipeline(piecesOf(served, first, last), answer);
  done();
}

/** Tells a download that goes on after a cut from one in several parts. */
class CutDownloads {
  readonly #served: Pick<ServedPackage, 'onResumed'>;
  /** The part that was asked for last. */
  #last: { readonly client: string; readonly end: number; done: boolean } | undefined;

  constructor(served: Pick<ServedPackage, 'onResumed'>) {
    this.#served = served;
  }

  /** A part is asked for. @returns to be called when all of it has gone out */
  begin(client: string, first: number, last: number): () => void {
    const before = this.#last;
    // What has gone out may all the same not have arrived: then the client asks for some of it again.
    if (before !== undefined && first > 0 && (!before.done || first < before.end)) {
      this.#served.onResumed?.({ from: before.client, over: client, kept: first });
    }
    const part = { client, end: last + 1, done: false };
    this.#last = part;
    return () => {
      part.done = true;
    };
  }
}

/** What was changed on the disk since it was verified is not handed out: reading it fails. */
async function* piecesOf({ content, onSent }: ServedPackage, first: number, last: number): AsyncGenerator<Uint8Array> {
  for (let at = first; at <= last; at += PIECE) {
    const end = Math.min(at + PIECE, last + 1);
    yield await content.read(at, end);
    onSent?.(end);
  }
}

function end(answer: ServerResponse, status: number, headers: Readonly<Record<string, string>> = {}): void {
  answer.writeHead(status, { ...headers, connection: 'close', ...(status === 304 ? {} : { 'content-length': 0 }) });
  answer.end();
}

/** `undefined` when there is more of it than any notification has. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > MAX_NOTIFICATION) return undefined;
    chunks.push(chunk);
  }
  return textOf(Buffer.concat(chunks));
}

async function listen(server: Server): Promise<void> {
  server.listen(0, HOST);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new PcAgentError('dlota/server-failed', 'no port of this machine is free to serve the package', {
      cause,
      retry: 'later',
    });
  }
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), LAST_WORDS);
  await closed;
  clearTimeout(timer);
}

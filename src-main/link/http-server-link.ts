import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, Server as PlainServer, type Socket } from 'node:net';
import { type Duration, seconds } from '../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../base/errors.ts';
import { bracketed } from '../base/ip-address.ts';
import { LISTENING, reasonOf } from '../base/os-reasons.ts';
import { isFromPage } from '../net/from-page.ts';
import { guessContentType } from '../syncml/content-type.ts';
import { readBody } from './http-body.ts';
import { type ConnectionGuard, guardConnections } from './http-connections.ts';
import { answerPlain, createHttpServerSession, type HttpServerSession } from './http-server-session.ts';
import type { Envelope, MessageLink } from './message-link.ts';

export interface HttpListenOptions extends ConnectionGuard {
  /** `http://HOST:PORT/PATH`; port 0 takes any free one. */
  readonly address: string;
  /** Ends the listener and every session, as `close` does. */
  readonly signal?: AbortSignal;
  /**
   * What tells one DM session of an IP address from another (SessionID and Source of the message). Without it, or when
   * it gives `undefined` (the message cannot be read), the TCP connection stands for the session.
   */
  readonly sessionOf?: (envelope: Envelope) => string | undefined;
  /** Called for each new session; its first message waits in the link. */
  readonly onLink: (link: MessageLink, session: HttpSessionInfo) => void;
  /** Largest message taken, in bytes; default 1 MiB. */
  readonly maxBody?: number;
  /** How long `receive` waits for the next POST; default 120 s. */
  readonly idle?: Duration;
  /** How long a POST waits for its answer before it gets 503; default 300 s, since a person may be asked. */
  readonly answerWithin?: Duration;
  /** How long a handset whose connection broke while it waited may take to come again; default 5 s. */
  readonly goneAfter?: Duration;
  /** Sessions at a time; more get 503. Default 256. */
  readonly maxSessions?: number;
  /** Answers requests for any other path. Default: 404. @returns whether there is something at that path */
  readonly others?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

export interface HttpSessionInfo {
  /** What the session was told apart by. */
  readonly key: string;
  /** `HOST:PORT` of the handset's connection, `[HOST]:PORT` where it is of IPv6. */
  readonly remote: string;
}

export interface HttpListener {
  /** Where it listens, with the port that was really taken. */
  readonly address: string;
  /** Takes no more connections and no more sessions; those that go on are left alone. May be called again. */
  shut(): void;
  /** Stops listening and breaks off what runs: posts get 503, `receive` throws `bearer/lost`. */
  close(): Promise<void>;
}

/**
 * An endpoint for handsets with a network link: they POST here as they would to a DMS.
 * @throws PcAgentError `bearer/address-invalid`, `bearer/unavailable` (address taken, no right)
 */
export async function listenHttp(options: HttpListenOptions): Promise<HttpListener> {
  options.signal?.throwIfAborted();
  const url = parseAddress(options.address);
  const sessions = new Map<string, HttpServerSession>();
  const server = createServer(LIMITS);
  const state = { shut: false, served: guardConnections(server, options) };
  const serve = createPostHandler(options, url.pathname, sessions, state);
  // Between two messages of a session a person may be asked on the handset; its connection stays meanwhile.
  server.keepAliveTimeout = options.idle ?? IDLE;
  server.on('request', serve);
  server.on('checkContinue', serve);
  await listening(server, url);
  let closing: Promise<void> | undefined;
  const closed = Promise.withResolvers<void>();
  const shut = (): void => {
    if (state.shut) return;
    state.shut = true;
    // As a plain server: that of HTTP also ends the connections of sessions that are between two messages.
    PlainServer.prototype.close.call(server, () => closed.resolve());
  };
  const close = (): Promise<void> => {
    closing ??= new Promise((resolve) => {
      options.signal?.removeEventListener('abort', onAbort);
      shut();
      void closed.promise.then(resolve);
      for (const session of [...sessions.values()]) session.abort();
      // The 503s just written leave first; what still hangs after that is cut.
      setImmediate(() => {
        server.closeAllConnections();
        // Only for the timer by which it looks at its connections.
        server.close();
      });
    });
    return closing;
  };
  const onAbort = (): void => void close();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const { port } = server.address() as AddressInfo;
  return { address: `http://${url.hostname}:${port}${url.pathname}`, shut, close };
}

/** Of each request: who sends it no faster makes room for others. Looked at often enough to be true. */
const LIMITS = { requestTimeout: 60_000, headersTimeout: 20_000, connectionsCheckingInterval: 5_000 };

const IDLE = seconds(120);
const MAX_BODY = 1024 * 1024;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

function createPostHandler(
  options: HttpListenOptions,
  pathname: string,
  sessions: Map<string, HttpServerSession>,
  state: { readonly shut: boolean; readonly served: WeakSet<Socket> },
): Handler {
  const { served } = state;
  const connections = new WeakMap<Socket, string>();
  let count = 0;

  function connectionKey(socket: Socket): string {
    const known = connections.get(socket);
    if (known !== undefined) return known;
    count += 1;
    const key = `connection:${count}`;
    connections.set(socket, key);
    socket.once('close', () => sessions.get(key)?.leave());
    return key;
  }

  function sessionFor(key: string, request: IncomingMessage): HttpServerSession | undefined {
    const known = sessions.get(key);
    if (known !== undefined) return known;
    if (state.shut || sessions.size >= (options.maxSessions ?? 256)) return undefined;
    const session = createHttpServerSession({
      idle: options.idle ?? IDLE,
      answerWithin: options.answerWithin ?? seconds(300),
      goneAfter: options.goneAfter,
      onEnd: () => sessions.delete(key),
    });
    sessions.set(key, session);
    const { remoteAddress = '?', remotePort = 0 } = request.socket;
    const remote = `${bracketed(remoteAddress)}:${remotePort}`;
    options.onLink(session.link, { key, remote });
    return session;
  }

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Parameters of the path are the DMS's (`;jsessionid=…` of a RespURI), the path is ours.
    const isPost = (request.url ?? '').split(/[;?]/)[0] === pathname;
    if (!isPost && options.others !== undefined && !isAmbiguous(request)) {
      if (options.others(request, response)) served.add(request.socket);
      return;
    }
    const refusal = isPost ? refuse(request) : { status: 404 };
    if (refusal !== undefined) return answerPlain(response, refusal.status, { ...refusal.headers, ...CLOSE });
    const body = await readBody(request, response, options.maxBody ?? MAX_BODY);
    if (body === 'too-large') return answerPlain(response, 413, CLOSE);
    // The connection broke inside the body: there is nobody to answer, and half a message is no message.
    if (body === 'incomplete') return;
    if (body.length === 0) return answerPlain(response, 400);
    const envelope = envelopeOf(request, body);
    const named = nameSession(options, envelope);
    const key = named === undefined ? connectionKey(request.socket) : sessionKey(request.socket, named);
    served.add(request.socket);
    const session = sessionFor(key, request);
    if (session === undefined) return answerPlain(response, 503, { 'Retry-After': '30' });
    session.deliver({ envelope, response });
  }

  return (request, response) => {
    response.on('error', () => undefined);
    take(request, response).catch(() => answerPlain(response, 500, CLOSE));
  };
}

/** Whoever knows the SessionID and the DevId of a session elsewhere is not let into that one. */
function sessionKey({ remoteAddress = '' }: Socket, named: string): string {
  return `session:${remoteAddress}\n${named}`;
}

/** After an answer that was given without reading the body, what follows on the connection is not a request. */
const CLOSE = { Connection: 'close' } as const;

function refuse(
  request: IncomingMessage,
): { readonly status: number; readonly headers?: Record<string, string> } | undefined {
  if (isAmbiguous(request)) return { status: 400 };
  if (request.method !== 'POST') return { status: 405, headers: { Allow: 'POST' } };
  if (isFromPage(request)) return { status: 403 };
  const { 'content-length': length, 'transfer-encoding': coding, 'content-encoding': packed } = request.headers;
  // A body goes on as it is, without a word of how it is packed.
  if (packed !== undefined && packed.trim().toLowerCase() !== 'identity') return { status: 415 };
  return length === undefined && coding === undefined ? { status: 411 } : undefined;
}

/** Of which there may be one: two programs that read the same request would not agree on which holds. */
const SINGLE = ['host', 'content-length', 'content-type', 'transfer-encoding', 'x-syncml-hmac'];

function isAmbiguous({ headersDistinct, headers }: IncomingMessage): boolean {
  if (headers['content-length'] !== undefined && headers['transfer-encoding'] !== undefined) return true;
  return SINGLE.some((name) => (headersDistinct[name]?.length ?? 0) > 1);
}

function envelopeOf(request: IncomingMessage, body: Uint8Array): Envelope {
  const contentType = request.headers['content-type'] ?? guessContentType(body);
  const hmac = request.headers['x-syncml-hmac'];
  return { contentType, body, ...(typeof hmac === 'string' ? { hmac } : {}) };
}

function nameSession(options: HttpListenOptions, envelope: Envelope): string | undefined {
  try {
    return options.sessionOf?.(envelope);
  } catch (error) {
    // What cannot be read is carried all the same, told apart by its connection.
    if (isPcAgentError(error)) return undefined;
    throw error;
  }
}

function parseAddress(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' && url.username === '' && url.search === '' && url.hash === '') return url;
  throw new PcAgentError('bearer/address-invalid', `not an address to listen on: ${text} (http://HOST:PORT/PATH)`);
}

function listening(server: Server, url: URL): Promise<void> {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(
        new PcAgentError(
          'bearer/unavailable',
          `cannot listen on ${url.host}${reasonOf(cause.code ?? cause.message, LISTENING)}`,
          {
            cause,
            retry: 'after-operator',
            details: { bearer: 'http', os: cause.code },
          },
        ),
      );
    });
    server.listen(url.port === '' ? 80 : Number(url.port), host, () => {
      server.removeAllListeners('error');
      server.on('error', () => undefined);
      resolve();
    });
  });
}

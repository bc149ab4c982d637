import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { WebSocket } from 'ws';
import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import type { Duration } from '../base/durations.ts';
import { PcAgentError } from '../base/errors.ts';
import { unlessAborted } from '../base/unless-aborted.ts';
import { MAX_FACE_FRAME } from '../contract/frames.ts';
import { FaceSession, type FaceSessionOptions } from './face-session.ts';
import { pageHeaders, refusalOf } from './page-guard.ts';
import { cookieOf, PageSessions } from './page-sessions.ts';

const BODY_LIMIT = 4096;
const MAX_PAGES = 32;
/** A page that reads this far behind is cut off; it comes back and gets a snapshot. */
const MAX_UNREAD = 16 * 1024 * 1024;

/** A long answer goes on when no more than this waits to be read. */
const ROOM = 1024 * 1024;

/** Registry of RFC 6455, section 11.7: try again later. */
const TRY_AGAIN_LATER = 1013;
/** RFC 6455, section 7.4.1. */
const POLICY_VIOLATION = 1008;

const SessionRequest = z.object({ token: z.string().min(1).max(128) });

export interface PageServerOptions {
  readonly clock: Clock;
  /** The host's contract, served on `/contract`. */
  readonly faces: Omit<FaceSessionOptions, 'channel' | 'local'>;
  /** The built page (`dist/renderer`). */
  readonly folder: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** How long an address may wait for its first visit; default 15 minutes. */
  readonly tokenLifetime?: Duration;
}

export interface PageServer {
  readonly port: number;
  /** A fresh address that opens the page once: `http://127.0.0.1:PORT/#token=…`. */
  newAddress(): string;
  /** Resolves when the first page follows; rejects with AbortError when `signal` is aborted before. */
  visited(signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

interface Serving {
  readonly faces: PageServerOptions['faces'];
  readonly sessions: PageSessions;
  /** Known after listening. */
  port: number;
  readonly visit: PromiseWithResolvers<void>;
  readonly open: Set<FaceSession>;
}

/**
 * Serves the page and the host's contract on 127.0.0.1 only. The token travels in the address's fragment, which no browser
 * sends and no log shows, and is exchanged once for a cookie that scripts cannot read.
 * @throws PcAgentError `cli/page-missing`, `cli/port-busy`.
 */
export async function openPageServer(options: PageServerOptions): Promise<PageServer> {
  if (!existsSync(join(options.folder, 'index.html'))) {
    throw new PcAgentError('cli/page-missing', 'the page is not built', { retry: 'after-operator' });
  }
  const lifetime = options.tokenLifetime === undefined ? {} : { tokenLifetime: options.tokenLifetime };
  const sessions = new PageSessions({ clock: options.clock, ...lifetime });
  const { faces } = options;
  const serving: Serving = {
    faces,
    sessions,
    port: options.port ?? 0,
    visit: Promise.withResolvers(),
    open: new Set(),
  };
  const server = Fastify({
    logger: false,
    bodyLimit: BODY_LIMIT,
    forceCloseConnections: true,
    trustProxy: false,
    // An address that cannot be read comes past no hook; it is answered like any other, and not repeated.
    frameworkErrors: (_error, _request, reply) => {
      const answer = reply as FastifyReply;
      void answer.code(400).headers(pageHeaders('127.0.0.1')).send({ code: 'page/bad-request' });
    },
  });
  server.setErrorHandler(async (error: { statusCode?: number }, _request, reply) => {
    const status = error.statusCode ?? 500;
    return reply.code(status).send({ code: status >= 500 ? 'page/failed' : 'page/bad-request' });
  });
  server.setNotFoundHandler(async (_request, reply) => reply.code(404).send({ code: 'page/not-found' }));
  await server.register(fastifyWebsocket, { options: { maxPayload: MAX_FACE_FRAME } });
  // After the WebSocket plugin: its own hook lets go of the socket of a refused upgrade.
  server.addHook('onRequest', async (request, reply) => guard(serving, request, reply));
  await server.register(fastifyStatic, {
    root: options.folder,
    cacheControl: false,
    dotfiles: 'deny',
    index: 'index.html',
  });
  await server.register(async (scope) => addRoutes(scope, serving));
  await listen(server, serving.port);
  const address = server.server.address();
  if (address === null || typeof address === 'string') throw new TypeError('a TCP server has a port');
  serving.port = address.port;
  return {
    port: serving.port,
    newAddress: () => `http://127.0.0.1:${serving.port}/#token=${sessions.newToken()}`,
    visited: (signal) => unlessAborted(serving.visit.promise, signal),
    async close() {
      for (const face of serving.open) face.end();
      await server.close();
    },
  };
}

async function listen(server: FastifyInstance, port: number): Promise<void> {
  try {
    await server.listen({ host: '127.0.0.1', port });
  } catch (cause) {
    await server.close();
    throw new PcAgentError('cli/port-busy', `cannot listen on 127.0.0.1:${port}`, { cause, retry: 'after-operator' });
  }
}

async function guard(
  serving: Serving,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply | undefined> {
  const changes = request.headers.upgrade !== undefined || (request.method !== 'GET' && request.method !== 'HEAD');
  const refusal = refusalOf(request.headers, serving.port, changes);
  reply.headers(pageHeaders(refusal === 'page/wrong-host' ? '127.0.0.1' : request.host));
  return refusal === undefined ? undefined : reply.code(403).send({ code: refusal });
}

function addRoutes(scope: FastifyInstance, serving: Serving): void {
  const cookieName = () => `pc-agent-${serving.port}`;
  const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
    const cookie = cookieOf(request.headers.cookie, cookieName());
    if (cookie === undefined || !serving.sessions.knows(cookie))
      return reply.code(401).send({ code: 'page/no-session' });
    return undefined;
  };

  scope.post('/session', async (request, reply) => {
    const body = SessionRequest.safeParse(request.body);
    const cookie = body.success ? serving.sessions.exchange(body.data.token) : undefined;
    if (cookie === undefined) return reply.code(403).send({ code: 'page/token-spent' });
    // Cookies do not know ports: the name keeps two PC Agents on one machine apart.
    reply.header('set-cookie', `${cookieName()}=${cookie}; Path=/; HttpOnly; SameSite=Strict`);
    return reply.code(204).send();
  });

  scope.get('/session', { onRequest }, async (_request, reply) => reply.code(204).send());

  scope.get('/contract', { onRequest, websocket: true }, (socket) => {
    if (serving.open.size >= MAX_PAGES) return socket.close(TRY_AGAIN_LATER);
    serving.visit.resolve();
    const face = serveFace(serving.faces, socket);
    serving.open.add(face);
    socket.on('close', () => {
      serving.open.delete(face);
      face.closed();
    });
  });
}

/** The contract over a WebSocket: a frame a message. */
function serveFace(faces: PageServerOptions['faces'], socket: WebSocket): FaceSession {
  const session = new FaceSession({
    ...faces,
    local: false,
    channel: {
      send(frame) {
        if (socket.readyState !== socket.OPEN) return;
        if (socket.bufferedAmount > MAX_UNREAD) socket.close(TRY_AGAIN_LATER);
        else socket.send(JSON.stringify(frame));
      },
      room: () => roomIn(socket),
      close: () => socket.close(POLICY_VIOLATION),
    },
  });
  socket.on('error', () => socket.terminate());
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (isBinary) socket.close(POLICY_VIOLATION);
    else session.receive(data.toString('utf8'));
  });
  return session;
}

/** A frame behind all others: when it has gone, so have they. */
async function roomIn(socket: WebSocket): Promise<void> {
  if (socket.readyState !== socket.OPEN || socket.bufferedAmount < ROOM) return;
  await new Promise<void>((resolve) => socket.ping(undefined, undefined, () => resolve()));
}

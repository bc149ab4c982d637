import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Duration } from '../../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../../base/errors.ts';
import { bracketed } from '../../base/ip-address.ts';
import { LISTENING, reasonOf } from '../../base/os-reasons.ts';
import { checkLoopback, isLoopbackHost } from '../../net/loopback-guard.ts';
import { ApiError } from './api-error.ts';
import { notificationRoute, openApiRoute, reportRoutes } from './api-routes.ts';
import { installationRoutes } from './descriptor-routes.ts';
import { comparisonRoutes, deviceRoutes } from './device-routes.ts';
import type { DmEndpoint } from './dm-endpoint.ts';
import { dmRoute } from './dm-route.ts';
import { eventRoutes } from './event-routes.ts';
import type { InstallationStore } from './installations.ts';
import { jobRoutes, orderRoutes } from './job-routes.ts';
import type { JobStore } from './job-store.ts';
import type { NotificationQueue } from './notifications.ts';
import type { Outside } from './outside.ts';
import { packageRoutes } from './package-routes.ts';
import type { PackageSource } from './packages.ts';
import { ruleRoutes, scheduleRoutes } from './policy-routes.ts';
import type { ReportStore } from './reports.ts';

export interface DmsServerOptions {
  readonly dm: DmEndpoint;
  readonly jobs: JobStore;
  readonly notifications: NotificationQueue;
  readonly reports: ReportStore;
  readonly installations: InstallationStore;
  readonly packages: PackageSource;
  readonly outside: Outside;
  /** Of the program, for the OpenAPI document. */
  readonly version: string;
  /** Between two signs of life of a stream of events; default 15 s. */
  readonly heartbeat?: Duration;
  /** Told about errors that a client only sees as status 500. */
  readonly onInternalError?: (error: unknown) => void;
}

export interface ListenPlace {
  /** Without brackets. */
  readonly host: string;
  /** 0 takes any free one. */
  readonly port: number;
}

export interface DmsServer {
  /**
   * Starts to serve; gives `http://HOST:PORT` with the port that was taken (the DM address is `/dm` below it).
   * @throws PcAgentError `dms/listen-failed`
   */
  listen(place: ListenPlace): Promise<string>;
  /** Ends polls and connections and stops. */
  close(): Promise<void>;
}

/**
 * `HOST:PORT`, `:PORT` or `PORT`. Without a host it is this machine's loopback: who wants others to reach a virtual
 * server names the address.
 * @throws PcAgentError `cli/listen-invalid`
 */
export function parseListen(text: string): ListenPlace {
  const match = /^(?:(\[[0-9a-f:.]+\]|[a-z0-9.-]+)?:)?(\d{1,5})$/i.exec(text.trim());
  const port = Number(match?.[2] ?? Number.NaN);
  if (match === null || !(port <= 65_535)) {
    throw new PcAgentError('cli/listen-invalid', `not an address to listen on: ${text} (HOST:PORT)`);
  }
  return { host: (match[1] ?? '127.0.0.1').replace(/^\[|\]$/g, ''), port };
}

/** The HTTP side of the virtual DMS. Opens nothing until `listen`. */
export function createDmsServer(options: DmsServerOptions): DmsServer {
  const closing = new AbortController();
  const app = fastify({
    logger: false,
    bodyLimit: 1024 * 1024,
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    requestTimeout: 60_000,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
    frameworkErrors: (error, _request, reply) => {
      void (reply as FastifyReply).code(400).send({ code: 'dms/request-invalid', message: error.message });
    },
  });
  let place: ListenPlace | undefined;
  app.addHook('onRequest', async (request) => guard(request, place));
  takeJsonOfAnyType(app);
  handleErrors(app, options);
  // In a scope of its own, since it takes bodies of any type.
  app.register((scope, _options, done) => {
    dmRoute(scope, options.dm, closing.signal);
    done();
  });
  app.register((scope, _options, done) => {
    installationRoutes(scope, options.packages, options.installations);
    done();
  });
  const outside = { ...options.outside, jobs: options.jobs, packages: options.packages };
  jobRoutes(app, outside);
  orderRoutes(app, outside);
  ruleRoutes(app, outside);
  scheduleRoutes(app, outside);
  deviceRoutes(app, outside);
  comparisonRoutes(app, outside);
  const heartbeat = options.heartbeat === undefined ? {} : { heartbeat: options.heartbeat };
  eventRoutes(app, { hub: options.outside.hub, jobs: options.jobs, closing: closing.signal, ...heartbeat });
  notificationRoute(app, options.notifications, options.dm, closing.signal);
  reportRoutes(app, options.reports, options.outside.book);
  packageRoutes(app, options.packages);
  openApiRoute(app, options.version);

  return {
    async listen({ host, port }) {
      try {
        await app.listen({ host, port });
      } catch (cause) {
        const os = cause instanceof Error && 'code' in cause ? cause.code : undefined;
        throw new PcAgentError(
          'dms/listen-failed',
          `cannot listen on ${host}:${port}${reasonOf(String(os), LISTENING)}`,
          {
            cause,
            retry: 'after-operator',
            details: { host, port, os },
          },
        );
      }
      const address = app.server.address();
      const taken = address !== null && typeof address === 'object' ? address.port : port;
      place = { host, port: taken };
      return `http://${bracketed(host)}:${taken}`;
    },
    async close() {
      closing.abort();
      await app.close();
    },
  };
}

/** Who leaves the type of a request out, or has one of his tool's choice, means JSON: there is nothing else to send. */
function takeJsonOfAnyType(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('text/plain');
  app.addContentTypeParser<string>('*', { parseAs: 'string' }, (request, body, done) => {
    // Of such a request too what is not there is said first, and without a body it may name any type.
    if (request.is404 || body === '') return done(null, undefined);
    void parse(request, body, (error, json) =>
      error === null ? done(null, json) : done(new ApiError(415, 'dms/request-not-json', 'JSON was expected')),
    );
  });
}

/**
 * Keeps web pages out: no handset and no tool sends Origin, and a name that was rebound to this machine shows in Host.
 * The port in Host is free, because port forwarders and test rigs change it.
 */
function guard(request: FastifyRequest, place: ListenPlace | undefined): void {
  const { host, origin } = request.headers;
  if (place === undefined || !isLoopbackHost(place.host)) {
    if (origin !== undefined && origin !== `http://${host}`) throw refused('origin');
    return;
  }
  // HTTP/1.0 clients send no Host; no browser is one.
  if (host === undefined && origin === undefined) return;
  const verdict = checkLoopback({ host, origin }, { port: place.port, anyPort: true });
  if (!verdict.ok) throw refused(verdict.reason);
}

function refused(what: 'host' | 'origin'): ApiError {
  return new ApiError(403, `dms/${what}-refused`, `this ${what} is not served here`);
}

/** Every answer that is no success is JSON with a code, and tells nothing about the inside. */
function handleErrors(app: FastifyInstance, options: DmsServerOptions): void {
  app.setNotFoundHandler((request) => {
    throw new ApiError(
      404,
      'dms/not-found',
      `there is no ${request.method} ${request.url.split('?')[0]?.slice(0, 200)}`,
    );
  });
  app.setErrorHandler((error, _request, reply) => {
    const answer = answerTo(error);
    if (answer.status >= 500 && !(error instanceof ApiError)) options.onInternalError?.(error);
    void reply
      .code(answer.status)
      .header('cache-control', 'no-store')
      .send({ code: answer.code, message: answer.message });
  });
}

/** Families of errors that the sender's bytes cause. */
const SENDER_AT_FAULT = ['wbxml', 'xml', 'syncml', 'dm'] as const;

function answerTo(error: unknown): { readonly status: number; readonly code: string; readonly message: string } {
  if (error instanceof ApiError) return error;
  if (isPcAgentError(error) && SENDER_AT_FAULT.some((family) => isPcAgentError(error, family))) {
    return { status: 400, code: error.code, message: error.message };
  }
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  if (status === 413) return { status, code: 'dms/request-too-large', message: 'the request is larger than 1 MiB' };
  if (status === 415) return { status, code: 'dms/request-not-json', message: 'JSON was expected' };
  if (status >= 400 && status < 500)
    return { status, code: 'dms/request-invalid', message: 'the request cannot be read' };
  return { status: 500, code: 'dms/internal', message: 'the server failed at this request' };
}

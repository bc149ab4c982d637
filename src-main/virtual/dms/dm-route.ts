import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Envelope } from '../../link/message-link.ts';
import { guessContentType } from '../../syncml/content-type.ts';
import { ApiError } from './api-error.ts';
import type { DmAnswer, DmEndpoint, DmRefusal, Visit } from './dm-endpoint.ts';
import { goneSignal } from './gone-signal.ts';

/** Largest message that is taken; far above what any MaxMsgSize of a handset leads to. */
const MAX_MESSAGE = 1024 * 1024;

declare module 'fastify' {
  interface FastifyRequest {
    /** Content-Type of a DM message as the client wrote it. */
    dmContentType?: string | undefined;
  }
}

/** `POST /dm`: any content type, the body as it is. */
export function dmRoute(app: FastifyInstance, dm: DmEndpoint, closing: AbortSignal): void {
  app.decorateRequest('dmContentType');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_MESSAGE }, (_request, body, done) =>
    done(null, body),
  );
  for (const url of ['/dm', '/dm;jsessionid=:token']) postRoute(app, url, dm, closing);
  app.route({
    method: ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'],
    url: '/dm',
    handler: async (_request, reply) => {
      reply.header('allow', 'POST');
      throw new ApiError(405, 'dms/method-not-allowed', 'DM messages are sent with POST');
    },
  });
}

function postRoute(app: FastifyInstance, url: string, dm: DmEndpoint, closing: AbortSignal): void {
  app.route({
    method: 'POST',
    url,
    bodyLimit: MAX_MESSAGE,
    // Fastify answers 415 to types that it cannot parse; clients in the wild write such, and the type is the DM
    // server's to judge. So it is put aside before Fastify looks.
    onRequest: async (request) => {
      request.dmContentType = request.headers['content-type'];
      request.raw.headers['content-type'] = 'application/octet-stream';
    },
    handler: async (request, reply) => {
      const answer = await dm.handle(envelopeOf(request), goneSignal(reply, closing), visitOf(request));
      return isRefusal(answer) ? refuse(reply, answer) : send(reply, answer);
    },
  });
}

function envelopeOf(request: FastifyRequest): Envelope {
  const body = request.body;
  if (!(body instanceof Uint8Array) || body.length === 0) {
    throw new ApiError(400, 'dms/request-empty', 'a DM message was expected');
  }
  const hmac = request.headers['x-syncml-hmac'];
  const contentType = request.dmContentType ?? guessContentType(body);
  return { contentType, body, ...(typeof hmac === 'string' ? { hmac } : {}) };
}

function visitOf({ params, headers }: FastifyRequest): Visit {
  const { token } = params as { readonly token?: string };
  return {
    ...(token === undefined ? {} : { token }),
    ...(headers.cookie === undefined ? {} : { cookie: headers.cookie }),
  };
}

function isRefusal(answer: DmAnswer | DmRefusal): answer is DmRefusal {
  return 'status' in answer;
}

function refuse(reply: FastifyReply, refusal: DmRefusal): FastifyReply {
  reply.code(refusal.status).header('cache-control', 'private, no-store');
  return reply.send({ code: 'dms/refused', message: refusal.message });
}

function send(reply: FastifyReply, envelope: DmAnswer): FastifyReply {
  const { body, hmac, setCookie } = envelope;
  reply.code(200).header('content-type', envelope.contentType).header('cache-control', 'private, no-store');
  if (hmac !== undefined) reply.header('x-syncml-hmac', hmac);
  if (setCookie !== undefined) reply.header('set-cookie', setCookie);
  return reply.send(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
}

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Duration, seconds } from '../../base/durations.ts';
import { ApiError, parseOrRefuse } from './api-error.ts';
import { DeviceId } from './device-id.ts';
import { type EventFilter, type EventHub, eventOf, type NumberedEvent } from './event-hub.ts';
import { goneSignal } from './gone-signal.ts';
import type { JobStore } from './job-store.ts';

/** Octets that wait for a reader; one who lets more of them lie is dropped, and comes back by Last-Event-ID. */
const MAX_WAITING = 1024 * 1024;
const HEARTBEAT = seconds(15);

export const EventQuery = z.object({ device: DeviceId.optional(), job: z.string().min(1).max(64).optional() });
const LastEventId = z.string().max(64).optional();

export interface EventRoutesOptions {
  readonly jobs: JobStore;
  readonly hub: EventHub;
  readonly closing: AbortSignal;
  /** Between two signs of life; default 15 s. */
  readonly heartbeat?: Duration;
}

/** `GET /api/v1/events` and `GET /api/v1/jobs/{id}/events`: server-sent events (HTML standard, 9.2). */
export function eventRoutes(app: FastifyInstance, options: EventRoutesOptions): void {
  const { jobs } = options;
  app.get('/api/v1/events', async (request, reply) => {
    const { device, job } = parseOrRefuse(EventQuery, request.query, 'events/query-invalid');
    if (job !== undefined && jobs.get(job) === undefined) throw unknownJob();
    stream(request, reply, options, {
      ...(device === undefined ? {} : { device }),
      ...(job === undefined ? {} : { job }),
    });
  });
  app.get<{ Params: { id: string } }>('/api/v1/jobs/:id/events', async (request, reply) => {
    const { id } = request.params;
    if (jobs.get(id) === undefined) throw unknownJob();
    stream(request, reply, options, { job: id }, id);
  });
}

function unknownJob(): ApiError {
  return new ApiError(404, 'job/unknown', 'there is no such job');
}

/** @param only id of the one job that is followed: how it stands comes first, and its end is the end */
function stream(
  request: FastifyRequest,
  reply: FastifyReply,
  { jobs, hub, closing, heartbeat = HEARTBEAT }: EventRoutesOptions,
  filter: EventFilter,
  only?: string,
): void {
  const lastId = parseOrRefuse(LastEventId, request.headers['last-event-id'], 'events/query-invalid');
  const { raw } = reply;
  const isOver = (state: string | undefined): boolean => only !== undefined && (state === 'done' || state === 'failed');
  const write = (text: string): void => {
    if (raw.writableLength > MAX_WAITING) raw.destroy();
    else if (!raw.writableEnded) raw.write(text);
  };
  const tell = (numbered: NumberedEvent): void => {
    write(eventText(numbered));
    if (isOver(numbered.event.state)) raw.end();
  };
  const { missed, lost, stop } = hub.listen(filter, tell, lastId);
  const gone = goneSignal(reply, closing);
  reply.hijack();
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' });
  const timer = setInterval(() => write(': still here\n\n'), heartbeat);
  const leave = (): void => {
    stop();
    clearInterval(timer);
    raw.end();
  };
  if (gone.aborted) leave();
  gone.addEventListener('abort', leave, { once: true });
  write('retry: 2000\n\n');
  if (lost) write('event: gap\ndata: {"lost":true}\n\n');
  for (const numbered of missed) write(eventText(numbered));
  const job = only === undefined ? undefined : jobs.get(only);
  // Without an id, so that it does not set the reader back or on in the sequence.
  if (job !== undefined) write(`data: ${JSON.stringify(eventOf(job, jobs.progressOf(job.id)))}\n\n`);
  if (isOver(job?.state)) raw.end();
}

function eventText({ id, event }: NumberedEvent): string {
  return `id: ${id}\ndata: ${JSON.stringify(event)}\n\n`;
}

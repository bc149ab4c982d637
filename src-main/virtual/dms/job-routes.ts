import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ApiError, parseOrRefuse } from './api-error.ts';
import { judge, Verdict } from './approval.ts';
import type { DeviceBook } from './device-book.ts';
import { DeviceId } from './device-id.ts';
import { type Job, JobRequest, OrderRequest } from './job.ts';
import { workOf } from './job-request.ts';
import { type JobProgress, type JobStore, MAX_JOBS } from './job-store.ts';
import { type OrderView, orderView } from './order.ts';
import type { OrderStore } from './orders.ts';
import type { PackageSource } from './packages.ts';

const JobQuery = z.object({
  device: DeviceId.optional(),
  order: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(MAX_JOBS).default(MAX_JOBS),
});

export interface JobRoutesOptions {
  readonly jobs: JobStore;
  readonly orders: OrderStore;
  readonly book: DeviceBook;
  readonly packages: PackageSource;
  readonly now: () => Date;
}

type JobsAndOrders = Pick<JobRoutesOptions, 'orders' | 'jobs'>;

/** `/api/v1/jobs`: work for a handset or for all of a model, and the word of a second authority. */
export function jobRoutes(app: FastifyInstance, options: JobRoutesOptions): void {
  const { jobs, packages, now } = options;
  app.post('/api/v1/jobs', async (request, reply) => {
    if (isForModel(request.body)) {
      const order = await addOrder(request.body, options);
      const made = jobs.list().filter((job) => job.order === order.id);
      const answer = { ...createdOf({ ...order, state: 'queued' }), order: order.id, jobs: made.map(({ id }) => id) };
      return reply.code(201).header('location', `/api/v1/orders/${order.id}`).send(answer);
    }
    const asked = parseOrRefuse(JobRequest, request.body, 'job/invalid');
    const job = jobs.add({ device: asked.device, ...(await workOf(asked, packages)) });
    return reply.code(201).header('location', `/api/v1/jobs/${job.id}`).send(createdOf(job));
  });
  app.get('/api/v1/jobs', async (request) => {
    const { device, order, limit } = parseOrRefuse(JobQuery, request.query, 'job/query-invalid');
    const found = jobs.list(device).filter((job) => order === undefined || job.order === order);
    return { jobs: found.slice(-limit).map((job) => jobView(job, jobs.progressOf(job.id))) };
  });
  app.get<{ Params: { id: string } }>('/api/v1/jobs/:id', async (request) => {
    const job = known(options, request.params.id);
    return jobView(job, jobs.progressOf(job.id));
  });
  app.post<{ Params: { id: string } }>('/api/v1/jobs/:id/approval', async (request) => {
    const { id } = request.params;
    // Who was told the id of an order where others get that of a job may use it so.
    if (isOrder(options, id)) return decideOrder(id, request.body, options);
    const job = known(options, id);
    return jobs.decide(job.id, judge(job, parseOrRefuse(Verdict, request.body, 'approval/invalid'), now()));
  });
}

/** `/api/v1/orders`: what was asked for a model, handset by handset. */
export function orderRoutes(app: FastifyInstance, options: JobsAndOrders): void {
  const { orders, jobs } = options;
  app.get('/api/v1/orders', async () => {
    const all = jobs.list();
    return { orders: orders.list().map((order) => orderView(order, all)) };
  });
  app.get<{ Params: { id: string } }>('/api/v1/orders/:id', async ({ params }) =>
    orderView(orders.get(params.id), jobs.list()),
  );
  app.delete<{ Params: { id: string } }>('/api/v1/orders/:id', async ({ params }) =>
    orderView(orders.close(params.id), jobs.list()),
  );
  app.post<{ Params: { id: string } }>('/api/v1/orders/:id/approval', async ({ params, body }) =>
    decideOrder(params.id, body, options),
  );
}

function decideOrder(id: string, verdict: unknown, { orders, jobs }: JobsAndOrders): OrderView {
  const order = orders.get(id);
  return orderView(orders.decide(order.id, parseOrRefuse(Verdict, verdict, 'approval/invalid')), jobs.list());
}

async function addOrder(body: unknown, { orders, book, packages, now }: JobRoutesOptions) {
  const asked = parseOrRefuse(OrderRequest, body, 'job/invalid');
  if (asked.until !== undefined && Date.parse(asked.until) <= now().getTime()) {
    throw new ApiError(400, 'job/invalid', 'until: has passed');
  }
  const work = await workOf(asked, packages);
  const devices = book.ofModel(asked.model).map(({ device }) => device);
  return orders.add(asked.model, work, asked.until, devices);
}

/** @throws ApiError 400 when it names both a handset and a model */
function isForModel(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || !('model' in body)) return false;
  if ('device' in body) throw new ApiError(400, 'job/invalid', 'a device or a model, and not both');
  return true;
}

function known(options: JobsAndOrders, id: string): Job {
  const job = options.jobs.get(id);
  if (job !== undefined) return job;
  const why = isOrder(options, id) ? `this is an order, to be found at /api/v1/orders/${id}` : 'there is no such job';
  throw new ApiError(404, 'job/unknown', why);
}

function isOrder({ orders }: JobsAndOrders, id: string): boolean {
  return orders.list().some((order) => order.id === id);
}

function createdOf({ id, state, approval }: Pick<Job, 'id' | 'state' | 'approval'>) {
  return { id, state, ...(approval === undefined ? {} : { approval }) };
}

function jobView(job: Job, progress: JobProgress | undefined): Job & { readonly progress?: JobProgress } {
  return progress === undefined ? job : { ...job, progress };
}

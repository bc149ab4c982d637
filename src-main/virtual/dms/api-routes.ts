import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { toBase64 } from '../../base/base64.ts';
import { milliseconds } from '../../base/durations.ts';
import { ApiError, parseOrRefuse } from './api-error.ts';
import { DeviceId } from './device-id.ts';
import { goneSignal } from './gone-signal.ts';
import { JobRequest, type JobStore, type NewJob } from './job.ts';
import type { NotificationQueue } from './notifications.ts';
import { openApiDocument } from './openapi.ts';
import type { PackageSource } from './packages.ts';
import { IdempotencyKey, Report, type ReportStore } from './reports.ts';

/** Seconds that a poll waits at most: below the time limits of proxies and clients. */
const MAX_WAIT = 25;

const OptionalDevice = z.object({ device: DeviceId.optional() });
const NotificationQuery = z.object({
  device: DeviceId,
  wait: z.coerce
    .number()
    .min(0)
    .default(MAX_WAIT)
    .transform((wait) => Math.min(wait, MAX_WAIT)),
  ignored: z.string().max(64).optional(),
});

/** `POST` and `GET /api/v1/jobs`, `GET /api/v1/jobs/{id}`. */
export function jobRoutes(app: FastifyInstance, jobs: JobStore, packages: PackageSource): void {
  app.post('/api/v1/jobs', async (request, reply) => {
    const asked = await checkJob(parseOrRefuse(JobRequest, request.body, 'job/invalid'), packages);
    const { id, state } = jobs.add(asked);
    return reply.code(201).header('location', `/api/v1/jobs/${id}`).send({ id, state });
  });
  app.get('/api/v1/jobs', async (request) => {
    const { device } = parseOrRefuse(OptionalDevice, request.query, 'job/query-invalid');
    return { jobs: jobs.list(device) };
  });
  app.get<{ Params: { id: string } }>('/api/v1/jobs/:id', async (request) => {
    const job = jobs.get(request.params.id);
    if (job === undefined) throw new ApiError(404, 'job/unknown', 'there is no such job');
    return job;
  });
}

async function checkJob(asked: JobRequest, packages: PackageSource): Promise<NewJob> {
  const { device, operation, component } = asked;
  switch (operation) {
    case 'inventory':
      return { device, operation };
    case 'install':
      return { device, operation, ...(await packageOf(asked, packages, 'install')), ...wishOf(asked) };
    case 'update': {
      const id = asked.package ?? (await packageWith(component, packages));
      return {
        device,
        operation,
        ...(await packageOf({ ...asked, package: id }, packages, 'update')),
        ...wishOf(asked),
      };
    }
    case 'remove':
      if (component !== undefined) return { device, operation, component };
      if (asked.package !== undefined) return { device, operation, package: asked.package };
      throw new ApiError(400, 'job/component-missing', 'component: which one to remove');
    case 'activate':
    case 'deactivate':
      if (component === undefined)
        throw new ApiError(400, 'job/component-missing', `component: which one to ${operation}`);
      return { device, operation, component };
    case 'ask':
      if (asked.question === undefined) throw new ApiError(400, 'job/invalid', 'question: what to ask');
      return { device, operation, question: asked.question };
    case 'firmware':
      return {
        device,
        operation,
        ...(asked.package === undefined ? {} : await packageOf(asked, packages, 'update')),
        ...(asked.firmware === undefined ? {} : { firmware: asked.firmware }),
      };
    case 'commands':
      if (asked.commands === undefined) throw new ApiError(400, 'job/invalid', 'commands: which ones');
      return { device, operation, commands: asked.commands };
  }
}

/** The package of a job, which this server offers; one that the handset has already may be any. */
async function packageOf(
  { package: id, software }: Pick<JobRequest, 'software'> & { readonly package?: string | undefined },
  packages: PackageSource,
  verb: string,
): Promise<{ readonly package: string }> {
  if (id === undefined) throw new ApiError(400, 'job/package-missing', `package: which one to ${verb}`);
  if (software?.delivery !== 'present' && (await packages.find(id)) === undefined) {
    throw new ApiError(400, 'job/package-unknown', `there is no package ${id}`);
  }
  return { package: id };
}

/** The package that has a component. */
async function packageWith(component: string | undefined, packages: PackageSource): Promise<string | undefined> {
  if (component === undefined) return undefined;
  const offered = await packages.list();
  const found = offered.find((pkg) => pkg.id === component || pkg.components?.some(({ id }) => id === component));
  if (found === undefined) throw new ApiError(400, 'job/package-unknown', `no package has ${component}`);
  return found.id;
}

function wishOf({ software }: JobRequest): Pick<NewJob, 'software'> {
  return software === undefined ? {} : { software };
}

/** `GET /api/v1/notifications`. */
export function notificationRoute(app: FastifyInstance, notifications: NotificationQueue, closing: AbortSignal): void {
  app.get('/api/v1/notifications', async (request, reply) => {
    const { device, wait, ignored } = parseOrRefuse(NotificationQuery, request.query, 'notification/query-invalid');
    const signal = goneSignal(reply, closing);
    const due = await notifications.wait(device, {
      time: milliseconds(wait * 1000),
      signal,
      ...(ignored === undefined ? {} : { ignored }),
    });
    return { notifications: due.map((each) => ({ id: each.id, device: each.device, body: toBase64(each.body) })) };
  });
}

/** `POST` and `GET /api/v1/reports`. */
export function reportRoutes(app: FastifyInstance, reports: ReportStore): void {
  app.post('/api/v1/reports', async (request, reply) => {
    const header = request.headers['idempotency-key'];
    if (header === undefined) throw new ApiError(400, 'report/key-missing', 'the header Idempotency-Key is required');
    const key = parseOrRefuse(IdempotencyKey, header, 'report/key-invalid');
    const report = parseOrRefuse(Report, request.body, 'report/invalid');
    const { kind, stored } = reports.accept(key, report);
    if (kind === 'conflict') {
      throw new ApiError(409, 'report/key-reused', 'this Idempotency-Key came before with another report');
    }
    return reply.code(kind === 'created' ? 201 : 200).send(stored);
  });
  app.get('/api/v1/reports', async (request) => {
    const { device } = parseOrRefuse(OptionalDevice, request.query, 'report/query-invalid');
    return { reports: reports.list(device) };
  });
}

/** `GET /api/v1/openapi.json`. */
export function openApiRoute(app: FastifyInstance, version: string): void {
  const document = openApiDocument(version);
  app.get('/api/v1/openapi.json', async () => document);
}

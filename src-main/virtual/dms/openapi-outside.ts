import { z } from 'zod';
import { Approval, Verdict } from './approval.ts';
import { Comparison } from './comparison.ts';
import { MissingAnswer, MissingRequest } from './device-routes.ts';
import { DeviceRow, DeviceView } from './device-view.ts';
import { JobEvent } from './event-hub.ts';
import { Job, JobRequest, OrderRequest } from './job.ts';
import {
  body,
  deviceParameter,
  failure,
  json,
  type OpenApiPart,
  operation,
  pathParameter,
  queryParameter,
} from './openapi-parts.ts';
import { OrderView } from './order.ts';
import { Rule, RuleRequest } from './rules.ts';
import { Schedule, ScheduleRequest } from './schedules.ts';

const awaited = Approval.extract(['awaited']).optional().meta({ description: 'it waits until that is granted' });
const Created = z.union([
  z.object({ id: z.string(), state: z.literal('queued'), approval: awaited }),
  z.object({
    id: z.string().meta({ description: 'of the order' }),
    state: z.literal('queued'),
    approval: awaited,
    order: z.string(),
    jobs: z.array(z.string()).meta({ description: 'of the handsets that are known; more come as they appear' }),
  }),
]);
const JobOrOrder = z.union([Job, OrderView]);
const Progress = z.object({ done: z.int(), total: z.int() });
const JobView = Job.extend({ progress: Progress.optional().meta({ description: 'octets of a large object' }) });

/** Paths that outside systems ask for work with and follow it. */
export function outsidePaths(): OpenApiPart {
  return { ...jobPaths(), ...orderPaths(), ...eventPaths(), ...rulePaths(), ...schedulePaths(), ...devicePaths() };
}

function jobPaths(): OpenApiPart {
  const id = pathParameter('id', 'of a job');
  return {
    '/api/v1/jobs': {
      post: operation('Ask for work on a handset, or on all of a model', {
        requestBody: body(z.union([JobRequest, OrderRequest])),
        responses: {
          201: json('Queued; for a model the order for it', Created),
          400: failure('Not a job, or a package that does not exist'),
          503: failure('More work waits than is kept'),
        },
      }),
      get: operation('Jobs, oldest first', {
        parameters: [deviceParameter(false), queryParameter('order', 'only those of an order'), limitParameter()],
        responses: { 200: json('Jobs', z.object({ jobs: z.array(JobView) })), 400: failure('Not a query') },
      }),
    },
    '/api/v1/jobs/{id}': {
      get: operation('One job', {
        parameters: [id],
        responses: { 200: json('The job', JobView), 404: failure('No such job; of an order where that is found') },
      }),
    },
    '/api/v1/jobs/{id}/approval': {
      post: approvalOperation(
        pathParameter('id', 'of a job, or of an order for all its jobs'),
        'job or order',
        JobOrOrder,
      ),
    },
    '/api/v1/jobs/{id}/events': {
      get: operation('What becomes of one job, as server-sent events', {
        description: 'How it stands comes first; the stream ends when the job has ended.',
        parameters: [id, lastEventId()],
        responses: { 200: eventStream(), 404: failure('No such job'), 503: failure('Too many listen') },
      }),
    },
  };
}

function orderPaths(): OpenApiPart {
  const id = pathParameter('id', 'of an order');
  const one = { 200: json('The order and its jobs', OrderView), 404: failure('No such order') };
  return {
    '/api/v1/orders': {
      get: operation('Orders for models, oldest first', {
        responses: { 200: json('Orders', z.object({ orders: z.array(OrderView) })) },
      }),
    },
    '/api/v1/orders/{id}': {
      get: operation('One order', { parameters: [id], responses: one }),
      delete: operation('Close an order: no more handsets get a job', { parameters: [id], responses: one }),
    },
    '/api/v1/orders/{id}/approval': { post: approvalOperation(id, 'order', OrderView) },
  };
}

function approvalOperation(id: OpenApiPart, what: string, answer: z.ZodType): OpenApiPart {
  return operation('The word of another authority', {
    parameters: [id],
    requestBody: body(Verdict),
    responses: {
      200: json(`The ${what} as it is now`, answer),
      400: failure('Not a verdict'),
      404: failure(`No such ${what}`),
      409: failure('It waits for no approval, or who asked would approve'),
    },
  });
}

function eventPaths(): OpenApiPart {
  return {
    '/api/v1/events': {
      get: operation('Changes of jobs and the progress of large objects, as server-sent events', {
        description:
          'Each event is a JSON object, named by an id. Who comes back with Last-Event-ID gets what came meanwhile; an ' +
          'event `gap` says that more did than is kept, so that the list of jobs has to be read anew. Comments are signs ' +
          'of life. Who does not read is dropped.',
        parameters: [deviceParameter(false), queryParameter('job', 'only of this job'), lastEventId()],
        responses: { 200: eventStream(), 404: failure('No such job'), 503: failure('Too many listen') },
      }),
    },
  };
}

function limitParameter(): OpenApiPart {
  const schema = { type: 'integer', minimum: 1, maximum: 10_000 };
  return { ...queryParameter('limit', 'no more than so many; of jobs the last ones'), schema };
}

function lastEventId(): OpenApiPart {
  return { name: 'Last-Event-ID', in: 'header', required: false, schema: { type: 'string', maxLength: 64 } };
}

function eventStream(): OpenApiPart {
  const { content } = json('', JobEvent) as { readonly content: { readonly 'application/json': OpenApiPart } };
  return { description: 'Data of each event', content: { 'text/event-stream': content['application/json'] } };
}

function rulePaths(): OpenApiPart {
  const model = pathParameter('model', 'DevInfo/Mod');
  return {
    '/api/v1/rules': {
      get: operation('Rules: which packages the handsets of a model are to have', {
        responses: { 200: json('Rules', z.object({ rules: z.array(Rule) })) },
      }),
    },
    '/api/v1/rules/{model}': {
      get: operation('The rule for a model', {
        parameters: [model],
        responses: { 200: json('The rule', Rule), 404: failure('No rule') },
      }),
      put: operation('Say what the handsets of a model are to have', {
        description:
          'A handset that lacks a package, or has an older version, gets one job for each version that is offered, ' +
          'however that ends; to say the rule anew lets it be tried again.',
        parameters: [model],
        requestBody: body(RuleRequest),
        responses: {
          200: json('Replaced', Rule),
          201: json('New', Rule),
          400: failure('Not a rule, or a package that does not exist or is for another model'),
          503: failure('Too many rules'),
        },
      }),
      delete: operation('Drop the rule for a model', {
        parameters: [model],
        responses: { 204: { description: 'Dropped' }, 404: failure('No rule') },
      }),
    },
  };
}

function schedulePaths(): OpenApiPart {
  const id = pathParameter('id', 'of a schedule');
  return {
    '/api/v1/schedules': {
      get: operation('Schedules of inventories', {
        responses: { 200: json('Schedules', z.object({ schedules: z.array(Schedule) })) },
      }),
      post: operation('Have inventories read again and again, the first at once', {
        requestBody: body(ScheduleRequest),
        responses: {
          201: json('The schedule', Schedule),
          400: failure('Not a schedule, or a package that does not exist'),
          503: failure('Too many schedules'),
        },
      }),
    },
    '/api/v1/schedules/{id}': {
      get: operation('One schedule', {
        parameters: [id],
        responses: { 200: json('The schedule', Schedule), 404: failure('No such schedule') },
      }),
      delete: operation('Drop a schedule', {
        parameters: [id],
        responses: { 204: { description: 'Dropped' }, 404: failure('No such schedule') },
      }),
    },
  };
}

function devicePaths(): OpenApiPart {
  const id = pathParameter('id', 'an IMEI with or without the prefix IMEI:');
  const format = { ...queryParameter('format', 'json or csv'), schema: { enum: ['json', 'csv'], default: 'json' } };
  const table = { 'text/csv': { schema: { type: 'string' } } };
  const { description, content } = json('Comparisons', z.object({ comparisons: z.array(Comparison) }));
  return {
    '/api/v1/devices': {
      get: operation('Handsets that this server has met', {
        parameters: [queryParameter('model', 'only of this model'), limitParameter()],
        responses: { 200: json('Handsets', z.object({ devices: z.array(DeviceRow) })) },
      }),
    },
    '/api/v1/devices/{id}': {
      get: operation('One handset, its components and what they are outdated by', {
        parameters: [id],
        responses: { 200: json('The handset', DeviceView), 404: failure('No such handset') },
      }),
    },
    '/api/v1/comparisons': {
      get: operation('What handsets have beside what rules and schedules say that they are to have', {
        parameters: [deviceParameter(false), queryParameter('model', 'only of this model'), limitParameter(), format],
        responses: {
          200: { description, content: { ...(content as OpenApiPart), ...table } },
          400: failure('Not a query'),
          404: failure('No such handset'),
          409: failure('What is installed on it was never read'),
        },
      }),
    },
    '/api/v1/comparisons/{id}/install-missing': {
      post: operation('Jobs for what is missing or outdated, and for nothing else', {
        parameters: [id],
        requestBody: { ...body(MissingRequest), required: false },
        responses: {
          200: json('No job: nothing is missing, none on offer brings it, or jobs for it wait already', MissingAnswer),
          201: json('The jobs', MissingAnswer),
          400: failure('Not a request'),
          404: failure('No such handset'),
          409: failure('What is installed on it was never read'),
        },
      }),
    },
  };
}

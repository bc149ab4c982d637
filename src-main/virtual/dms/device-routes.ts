import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { ApiError, parseOrRefuse } from './api-error.ts';
import { Approval, ApprovalWish, awaitedIf } from './approval.ts';
import { type Comparison, csvOf } from './comparison.ts';
import type { KnownDevice } from './device-book.ts';
import { DeviceId, Model } from './device-id.ts';
import { deviceRow, deviceView } from './device-view.ts';
import { hasEnded, Job, type NewJob } from './job.ts';
import type { JobStore } from './job-store.ts';
import type { Outside } from './outside.ts';
import type { PackageSource } from './packages.ts';

/** Handsets shown at once where nobody says how many. */
const USUAL_LIMIT = 1000;
const ofModel = {
  model: Model.optional(),
  limit: z.coerce.number().int().min(1).max(10_000).default(USUAL_LIMIT),
};
const DeviceQuery = z.object(ofModel);
const ComparisonQuery = z.object({
  device: DeviceId.optional(),
  ...ofModel,
  format: z.enum(['json', 'csv']).default('json'),
});

/** What is asked with the installation of what is missing. */
export const MissingRequest = z.strictObject(ApprovalWish.shape);

export const MissingAnswer = z.object({
  jobs: z.array(Job),
  without: z.array(z.string()).meta({ description: 'components that no package on offer brings' }),
  waiting: z
    .array(
      z.object({
        package: z.string(),
        job: z.string().meta({ description: 'id of the job' }),
        approval: Approval.optional().meta({ description: 'awaited: nothing happens until it is granted' }),
      }),
    )
    .meta({ description: 'packages that a job has not ended for yet, so that none is made' }),
});

interface DeviceRoutesOptions extends Pick<Outside, 'book' | 'wantedOf' | 'comparisonOf'> {
  readonly jobs: JobStore;
  readonly packages: PackageSource;
}

/** `/api/v1/devices`: the handsets that this server has met. */
export function deviceRoutes(app: FastifyInstance, { book, wantedOf, packages }: DeviceRoutesOptions): void {
  app.get('/api/v1/devices', async (request) => {
    const query = parseOrRefuse(DeviceQuery, request.query, 'device/query-invalid');
    const offered = await packages.list();
    return {
      devices: shown(book, query).map((known) => deviceRow(deviceView(known, wantedOf(known, offered), offered))),
    };
  });
  app.get<{ Params: { id: string } }>('/api/v1/devices/:id', async ({ params }) => {
    const offered = await packages.list();
    const known = knownOf(book, params.id);
    return deviceView(known, wantedOf(known, offered), offered);
  });
}

/** `/api/v1/comparisons`: what handsets have beside what they are to have. */
export function comparisonRoutes(app: FastifyInstance, options: DeviceRoutesOptions): void {
  const { book, packages, jobs, comparisonOf } = options;
  app.get('/api/v1/comparisons', async (request, reply) => {
    const { device, format, ...query } = parseOrRefuse(ComparisonQuery, request.query, 'comparison/query-invalid');
    const offered = await packages.list();
    const comparisons =
      device === undefined
        ? shown(book, query).flatMap((known) => comparisonOf(known, offered) ?? [])
        : [readOf(comparisonOf(knownOf(book, device), offered))];
    if (format === 'json') return { comparisons };
    return reply
      .header('content-type', 'text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="comparison.csv"')
      .header('x-content-type-options', 'nosniff')
      .send(csvOf(comparisons));
  });
  app.route<{ Params: { id: string } }>({
    method: 'POST',
    url: '/api/v1/comparisons/:id/install-missing',
    // Clients that always say JSON send no body here, which Fastify would not take.
    onRequest: async ({ headers, raw }) => {
      const isEmpty = headers['transfer-encoding'] === undefined && (headers['content-length'] ?? '0') === '0';
      if (isEmpty) delete raw.headers['content-type'];
    },
    handler: async (request, reply) => {
      const asked = parseOrRefuse(MissingRequest, request.body ?? {}, 'comparison/invalid');
      const known = knownOf(book, request.params.id);
      const comparison = readOf(comparisonOf(known, await packages.list()));
      const { wishes, ...others } = wishesOf(comparison, jobs.list(known.device));
      const made = jobs.addAll(wishes.map((wish) => ({ device: known.device, ...wish, ...awaitedIf(asked) })));
      return reply.code(made.length > 0 ? 201 : 200).send({ jobs: made, ...others });
    },
  });
}

function shown(book: Outside['book'], { model, limit }: z.infer<typeof DeviceQuery>): readonly KnownDevice[] {
  return (model === undefined ? book.list() : book.ofModel(model)).slice(0, limit);
}

function knownOf(book: Outside['book'], id: string): KnownDevice {
  const known = book.get(parseOrRefuse(DeviceId, id, 'device/invalid'));
  if (known === undefined) throw new ApiError(404, 'device/unknown', 'this server has met no such handset');
  return known;
}

function readOf(comparison: Comparison | undefined): Comparison {
  if (comparison === undefined) {
    throw new ApiError(409, 'comparison/not-read', 'what is installed on this handset was never read');
  }
  return comparison;
}

/** Each package once, and none that a job is under way for. */
function wishesOf({ missing, outdated }: Comparison, jobs: readonly Job[]) {
  const open = new Map(jobs.filter((job) => !hasEnded(job)).map((job) => [job.package, job]));
  const waiting = new Map<string, z.infer<typeof MissingAnswer>['waiting'][number]>();
  const wishes = new Map<string, Omit<NewJob, 'device'>>();
  const updates = new Set(outdated.map((each) => each.package));
  for (const { package: id } of [...missing, ...outdated]) {
    if (id === undefined) continue;
    const job = open.get(id);
    if (job !== undefined) {
      const { approval } = job;
      waiting.set(id, { package: id, job: job.id, ...(approval === undefined ? {} : { approval }) });
    } else wishes.set(id, { operation: updates.has(id) ? 'update' : 'install', package: id });
  }
  const without = [...missing, ...outdated].filter((each) => each.package === undefined).map(({ id }) => id);
  return { wishes: [...wishes.values()], without, waiting: [...waiting.values()] };
}

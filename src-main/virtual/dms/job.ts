import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { deviceKey } from '../../base/device-key.ts';
import { ApiError } from './api-error.ts';
import { CommandReply } from './command-reply.ts';
import { DeviceId } from './device-id.ts';
import { CommandRequests } from './job-commands.ts';
import { FirmwareFacts, FirmwareWish } from './job-firmware.ts';
import { JobAnswer, JobQuestion } from './job-question.ts';
import { type JsonFile, noFile, openJsonFile } from './json-file.ts';
import { InventoryEntry, SoftwareFacts, SoftwareWish } from './software-facts.ts';

/** What this server can do. */
export const OPERATIONS = [
  'inventory',
  'install',
  'update',
  'remove',
  'activate',
  'deactivate',
  'ask',
  'commands',
  'firmware',
] as const;

export const JobRequest = z.object({
  device: DeviceId,
  operation: z.enum(OPERATIONS),
  package: z.string().min(1).max(256).optional().meta({
    description:
      'package id; required to install; to update it or component; to remove: the package itself; of firmware absent: what fits the handset',
  }),
  component: z
    .string()
    .min(1)
    .max(256)
    .optional()
    .meta({ description: 'component id; required to activate and deactivate; to remove it or package' }),
  question: JobQuestion.optional().meta({ description: 'what is asked or shown; required to ask' }),
  commands: CommandRequests.optional().meta({ description: 'commands of one package; required for commands' }),
  firmware: FirmwareWish.optional().meta({ description: 'how the firmware is updated' }),
  software: SoftwareWish.optional().meta({ description: 'how software is installed or updated' }),
});
export type JobRequest = z.infer<typeof JobRequest>;

export const Job = z.object({
  id: z.string(),
  device: z.string(),
  operation: z.enum(OPERATIONS),
  package: z.string().optional(),
  component: z.string().optional(),
  question: JobQuestion.optional(),
  commands: CommandRequests.optional(),
  firmware: FirmwareWish.optional(),
  firmwareFacts: FirmwareFacts.optional(),
  software: SoftwareWish.optional(),
  softwareFacts: SoftwareFacts.optional(),
  state: z.enum(['queued', 'running', 'done', 'failed']),
  resultCode: z
    .int()
    .optional()
    .meta({ description: 'SCOMO result code, 1200 to 1299 for success; of firmware FUMO, 200 to 299' }),
  inventory: z.array(InventoryEntry).optional(),
  answer: JobAnswer.optional().meta({ description: 'what the person at the handset answered' }),
  replies: z.array(CommandReply).optional().meta({ description: 'what came of the commands, in their order' }),
  message: z.string().optional(),
});
export type Job = Readonly<z.infer<typeof Job>>;

/** How a job ended. */
export interface JobOutcome {
  readonly state: 'done' | 'failed';
  readonly resultCode?: number;
  readonly inventory?: readonly InventoryEntry[];
  readonly answer?: JobAnswer;
  readonly replies?: readonly CommandReply[];
  readonly message?: string;
}

/** What a job is asked for with. */
export type NewJob = Pick<
  Job,
  'device' | 'operation' | 'package' | 'component' | 'question' | 'commands' | 'firmware' | 'software'
>;

export interface JobStore {
  /** @throws ApiError 503 `job/too-many` when more jobs wait than are kept. */
  add(request: NewJob): Job;
  get(id: string): Job | undefined;
  /** Oldest first; all of them without `device`. */
  list(device?: string): readonly Job[];
  /** Those of a device that wait for a session, oldest first. */
  queued(device: string): readonly Job[];
  /** A session has begun to work on it. Without effect unless it is queued. */
  start(id: string): void;
  /** A job ends once: without effect when it already did. */
  finish(id: string, outcome: JobOutcome): void;
  /** What became known of it meanwhile, also after its end. */
  amend(id: string, part: Partial<Pick<Job, 'package' | 'firmwareFacts' | 'softwareFacts'>>): void;
  /** A running job has more to do in another session, which is called for. */
  again(id: string): void;
  /** Calls back for each job that is queued, also for those that were when the server started. Returns the way out. */
  onQueued(callback: (job: Job) => void): () => void;
}

/** Jobs kept; the oldest ended ones make room. */
const MAX_JOBS = 10_000;

const JobFile = z.object({ version: z.literal(1), jobs: z.array(Job) });

/**
 * Keeps jobs in memory, and in `jobs.json` of the state folder when there is one (on disk before anybody is told).
 * A job that was running when the server ended is failed: nobody knows how far its session came.
 */
export async function openJobStore(options: { readonly state?: string } = {}): Promise<JobStore> {
  const file =
    options.state === undefined
      ? noFile<z.infer<typeof JobFile>>()
      : await openJsonFile(options.state, 'jobs.json', JobFile);
  return createJobStore(file);
}

function createJobStore(file: JsonFile<z.infer<typeof JobFile>>): JobStore {
  const jobs = new Map<string, Job>();
  const listeners = new Set<(job: Job) => void>();
  for (const job of file.initial?.jobs ?? []) jobs.set(job.id, job.state === 'running' ? brokenOff(job) : job);

  /** On disk first: what a reader or a listener learns is never lost. */
  function keep(job: Job): void {
    const next = new Map(jobs).set(job.id, job);
    file.write({ version: 1, jobs: [...next.values()] });
    jobs.set(job.id, job);
  }

  function makeRoom(): void {
    if (jobs.size < MAX_JOBS) return;
    const oldest = [...jobs.values()].find(hasEnded);
    if (oldest === undefined) throw new ApiError(503, 'job/too-many', `${MAX_JOBS} jobs are waiting`);
    jobs.delete(oldest.id);
  }

  const list = (device?: string): Job[] => {
    const key = device === undefined ? undefined : deviceKey(device);
    return [...jobs.values()].filter((job) => key === undefined || deviceKey(job.device) === key);
  };

  return {
    add(request) {
      makeRoom();
      const job: Job = { ...request, id: randomUUID(), state: 'queued' };
      keep(job);
      for (const listener of listeners) listener(job);
      return job;
    },
    get: (id) => jobs.get(id),
    list,
    queued: (device) => list(device).filter((job) => job.state === 'queued'),
    start(id) {
      const job = known(jobs, id);
      if (job.state === 'queued') keep({ ...job, state: 'running' });
    },
    finish(id, outcome) {
      const job = known(jobs, id);
      if (hasEnded(job)) return;
      const { inventory, replies, ...rest } = outcome;
      keep({
        ...job,
        ...rest,
        ...(inventory === undefined ? {} : { inventory: [...inventory] }),
        ...(replies === undefined ? {} : { replies: [...replies] }),
      });
    },
    amend(id, part) {
      keep({ ...known(jobs, id), ...part });
    },
    again(id) {
      const job = known(jobs, id);
      if (job.state !== 'running') return;
      const queued: Job = { ...job, state: 'queued' };
      keep(queued);
      for (const listener of listeners) listener(queued);
    },
    onQueued(callback) {
      listeners.add(callback);
      for (const job of jobs.values()) if (job.state === 'queued') callback(job);
      return () => void listeners.delete(callback);
    },
  };
}

function hasEnded(job: Job): boolean {
  return job.state === 'done' || job.state === 'failed';
}

function brokenOff(job: Job): Job {
  return { ...job, state: 'failed', message: 'the server ended while the session was running' };
}

function known(jobs: ReadonlyMap<string, Job>, id: string): Job {
  const job = jobs.get(id);
  if (job === undefined) throw new TypeError(`no job ${id}`);
  return job;
}

import { z } from 'zod';
import { strictTextOf } from '../base/bytes.ts';
import { deviceKey } from '../base/device-key.ts';
import { PcAgentError } from '../base/errors.ts';
import { jsonOf } from '../base/json.ts';
import type { HttpAgent } from '../net/http-agent.ts';
import { httpRequest } from '../net/http-request.ts';
import type { Ledger } from '../net/ledger.ts';

const name = z.string().max(300);
const count = z.int().min(0);

/** A job as the DM server's list has it (contract, section 6; ours, not OMA's). */
const ListedJob = z.object({
  id: z.string().min(1).max(200),
  operation: name,
  device: name.optional(),
  model: name.optional(),
  package: name.optional(),
  component: name.optional(),
  state: z.enum(['queued', 'running', 'done', 'failed']),
  approval: z.enum(['awaited', 'granted', 'refused']).optional(),
  resultCode: z.int().optional(),
  message: z
    .string()
    .transform((text) => text.slice(0, 1000))
    .optional(),
  progress: z.object({ done: count, total: count }).optional(),
});
export type ListedJob = Readonly<z.infer<typeof ListedJob>>;

/** Oldest first. More than any page of ours shows. */
const JobList = z.object({ jobs: z.array(ListedJob).max(20_000) });

export interface JobListOptions {
  /** Any address of the DM server; its origin counts. */
  readonly dms: URL;
  readonly agent: HttpAgent;
  readonly ledger: Ledger;
  /** For the ledger. */
  readonly initiator: string;
}

export interface JobListClient {
  /** The newest `limit` jobs, newest first. @param device only those of this handset */
  list(device: string | undefined, limit: number, signal: AbortSignal): Promise<readonly ListedJob[]>;
  /** @returns `undefined` when the server has no such job */
  find(id: string, signal: AbortSignal): Promise<ListedJob | undefined>;
}

/** Each job may hold an inventory of some 100 KiB, which is passed over. */
const MAX_BODY = 32 * 1024 * 1024;

/** Reads a DM server's jobs. Both throw PcAgentError `dms/*` and `net/offline`. */
export function createJobList(options: JobListOptions): JobListClient {
  const { agent, ledger, initiator } = options;
  const origin = new URL('/', options.dms);

  async function get(url: URL, signal: AbortSignal): Promise<{ readonly status: number; readonly value: unknown }> {
    const answer = await httpRequest({
      ...{ url, agent, ledger, initiator, signal },
      method: 'GET',
      headers: { accept: 'application/json' },
      purpose: 'job',
      family: 'dms',
      maxBody: MAX_BODY,
    });
    return { status: answer.status, value: jsonOf(strictTextOf(answer.body) ?? '') };
  }

  return {
    async list(device, limit, signal) {
      const url = jobsAddress(origin, device, limit);
      const { status, value } = await get(url, signal);
      if (status !== 200) throw jobStatusError(status, origin);
      const parsed = JobList.safeParse(value);
      if (!parsed.success) throw unreadable(origin);
      // A server that does not know of `device` gives all of them.
      const mine = parsed.data.jobs.filter((job) => isJobOf(job, device));
      return mine.slice(-limit).toReversed();
    },
    async find(id, signal) {
      const { status, value } = await get(new URL(`api/v1/jobs/${encodeURIComponent(id)}`, origin), signal);
      if (status === 404) return undefined;
      if (status !== 200) throw jobStatusError(status, origin);
      const parsed = ListedJob.safeParse(value);
      if (parsed.success) return parsed.data;
      throw unreadable(origin);
    },
  };
}

/** One without a device is for a model, and may concern any. */
export function isJobOf(job: Pick<ListedJob, 'device'>, device: string | undefined): boolean {
  return device === undefined || job.device === undefined || deviceKey(job.device) === deviceKey(device);
}

/** It has not ended yet. */
export function isOpenJob({ state }: Pick<ListedJob, 'state'>): boolean {
  return state === 'queued' || state === 'running';
}

/** It waits for a session, and for nobody's word before. */
export function isWaitingJob({ state, approval }: Pick<ListedJob, 'state' | 'approval'>): boolean {
  return state === 'queued' && approval !== 'awaited' && approval !== 'refused';
}

/** What a server says that it has no use for the request: another time may be better after 408, 425, 429 and 5xx. */
export function jobStatusError(status: number, { origin }: URL): PcAgentError {
  const later = status === 408 || status === 425 || status === 429 || status >= 500;
  return new PcAgentError('dms/http-status', `${origin} answered a request for its jobs with HTTP status ${status}`, {
    retry: later ? 'later' : 'after-operator',
    details: { origin, status },
  });
}

function jobsAddress(origin: URL, device: string | undefined, limit: number): URL {
  const url = new URL('api/v1/jobs', origin);
  if (device !== undefined) url.searchParams.set('device', device);
  // Jobs may hold inventories; a server that does not know of it gives all of them.
  url.searchParams.set('limit', String(limit));
  return url;
}

function unreadable({ origin }: URL): PcAgentError {
  return new PcAgentError('dms/answer-unexpected', `${origin} answered a request for its jobs with something else`, {
    retry: 'after-operator',
    details: { origin },
  });
}

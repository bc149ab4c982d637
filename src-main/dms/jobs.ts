import { z } from 'zod';
import { strictTextOf, utf8 } from '../base/bytes.ts';
import { PcAgentError } from '../base/errors.ts';
import type { HttpAgent } from '../net/http-agent.ts';
import { httpRequest } from '../net/http-request.ts';
import type { Ledger } from '../net/ledger.ts';

const Created = z.object({ id: z.string().min(1).max(200) });

const component = z.looseObject({ id: z.string(), version: z.string(), state: z.string() });
const value = z.union([z.string(), z.int()]);
/** What of the inventory is another afterwards, where the server looked before and after. */
const Difference = z.object({
  added: z.array(component).max(10_000),
  removed: z.array(component).max(10_000),
  changed: z
    .array(z.object({ id: z.string(), field: z.string(), before: value.optional(), after: value.optional() }))
    .max(100_000),
  more: z.int().optional(),
});

const DmsJobState = z.looseObject({
  id: z.string(),
  state: z.enum(['queued', 'running', 'done', 'failed']),
  resultCode: z.int().optional(),
  message: z.string().max(1000).optional(),
  inventory: z.array(component).max(10_000).optional(),
  softwareFacts: z.looseObject({ difference: Difference.optional(), problem: z.string().optional() }).optional(),
  firmwareFacts: z.looseObject({ before: z.string().optional(), after: z.string().optional() }).optional(),
});
/** A job as the DM server tells of it (contract, section 6; ours, not OMA's). */
export type DmsJobState = z.infer<typeof DmsJobState>;

/** What the person at the handset has to agree to. */
interface JobConsent {
  readonly text: string;
  readonly policy: 'required' | 'if-possible';
}

/** What is asked of a DM server. */
export interface DmsJobRequest {
  readonly device: string;
  readonly operation: 'inventory' | 'install' | 'update' | 'remove' | 'activate' | 'deactivate' | 'firmware';
  readonly package?: string;
  readonly component?: string;
  /** How software is worked on. */
  readonly software?: { readonly activate?: boolean; readonly consent?: JobConsent };
  /** How firmware is updated. */
  readonly firmware?: { readonly consent?: JobConsent };
}

export interface DmsJobsOptions {
  /** Any address of the DM server; its origin counts. */
  readonly dms: URL;
  readonly agent: HttpAgent;
  readonly ledger: Ledger;
  /** For the ledger. */
  readonly initiator: string;
}

export interface DmsJobClient {
  /** @returns the job's id. */
  post(request: DmsJobRequest, signal: AbortSignal): Promise<string>;
  get(id: string, signal: AbortSignal): Promise<DmsJobState>;
}

const MAX_BODY = 4 * 1024 * 1024;

/** Asks a DM server for work. Both throw PcAgentError `dms/*` and `net/offline`. */
export function createDmsJobs(options: DmsJobsOptions): DmsJobClient {
  const origin = new URL('/', options.dms);
  async function call<T extends z.ZodType>(
    schema: T,
    method: 'GET' | 'POST',
    path: string,
    signal: AbortSignal,
    body?: Uint8Array,
  ): Promise<z.infer<T>> {
    const { agent, ledger, initiator } = options;
    const answer = await httpRequest({
      url: new URL(path, origin),
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body }),
      ...{ agent, ledger, initiator, signal },
      purpose: 'job',
      family: 'dms',
      maxBody: MAX_BODY,
    });
    const value = jsonOf(answer.body);
    if (answer.status >= 300) throw statusError(answer.status, origin, value);
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    throw new PcAgentError('dms/answer-unexpected', `${origin.origin} answered a job request with something else`, {
      retry: 'after-operator',
      details: { origin: origin.origin },
    });
  }
  return {
    post: async (request, signal) =>
      (await call(Created, 'POST', 'api/v1/jobs', signal, utf8(JSON.stringify(request)))).id,
    get: (id, signal) => call(DmsJobState, 'GET', `api/v1/jobs/${encodeURIComponent(id)}`, signal),
  };
}

const Refusal = z.looseObject({ code: z.string().max(100), message: z.string().max(500).optional() });

function statusError(status: number, origin: URL, value: unknown): PcAgentError {
  const refusal = Refusal.safeParse(value).data;
  const why = refusal === undefined ? '' : `: ${refusal.message ?? refusal.code}`;
  return new PcAgentError(
    'dms/http-status',
    `${origin.origin} answered a job request with HTTP status ${status}${why}`,
    {
      retry: status >= 500 ? 'later' : 'after-operator',
      details: { origin: origin.origin, status, ...(refusal === undefined ? {} : { code: refusal.code }) },
    },
  );
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(strictTextOf(body) ?? '');
  } catch {
    return undefined;
  }
}

import { z } from 'zod';
import { textOf, utf8 } from '../../base/bytes.ts';
import { PcAgentError } from '../../base/errors.ts';
import type { HttpAgent } from '../../net/http-agent.ts';
import { httpRequest } from '../../net/http-request.ts';
import type { Ledger } from '../../net/ledger.ts';

const Created = z.object({ id: z.string(), state: z.string() });

export const DmsJob = z.looseObject({
  id: z.string(),
  state: z.enum(['queued', 'running', 'done', 'failed']),
  resultCode: z.number().optional(),
  message: z.string().optional(),
  inventory: z.array(z.looseObject({ id: z.string(), version: z.string(), state: z.string() })).optional(),
});
export type DmsJob = z.infer<typeof DmsJob>;

/** Asks a DMS for work as an outside system does (contract, section 6). */
export class DmsJobs {
  readonly #origin: URL;
  readonly #agent: HttpAgent;
  readonly #ledger: Ledger;

  constructor(dms: URL, agent: HttpAgent, ledger: Ledger) {
    this.#origin = new URL('/', dms);
    this.#agent = agent;
    this.#ledger = ledger;
  }

  async post(request: Readonly<Record<string, string>>, signal: AbortSignal): Promise<string> {
    const body = utf8(JSON.stringify(request));
    return Created.parse(await this.#call('POST', 'api/v1/jobs', signal, body)).id;
  }

  async get(id: string, signal: AbortSignal): Promise<DmsJob> {
    return DmsJob.parse(await this.#call('GET', `api/v1/jobs/${encodeURIComponent(id)}`, signal));
  }

  async #call(method: 'GET' | 'POST', path: string, signal: AbortSignal, body?: Uint8Array): Promise<unknown> {
    const answer = await httpRequest({
      url: new URL(path, this.#origin),
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body }),
      agent: this.#agent,
      ledger: this.#ledger,
      purpose: 'jobs',
      initiator: 'demo',
      signal,
    });
    if (answer.status >= 300) {
      throw new PcAgentError('dms/http-status', `the DMS answered ${method} ${path} with ${answer.status}`, {
        details: { status: answer.status },
      });
    }
    return JSON.parse(textOf(answer.body));
  }
}

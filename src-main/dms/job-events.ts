import { z } from 'zod';
import { seconds } from '../base/durations.ts';
import { isPcAgentError } from '../base/errors.ts';
import { jsonOf } from '../base/json.ts';
import { httpDownload } from '../net/http-download.ts';
import { createEventStreamReader } from './event-stream.ts';
import { type JobListOptions, jobStatusError } from './job-list.ts';

/** What the DM server says of one of its jobs while it goes on (contract, section 6; ours, not OMA's). */
const JobEvent = z.object({
  job: z.string().min(1).max(200),
  state: z.enum(['queued', 'running', 'done', 'failed']),
  approval: z.enum(['awaited', 'granted', 'refused']).optional(),
  done: z.int().min(0).optional(),
  total: z.int().min(0).optional(),
});
export type JobEvent = z.infer<typeof JobEvent>;

export interface JobEventsOptions extends JobListOptions {
  readonly device: string | undefined;
  /** Id of the last event that was seen, so that the server goes on after it. */
  readonly lastEventId: string;
  /** The stream stands; nothing of it is handed over before this is done. */
  readonly onOpen: () => Promise<void>;
  /** The stream waits meanwhile. */
  readonly onEvent: (event: JobEvent, id: string) => Promise<void>;
  readonly signal: AbortSignal;
}

/** How a stream of events came to its end. */
export type JobEventsEnd =
  /** The server has none. */
  | { readonly kind: 'unsupported' }
  /** The server closed it; `retry`: milliseconds that it wants to be left in peace. */
  | { readonly kind: 'closed'; readonly retry: number | undefined };

/** A stream without an octet for so long is dead: servers that keep theirs open send comments meanwhile. */
const STALL_TIME = seconds(90);
/** Statuses of servers that do not have events; 204 means that one is not to ask again (WHATWG HTML, 9.2.3). */
const UNSUPPORTED: readonly number[] = [204, 400, 404, 405, 406, 410, 501];

/**
 * Follows the events of a DM server's jobs over one connection.
 * @throws PcAgentError `dms/*`, `net/offline`; what the callbacks threw; the signal's reason
 */
export async function followJobEvents(options: JobEventsOptions): Promise<JobEventsEnd> {
  const { dms, agent, ledger, initiator, device, lastEventId, signal } = options;
  const origin = new URL('/', dms);
  const url = new URL('api/v1/events', origin);
  if (device !== undefined) url.searchParams.set('device', device);
  const reader = createEventStreamReader();
  let supported = true;
  try {
    await httpDownload({
      ...{ url, agent, ledger, initiator, signal },
      headers: {
        accept: 'text/event-stream',
        'cache-control': 'no-store',
        ...(lastEventId === '' ? {} : { 'last-event-id': lastEventId }),
      },
      purpose: 'job',
      family: 'dms',
      stallTime: STALL_TIME,
      async onHead(status, headers) {
        const type = String(headers['content-type'] ?? '');
        supported = status === 200 ? /^text\/event-stream\b/i.test(type) : !UNSUPPORTED.includes(status);
        if (status !== 200 || !supported) throw jobStatusError(status, origin);
        await options.onOpen();
      },
      async onData(chunk) {
        for (const { id, data } of reader.push(chunk)) {
          const event = JobEvent.safeParse(jsonOf(data));
          // Events of another kind are for others.
          if (event.success) await options.onEvent(event.data, id);
        }
      },
    });
  } catch (error) {
    if (!supported && isPcAgentError(error, 'dms/http-status')) return { kind: 'unsupported' };
    throw error;
  }
  return { kind: 'closed', retry: reader.retry() };
}

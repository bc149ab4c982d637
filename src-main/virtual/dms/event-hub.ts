import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { deviceKey } from '../../base/device-key.ts';
import { ApiError } from './api-error.ts';
import { type Job, OPERATIONS } from './job.ts';
import type { JobProgress, JobStore } from './job-store.ts';

/** What is told of a job whenever something of it changes. */
export const JobEvent = z.object({
  job: z.string(),
  device: z.string(),
  operation: z.enum(OPERATIONS),
  state: z.enum(['queued', 'running', 'done', 'failed']),
  approval: z.enum(['awaited', 'granted', 'refused']).optional(),
  package: z.string().optional(),
  order: z.string().optional(),
  resultCode: z.int().optional(),
  message: z.string().optional(),
  done: z.int().optional().meta({ description: 'octets of a large object that have gone over' }),
  total: z.int().optional(),
});
export type JobEvent = Readonly<z.infer<typeof JobEvent>>;

/** An event with its place in the sequence. */
export interface NumberedEvent {
  /** `RUN-NUMBER`: a server that was started anew counts anew. */
  readonly id: string;
  readonly event: JobEvent;
}

/** Whose events are wanted; none of them: all. */
export interface EventFilter {
  readonly device?: string;
  readonly job?: string;
}

export interface EventHub {
  /**
   * Calls back for each event from now on. `missed` came after the event `lastId`; `lost` says that more did, which
   * are kept no longer. @throws ApiError 503 `events/too-many-listeners`
   */
  listen(
    filter: EventFilter,
    callback: (event: NumberedEvent) => void,
    lastId?: string,
  ): { readonly missed: readonly NumberedEvent[]; readonly lost: boolean; readonly stop: () => void };
}

/** Events kept for those who come back. */
const MAX_KEPT = 1000;
const MAX_LISTENERS = 100;
/** Characters of a message; the whole one is with the job. */
const MAX_MESSAGE = 300;

/** Makes events of what changes in the store of jobs. */
export function createEventHub(jobs: JobStore, run: string = randomUUID().slice(0, 8)): EventHub {
  const listeners = new Set<(event: NumberedEvent) => void>();
  let kept: NumberedEvent[] = [];
  let count = 0;
  /** Number of the last event that is kept no longer, save progress that is outdated. */
  let dropped = 0;
  const numberOf = ({ id }: NumberedEvent): number => Number(id.slice(run.length + 1));
  jobs.onChange((job, progress) => {
    count += 1;
    const numbered = { id: `${run}-${count}`, event: eventOf(job, progress) };
    // How far it was is of no interest once it is farther; a package of any size takes one place.
    kept = kept.filter((each) => !(isProgress(each) && isProgress(numbered) && each.event.job === job.id));
    kept.push(numbered);
    const oldest = kept.length > MAX_KEPT ? kept.shift() : undefined;
    if (oldest !== undefined) dropped = numberOf(oldest);
    for (const listener of listeners) listener(numbered);
  });
  return {
    listen(filter, callback, lastId) {
      if (listeners.size >= MAX_LISTENERS) {
        throw new ApiError(503, 'events/too-many-listeners', `${MAX_LISTENERS} listen already`);
      }
      const listener = (numbered: NumberedEvent): void => {
        if (isWanted(numbered.event, filter)) callback(numbered);
      };
      listeners.add(listener);
      const stop = (): void => void listeners.delete(listener);
      if (lastId === undefined) return { missed: [], lost: false, stop };
      const last = lastId.startsWith(`${run}-`) ? placeOf(lastId.slice(run.length + 1)) : Number.NaN;
      const isOurs = last <= count;
      const missed = kept.filter((each) => (!isOurs || numberOf(each) > last) && isWanted(each.event, filter));
      return { missed, lost: !isOurs || dropped > last, stop };
    },
  };
}

export function eventOf(job: Job, progress: JobProgress | undefined): JobEvent {
  const { id, device, operation, state, approval, order, resultCode, message } = job;
  return {
    ...{ job: id, device, operation, state },
    ...(approval === undefined ? {} : { approval }),
    ...(job.package === undefined ? {} : { package: job.package }),
    ...(order === undefined ? {} : { order }),
    ...(resultCode === undefined ? {} : { resultCode }),
    ...(message === undefined ? {} : { message: message.slice(0, MAX_MESSAGE) }),
    ...progress,
  };
}

function placeOf(digits: string): number {
  return /^\d{1,15}$/.test(digits) ? Number(digits) : Number.NaN;
}

function isProgress({ event }: NumberedEvent): boolean {
  return event.done !== undefined;
}

function isWanted(event: JobEvent, { device, job }: EventFilter): boolean {
  if (job !== undefined && job !== event.job) return false;
  return device === undefined || deviceKey(device) === deviceKey(event.device);
}

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { deviceKey } from '../../base/device-key.ts';
import { ApiError } from './api-error.ts';
import { type Judgement, refusalMessage } from './approval.ts';
import { hasEnded, Job, type JobOutcome, type NewJob } from './job.ts';
import { type JsonFile, noFile, openJsonFile } from './json-file.ts';

/** How much of a large object of a job has gone over. */
export interface JobProgress {
  readonly done: number;
  readonly total: number;
}

export interface JobStore {
  /** @throws ApiError 503 `job/too-many` when more jobs wait than are kept. */
  add(request: NewJob): Job;
  /**
   * All of them or none, in one go. With `quiet` nobody is called: the session that is open does them.
   * @throws ApiError 503 `job/too-many`
   */
  addAll(requests: readonly NewJob[], options?: { readonly quiet?: boolean }): readonly Job[];
  get(id: string): Job | undefined;
  /** Oldest first; all of them without `device`. */
  list(device?: string): readonly Job[];
  /** Those of a device that a session may do, oldest first: none whose approval is awaited. */
  queued(device: string): readonly Job[];
  /** A session begins to work on it. Without effect unless it is queued. @returns whether that session is to do it */
  start(id: string): boolean;
  /** A job ends once: without effect when it already did. @returns whether it ended now */
  finish(id: string, outcome: JobOutcome): boolean;
  /** What became known of it meanwhile, also after its end. */
  amend(id: string, part: Partial<Pick<Job, 'package' | 'firmwareFacts' | 'softwareFacts' | 'accepted'>>): void;
  /** A running job has more to do in another session, which is called for. */
  again(id: string): void;
  /** What another authority said of a job that waits for that: it is queued now, or has failed. */
  decide(id: string, judgement: Judgement): Job;
  /** The same of several, in one go. */
  decideAll(ids: readonly string[], judgement: Judgement): readonly Job[];
  /** How far a running job is; told and forgotten, since after a restart no session runs. */
  advance(id: string, progress: JobProgress): void;
  /** Lets go of jobs that have ended; on the disk with the next change. */
  drop(ids: readonly string[]): void;
  progressOf(id: string): JobProgress | undefined;
  /** Calls back for each job that is queued, also for those that were when the server started. Returns the way out. */
  onQueued(callback: (job: Job) => void): () => void;
  /** Calls back for each change that outsiders see, once it is on disk. Returns the way out. */
  onChange(callback: (job: Job, progress: JobProgress | undefined) => void): () => void;
}

/** Jobs kept; the oldest ended ones make room. */
export const MAX_JOBS = 10_000;

const JobFile = z.object({ version: z.literal(1), jobs: z.array(Job) });

/**
 * Keeps jobs in memory, and in `jobs.json` of the state folder when there is one (on disk before anybody is told).
 * A job that was running when the server ended is failed: nobody knows how far its session came. What the handset had
 * accepted by then goes on there, and its report still comes.
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
  const progresses = new Map<string, JobProgress>();
  const callers = new Set<(job: Job) => void>();
  const watchers = new Set<(job: Job, progress: JobProgress | undefined) => void>();
  const ofDevice = new Map<string, Set<string>>();
  for (const job of file.initial?.jobs ?? []) put(job.state === 'running' ? afterRestart(job) : job);

  function put(job: Job): void {
    jobs.set(job.id, job);
    const key = deviceKey(job.device);
    ofDevice.set(key, (ofDevice.get(key) ?? new Set()).add(job.id));
  }

  function forget(job: Job): void {
    jobs.delete(job.id);
    const key = deviceKey(job.device);
    ofDevice.get(key)?.delete(job.id);
    if (ofDevice.get(key)?.size === 0) ofDevice.delete(key);
  }

  /** On disk first: what a reader or a listener learns is never lost. */
  function keepAll(changed: readonly Job[]): void {
    const next = new Map(jobs);
    for (const job of changed) next.set(job.id, job);
    file.write({ version: 1, jobs: [...next.values()] });
    const news = changed.filter((job) => shownOf(jobs.get(job.id)) !== shownOf(job));
    for (const job of changed) {
      put(job);
      if (hasEnded(job)) progresses.delete(job.id);
    }
    for (const job of news) for (const watcher of watchers) watcher(job, progresses.get(job.id));
  }
  const keep = (job: Job): void => keepAll([job]);

  function call(job: Job): void {
    if (isDue(job)) for (const caller of callers) caller(job);
  }

  function makeRoom(count: number): void {
    const excess = jobs.size + count - MAX_JOBS;
    if (excess <= 0) return;
    const oldest = [...jobs.values()].filter(hasEnded).slice(0, excess);
    if (oldest.length < excess) throw new ApiError(503, 'job/too-many', `${MAX_JOBS} jobs are waiting`);
    for (const job of oldest) forget(job);
  }

  const list = (device?: string): readonly Job[] => {
    if (device === undefined) return [...jobs.values()];
    return [...(ofDevice.get(deviceKey(device)) ?? [])].map((id) => known(jobs, id));
  };

  function addAll(requests: readonly NewJob[], { quiet = false } = {}): readonly Job[] {
    if (requests.length === 0) return [];
    makeRoom(requests.length);
    const added = requests.map((request): Job => ({ ...request, id: randomUUID(), state: 'queued' }));
    keepAll(added);
    if (!quiet) for (const job of added) call(job);
    return added;
  }

  return {
    addAll,
    add(request) {
      const [job] = addAll([request]);
      if (job === undefined) throw new TypeError('one request is one job');
      return job;
    },
    get: (id) => jobs.get(id),
    list,
    queued: (device) => list(device).filter(isDue),
    start(id) {
      const job = known(jobs, id);
      if (!isDue(job)) return false;
      keep({ ...job, state: 'running' });
      return true;
    },
    finish(id, outcome) {
      const job = known(jobs, id);
      if (hasEnded(job)) return false;
      const { inventory, replies, ...rest } = outcome;
      const { accepted: _accepted, ...ending } = job;
      keep({
        ...ending,
        ...rest,
        ...(inventory === undefined ? {} : { inventory: [...inventory] }),
        ...(replies === undefined ? {} : { replies: [...replies] }),
      });
      return true;
    },
    amend(id, part) {
      const job = known(jobs, id);
      const { accepted, ...rest } = part;
      const isOpen = 'accepted' in part && !hasEnded(job);
      keep({ ...job, ...rest, ...(isOpen ? { accepted } : {}) });
    },
    again(id) {
      const job = known(jobs, id);
      if (job.state !== 'running') return;
      const queued: Job = { ...job, state: 'queued' };
      keep(queued);
      call(queued);
    },
    decide(id, judgement) {
      const decided = decidedOf(known(jobs, id), judgement);
      keep(decided);
      call(decided);
      return decided;
    },
    decideAll(ids, judgement) {
      const decided = ids.map((id) => decidedOf(known(jobs, id), judgement));
      keepAll(decided);
      for (const job of decided) call(job);
      return decided;
    },
    advance(id, progress) {
      const job = jobs.get(id);
      if (job?.state !== 'running') return;
      progresses.set(id, progress);
      for (const watcher of watchers) watcher(job, progress);
    },
    drop(ids) {
      for (const id of ids) {
        const job = jobs.get(id);
        if (job !== undefined && hasEnded(job)) forget(job);
      }
    },
    progressOf: (id) => progresses.get(id),
    onQueued(callback) {
      callers.add(callback);
      for (const job of jobs.values()) if (isDue(job)) callback(job);
      return () => void callers.delete(callback);
    },
    onChange(callback) {
      watchers.add(callback);
      return () => void watchers.delete(callback);
    },
  };
}

/** For what a handset brings up in a session, which goes on without it: `undefined` when there is no room. */
export function addIfRoom(jobs: JobStore, request: NewJob): Job | undefined {
  return ifRoom(() => jobs.add(request));
}

/** What makes jobs, where they find room. */
export function ifRoom<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (error instanceof ApiError && error.status === 503) return undefined;
    throw error;
  }
}

function isDue({ state, approval }: Job): boolean {
  return state === 'queued' && approval !== 'awaited';
}

/** What a watcher is told of; the rest is for who asks. */
function shownOf(job: Job | undefined): string {
  return JSON.stringify([job?.state, job?.approval, job?.resultCode, job?.message, job?.package]);
}

function decidedOf(job: Job, judgement: Judgement): Job {
  return judgement.verdict === 'grant'
    ? { ...job, approval: 'granted', judgement }
    : { ...job, approval: 'refused', judgement, state: 'failed', message: refusalMessage(judgement) };
}

function afterRestart(job: Job): Job {
  if (job.accepted === true) return job;
  // Its package is on the handset, and the update is still to be ordered.
  if (job.firmwareFacts?.delivered === true) return { ...job, state: 'queued' };
  return { ...job, state: 'failed', message: 'the server ended while the session was running' };
}

function known(jobs: ReadonlyMap<string, Job>, id: string): Job {
  const job = jobs.get(id);
  if (job === undefined) throw new TypeError(`no job ${id}`);
  return job;
}

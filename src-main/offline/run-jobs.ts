import type { Job } from '../jobs/job.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { type Completion, wordOn } from '../management-server/completion.ts';
import { manageHandset } from '../management-server/manage-handset.ts';
import type { ManagedOutcome, ManageOptions } from '../management-server/manage-options.ts';
import type { InventoryEntry } from '../scomo/procedure/inventory.ts';
import { SessionWork } from './session-work.ts';
import type { PackageSource } from './suitable-package.ts';
import { endOfCompletion } from './work-result.ts';

export interface RunJobsOptions {
  /** Of one handset, in the order in which they are done. May be none: then only its inventory is read. */
  readonly jobs: readonly Job[];
  readonly store: JobStore;
  readonly packages: PackageSource;
  /** Lets a handset that is at work have a moment before it is asked again how far it is. Default: none. */
  readonly pause?: () => Promise<void>;
  /** Told who the handset is before it is told anything else; the session waits. */
  readonly onDevice?: (device: string) => Promise<void>;
  /** Work that the handset had not begun is queued again instead of having failed, after a session that ended so. */
  readonly resume?: (code: string | undefined) => boolean;
  /** The way to the handset and the account on it. */
  readonly manage: Omit<ManageOptions<void>, 'work' | 'onComplete'>;
}

export interface RunJobsOutcome {
  readonly session: Omit<ManagedOutcome<void>, 'found'>;
  /** The jobs as they stand: ended, or `waiting` for the handset's word in a later session. */
  readonly jobs: readonly Job[];
  /** What was installed before and afterwards; `undefined` when it was not read. */
  readonly before: readonly InventoryEntry[] | undefined;
  readonly after: readonly InventoryEntry[] | undefined;
}

/**
 * One session with one handset that does its jobs from what the PC holds. What the handset is told was on the disk
 * before, so a process that dies at any moment repeats nothing blindly and loses nothing that was acknowledged.
 * @throws PcAgentError `job/*`, `store/*` when a job cannot begin.
 */
export async function runJobs(options: RunJobsOptions): Promise<RunJobsOutcome> {
  return new JobRun(options).run();
}

class JobRun {
  readonly #options: RunJobsOptions;
  readonly #work: SessionWork;
  /** Jobs whose end was heard in this session. */
  readonly #heard = new Set<string>();

  constructor(options: RunJobsOptions) {
    this.#options = options;
    this.#work = new SessionWork(options);
  }

  async run(): Promise<RunJobsOutcome> {
    const { jobs, manage } = this.#options;
    await this.#start();
    let session: ManagedOutcome<void>;
    try {
      session = await manageHandset<void>({
        ...manage,
        work: (managed) => this.#work.run(managed),
        onComplete: (complete, message, device) => this.#hear(complete, message, device),
      });
    } catch (error) {
      await this.#close({ ok: false, code: 'job/interrupted', message: String(error), cancelled: false });
      throw error;
    }
    await this.#close(session);
    const { before, after } = this.#work;
    return { session, jobs: jobs.map(({ id }) => this.#current(id)), before, after };
  }

  /** All begin or none. */
  async #start(): Promise<void> {
    const { jobs, store } = this.#options;
    const started: Job[] = [];
    try {
      for (const { id } of jobs) started.push(await store.start(id));
    } catch (error) {
      for (const { id, begun } of started) await (begun ? store.wait(id) : store.requeue(id));
      throw error;
    }
  }

  /** On the disk before the handset is told that we have its alert, which it then forgets. */
  async #hear(complete: readonly Completion[], message: Uint8Array, device: string): Promise<void> {
    const { store } = this.#options;
    for (const id of new Set(complete.map(({ correlator }) => correlator))) {
      const job = id === undefined ? undefined : store.get(id);
      if (job === undefined || (job.device !== undefined && job.device !== device)) continue;
      const word = wordOn(complete, job.id);
      // What speaks of something else than was ordered is no word on it.
      if (word === undefined || (word.kind === 'firmware') !== (job.operation === 'firmware')) continue;
      await store.hear(job.id, endOfCompletion(word, this.#work.remarkOn(job.id)), message);
      this.#heard.add(job.id);
    }
  }

  /** After the session no job is left running, and none whose end was heard is left open. */
  async #close(session: Pick<ManagedOutcome<void>, 'ok' | 'code' | 'message' | 'cancelled'>): Promise<void> {
    const { jobs, store } = this.#options;
    for (const id of this.#heard) await store.finish(id, {});
    for (const { id } of jobs) {
      const job = this.#current(id);
      if (job.state !== 'running') continue;
      if (job.begun) await store.wait(id, session.code ?? 'scomo/completion-awaited');
      else if (session.cancelled) await store.cancel(id);
      else if (this.#options.resume?.(session.code) === true) await store.requeue(id, session.code);
      else {
        const { code = 'dm/session-cut', message } = session;
        await store.finish(id, { state: 'failed', code, message });
      }
    }
  }

  #current(id: string): Job {
    const job = this.#options.store.get(id);
    if (job === undefined) throw new TypeError('a job that runs is not there');
    return job;
  }
}

import type { Procedure } from '../dm/server/work.ts';
import type { Job } from '../jobs/job.ts';
import { isLinkLost } from '../jobs/job-rows.ts';
import { isEnd } from '../jobs/job-state.ts';
import type { JobStore } from '../jobs/job-store.ts';
import { manageHandset } from '../management-server/manage-handset.ts';
import type { ManagedOutcome, ManageOptions } from '../management-server/manage-options.ts';
import type { ManagedSession } from '../management-server/managed-session.ts';
import type { OperationComplete } from '../scomo/operation-complete.ts';
import { ask, getCommand } from '../scomo/procedure/commands.ts';
import { findScomoRoot, type InventoryEntry, readInventory } from '../scomo/procedure/inventory.ts';
import { Status } from '../syncml/status.ts';
import { isFulfilled, jobWork } from './job-work.ts';
import type { PackageSource } from './suitable-package.ts';
import { ended, endOf, notPermitted, type WorkResult } from './work-result.ts';

export interface RunJobsOptions {
  /** Of one handset, in the order in which they are done. May be none: then only its inventory is read. */
  readonly jobs: readonly Job[];
  readonly store: JobStore;
  readonly packages: PackageSource;
  /** Told who the handset is before it is told anything else; the session waits. */
  readonly onDevice?: (device: string) => Promise<void>;
  /** Work that the handset had not begun when the link was lost is queued again instead of having failed. */
  readonly resume?: boolean;
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

/** Where a SCOMO object usually is. */
const SOFTWARE = ['./SCM/Inventory', './SCOMO/Inventory'];

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
  readonly #remarks = new Map<string, string>();
  #before: readonly InventoryEntry[] | undefined;
  #after: readonly InventoryEntry[] | undefined;

  constructor(options: RunJobsOptions) {
    this.#options = options;
  }

  async run(): Promise<RunJobsOutcome> {
    const { jobs, manage } = this.#options;
    await this.#start();
    let session: ManagedOutcome<void>;
    try {
      session = await manageHandset<void>({
        ...manage,
        work: (managed) => this.#work(managed),
        onComplete: (complete, message, device) => this.#settle(complete, message, device),
      });
    } catch (error) {
      await this.#close({ ok: false, code: 'job/interrupted', message: String(error), cancelled: false });
      throw error;
    }
    await this.#close(session);
    const found = { before: this.#before, after: this.#after };
    return { session, jobs: jobs.map(({ id }) => this.#current(id)), ...found };
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

  *#work(session: ManagedSession): Procedure<void> {
    const { jobs, store, onDevice } = this.#options;
    const { device } = session.facts;
    if (onDevice !== undefined) session.before(() => onDevice(device));
    for (const { id } of jobs) session.before(() => store.note(id, { device }));
    const root = yield* findScomoRoot();
    if (root === undefined) {
      const absent = yield* this.#whyAbsent();
      for (const { id } of jobs) this.#keep(session, id, absent);
      return;
    }
    this.#before = yield* readInventory(root);
    this.#after = this.#before;
    this.#lookAt(session, device);
    let changed = false;
    for (const { id } of jobs) {
      const job = this.#current(id);
      if (isEnd(job.state)) continue;
      const result = yield* jobWork(job, {
        server: this.#options.manage.account.serverId,
        session,
        root,
        inventory: changed ? yield* readInventory(root) : this.#before,
        packages: this.#options.packages,
        onPackage: ({ version, digest }) =>
          session.before(() => store.note(id, { package: { version, sha256: digest } })),
        onBegin: () => {
          changed = true;
          session.before(() => store.begin(id));
        },
        onAccepted: () => session.before(() => store.accept(id)),
        onRemark: (remark) => this.#remarks.set(id, remark),
      });
      this.#keep(session, id, result);
    }
    if (changed) this.#after = yield* readInventory(root);
  }

  /** An object that may not be read looks like one that is not there. */
  *#whyAbsent(): Procedure<WorkResult> {
    const { serverId } = this.#options.manage.account;
    for (const uri of ['.', ...SOFTWARE]) {
      if ((yield* ask(getCommand(uri))).code === Status.PermissionDenied)
        return notPermitted(serverId, `Get of ${uri}`);
    }
    return ended('failed', 'scomo/absent', 'the handset has no SCOMO object: its software is not manageable');
  }

  /** Jobs of earlier sessions whose outcome never came, and whose wish the inventory shows fulfilled. */
  #lookAt(session: ManagedSession, device: string): void {
    const { jobs, store } = this.#options;
    for (const job of store.list({ device, open: true })) {
      if (job.state !== 'waiting' || jobs.some(({ id }) => id === job.id)) continue;
      if (!isFulfilled(job, this.#before ?? [])) continue;
      this.#keep(session, job.id, ended('done', undefined, 'seen in the inventory'));
    }
  }

  #keep(session: ManagedSession, id: string, result: WorkResult): void {
    const { store } = this.#options;
    session.before(async () => {
      if (result.kind === 'ended') await store.finish(id, result.end);
      else await store.wait(id, result.code);
    });
  }

  /** On the disk before the handset is told that we have its alert, which it then forgets. */
  async #settle(complete: readonly OperationComplete[], message: Uint8Array, device: string): Promise<void> {
    const { store } = this.#options;
    for (const entry of complete) {
      const job = entry.correlator === undefined ? undefined : store.get(entry.correlator);
      if (job === undefined || (job.device !== undefined && job.device !== device)) continue;
      await store.finish(job.id, { ...endOf(entry, this.#remarks.get(job.id)), alert: message });
    }
  }

  /** After the session no job is left running. */
  async #close(session: Pick<ManagedOutcome<void>, 'ok' | 'code' | 'message' | 'cancelled'>): Promise<void> {
    const { jobs, store } = this.#options;
    for (const { id } of jobs) {
      const job = this.#current(id);
      if (job.state !== 'running') continue;
      if (job.begun) await store.wait(id, session.code ?? 'scomo/completion-awaited');
      else if (session.cancelled) await store.cancel(id);
      else if (this.#options.resume === true && isLinkLost(session.code)) await store.requeue(id, session.code);
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

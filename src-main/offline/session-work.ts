import type { Procedure } from '../dm/server/work.ts';
import { readFirmwareVersion } from '../fumo/procedure/firmware-version.ts';
import type { Job, JobEnd, SeenComponent } from '../jobs/job.ts';
import { isEnd } from '../jobs/job-state.ts';
import type { ManagedSession } from '../management-server/managed-session.ts';
import { ask, getCommand } from '../scomo/procedure/commands.ts';
import { readDelivered } from '../scomo/procedure/delivered.ts';
import { findScomoRoot, type InventoryEntry, readInventory } from '../scomo/procedure/inventory.ts';
import { Status } from '../syncml/status.ts';
import { firmwareWork } from './firmware-work.ts';
import { isFulfilled } from './fulfilled.ts';
import { JobContents } from './job-contents.ts';
import type { JobContext } from './job-context.ts';
import type { RunJobsOptions } from './run-jobs.ts';
import { seeFirmware } from './see-firmware.ts';
import { differenceOf, seenComponents } from './seen.ts';
import { softwareWork } from './software-work.ts';
import { AWAITED, ended, notPermitted, type WorkResult } from './work-result.ts';

/** Where a SCOMO object usually is. */
const SOFTWARE = ['./SCM/Inventory', './SCOMO/Inventory'];
const SEEN = { state: 'done', message: 'seen in the inventory' } as const;

/** What is done in one session: a look at what is there, work of earlier sessions settled, then the jobs in turn. */
export class SessionWork {
  readonly #options: RunJobsOptions;
  readonly #remarks = new Map<string, string>();
  /** What was there when a job of this session first changed something. */
  readonly #touched = new Map<string, readonly SeenComponent[]>();
  readonly #contents: JobContents;
  #before: readonly InventoryEntry[] | undefined;
  #after: readonly InventoryEntry[] | undefined;

  constructor(options: RunJobsOptions) {
    this.#options = options;
    this.#contents = new JobContents(options.packages);
  }

  /** What was installed before; `undefined` when it was not read. */
  get before(): readonly InventoryEntry[] | undefined {
    return this.#before;
  }

  /** What is installed now, as far as it was read. */
  get after(): readonly InventoryEntry[] | undefined {
    return this.#after;
  }

  /** What is to be said of a job's outcome whatever it is. */
  remarkOn(id: string): string | undefined {
    return this.#remarks.get(id);
  }

  *run(session: ManagedSession): Procedure<void> {
    const { jobs, store, onDevice } = this.#options;
    const { device } = session.facts;
    if (onDevice !== undefined) session.before(() => onDevice(device));
    for (const { id } of jobs) session.before(() => store.note(id, { device }));
    for (const job of [...jobs, ...this.#earlier(device)]) this.#contents.load(session, job);
    const root = yield* findScomoRoot();
    if (root !== undefined) {
      this.#before = yield* readInventory(root);
      this.#after = this.#before;
    }
    yield* this.#settleEarlier(session, device, root);
    const absent = root === undefined && jobs.some(isOfSoftware) ? yield* this.#whyAbsent() : undefined;
    for (const { id } of jobs) {
      const job = this.#current(id);
      if (isEnd(job.state)) continue;
      if (job.heard !== undefined) {
        yield* this.#end(session, job, {}, root);
        continue;
      }
      const result = yield* this.#oneJob(session, job, root, absent);
      if (result.kind === 'ended') yield* this.#end(session, job, result.end, root);
      else {
        session.before(async () => void (await store.wait(id, result.code)));
        if (this.#touched.has(id) && root !== undefined) this.#after = yield* readInventory(root);
      }
    }
    // Alerts of earlier work that came meanwhile.
    for (const job of this.#earlier(device)) if (job.heard !== undefined) yield* this.#end(session, job, {}, root);
  }

  *#oneJob(
    session: ManagedSession,
    job: Job,
    root: string | undefined,
    absent: WorkResult | undefined,
  ): Procedure<WorkResult> {
    const { pause, store } = this.#options;
    const context = this.#contextOf(session, job);
    const onWatch = (): void => {
      if (pause !== undefined) session.before(pause);
    };
    if (job.operation === 'firmware') {
      return yield* firmwareWork(job, { ...context, onWatch, before: store.before(job.id) });
    }
    if (root === undefined) return absent ?? AWAITED;
    return yield* softwareWork(job, { ...context, root, onWatch, inventory: this.#after ?? [] });
  }

  #contextOf(session: ManagedSession, { id }: Job): JobContext {
    const { store, packages, manage } = this.#options;
    return {
      ...{ session, packages },
      server: manage.account.serverId,
      parts: this.#contents.of(this.#current(id)),
      onPackage: ({ version, digest }) =>
        session.before(() => store.note(id, { package: { version, sha256: digest } })),
      onTouch: (before) => void this.#touched.set(id, before),
      onBegin: () => session.before(() => store.begin(id, this.#touched.get(id))),
      onAccepted: () => session.before(() => store.accept(id)),
      onRemark: (remark) => this.#remarks.set(id, remark),
    };
  }

  /** A job ends with what it changed, and with what was in the way where the handset says so. */
  *#end(session: ManagedSession, job: Job, end: Partial<JobEnd>, root: string | undefined): Procedure<void> {
    const { store } = this.#options;
    const before = store.before(job.id) ?? this.#touched.get(job.id);
    if (before === undefined) {
      session.before(async () => void (await store.finish(job.id, end)));
      return;
    }
    let after: readonly SeenComponent[] | undefined;
    if (job.operation === 'firmware') after = yield* seeFirmware();
    else if (root !== undefined) {
      this.#after = yield* readInventory(root);
      after = seenComponents(this.#after);
    }
    const problem = yield* this.#problemOf(this.#current(job.id), end, root);
    const heard = this.#current(job.id).heard;
    const message = problem === undefined ? {} : { message: `${end.message ?? heard?.message ?? ''}: ${problem}` };
    const difference = after === undefined ? {} : { difference: differenceOf(before, after) };
    session.before(async () => void (await store.finish(job.id, { ...end, ...message, ...difference })));
  }

  *#problemOf(
    { heard, package: packageId }: Job,
    end: Partial<JobEnd>,
    root: string | undefined,
  ): Procedure<string | undefined> {
    const failed = (end.state ?? heard?.state) === 'failed' && (end.resultCode ?? heard?.resultCode) !== undefined;
    if (!failed || packageId === undefined || root === undefined) return undefined;
    const named = (yield* readDelivered(root)).findLast(
      ({ pkgId, problem }) => pkgId === packageId && problem !== undefined,
    );
    return named?.problem?.slice(0, MAX_PROBLEM);
  }

  /** Jobs of earlier sessions: those whose end was heard, and those whose wish is seen fulfilled. */
  *#settleEarlier(session: ManagedSession, device: string, root: string | undefined): Procedure<void> {
    for (const job of this.#earlier(device)) {
      if (job.heard !== undefined) yield* this.#end(session, job, {}, root);
      else if (job.state === 'waiting' && (yield* this.#isSeen(job))) yield* this.#end(session, job, SEEN, root);
    }
  }

  *#isSeen(job: Job): Procedure<boolean> {
    const parts = this.#contents.of(job);
    if (job.operation !== 'firmware') return this.#after !== undefined && isFulfilled(job, this.#after, parts);
    return parts.kind === 'firmware' && (yield* readFirmwareVersion()) === parts.manifest.to;
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

  /** Open jobs of this handset that are not of this session. */
  #earlier(device: string): readonly Job[] {
    const { jobs, store } = this.#options;
    return store.list({ device, open: true }).filter(({ id }) => !jobs.some((each) => each.id === id));
  }

  #current(id: string): Job {
    const job = this.#options.store.get(id);
    if (job === undefined) throw new TypeError('a job that runs is not there');
    return job;
  }
}

/** Characters of what a handset names as being in the way. */
const MAX_PROBLEM = 300;

function isOfSoftware({ operation }: Job): boolean {
  return operation !== 'firmware';
}

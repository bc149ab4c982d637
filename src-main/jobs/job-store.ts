import { randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { PcAgentError } from '../base/errors.ts';
import type { WriteDatabase } from '../store/database.ts';
import type { Store } from '../store/store.ts';
import { boundedDifference } from './bounded-difference.ts';
import { checkOrder } from './check-order.ts';
import { heardEnd, heardText } from './heard-end.ts';
import type { Attempt, HeardEnd, Job, JobEnd, NewOrder, SeenComponent } from './job.ts';
import { type JobFilter, type JobPageFilter, jobOf, jobPage, jobsOf, type ListedJob } from './job-rows.ts';
import { isEnd, type JobEvent, nextState } from './job-state.ts';
import { reportBody } from './outbox/report.ts';

/** What is known of a job's handset and package only while it runs. */
export interface JobFacts {
  readonly device?: string | undefined;
  readonly package?: { readonly version: string; readonly sha256: string };
}

/** What the jobs of an owner that died became. */
export interface Recovered {
  readonly queued: readonly string[];
  readonly waiting: readonly string[];
  readonly failed: readonly string[];
  /** As their handset had said. */
  readonly ended: readonly string[];
  readonly expired: readonly string[];
}

/**
 * Orders and jobs. What a promise gives is on the disk. A job ends once: to end it again has no effect, and a report
 * is put into the outbox in the same transaction.
 */
export interface JobStore {
  /** One job a handset. @throws PcAgentError `job/data-invalid` */
  order(order: NewOrder): Promise<readonly Job[]>;
  get(id: string): Job | undefined;
  /** Oldest first. */
  list(filter?: JobFilter): readonly Job[];
  /** Newest first. */
  page(filter: JobPageFilter): readonly ListedJob[];
  attempts(id: string): readonly Attempt[];
  /** A session begins, and with it an attempt. @throws PcAgentError `job/ended`, `job/expired`, `job/unknown` */
  start(id: string): Promise<Job>;
  note(id: string, facts: JobFacts): Promise<void>;
  /** From now on the handset may have been told to begin; `before` is what was there, kept from the first time. */
  begin(id: string, before?: readonly SeenComponent[]): Promise<void>;
  /** What was there when it began; `undefined` before that, after its end, and where there was too much of it. */
  before(id: string): readonly SeenComponent[] | undefined;
  /** The handset has said that it has begun. */
  accept(id: string): Promise<void>;
  /** The session ended before that: the job may be tried again. */
  requeue(id: string, code?: string): Promise<Job>;
  /** It ended afterwards, and the handset's word on the outcome is due. */
  wait(id: string, code?: string): Promise<Job>;
  /** The handset's word on the outcome, kept until `finish`; only the first counts. */
  hear(id: string, end: HeardEnd, alert: Uint8Array): Promise<void>;
  /** What was heard is part of the end, save what is said anew. */
  finish(id: string, end: Partial<JobEnd>): Promise<Job>;
  /** Ends it unless the handset may have been told to begin: then only the handset can say how it ends. */
  cancel(id: string): Promise<Job>;
  /** Ends what was not begun in time. */
  expire(): Promise<readonly string[]>;
  /** At the start of the one process that owns the store: settles what the last one left running. */
  recover(): Promise<Recovered>;
}

export interface JobStoreOptions {
  readonly store: Store;
  readonly clock: Pick<Clock, 'now'>;
  /** Told when a job has ended, so that a report may have come into the outbox. */
  readonly onReport?: () => void;
  readonly onChange?: (job: Job) => void;
}

/** How often a job is begun whose owner dies each time. */
const MAX_ATTEMPTS = 3;
/** How long a handset's word that it has begun holds; then it may be told again after a look. In milliseconds. */
const ACCEPTED_FOR = 24 * 3600 * 1000;
/** UTF-16 units of an inventory as JSON; of a longer one no difference is kept. */
const MAX_BEFORE = 2 * 1024 * 1024;

export function createJobStore(options: JobStoreOptions): JobStore {
  return new SqliteJobStore(options);
}

class SqliteJobStore implements JobStore {
  readonly #store: Store;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #options: JobStoreOptions;

  constructor(options: JobStoreOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#clock = options.clock;
  }

  async order(order: NewOrder): Promise<readonly Job[]> {
    checkOrder(order);
    const at = this.#now();
    const jobs = await this.#store.write((db) => {
      const id = randomUUID();
      db.run(
        `INSERT INTO orders (id, operation, package, component, inactive, consent, allow_unverified, report_to,
           created_at, valid_until) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[id, order.operation, order.package ?? null, order.component ?? null, order.inactive === true ? 1 : 0],
        ...[order.consent === undefined ? null : JSON.stringify(order.consent), order.allowUnverified === true ? 1 : 0],
        ...[order.reportTo ?? null, at, order.validUntil ?? null],
      );
      return order.handsets.map(({ handset, device }) => {
        const job = randomUUID();
        db.run(
          `INSERT INTO jobs (id, order_id, handset, device, state, created_at, updated_at)
           VALUES (?, ?, ?, ?, 'queued', ?, ?)`,
          ...[job, id, handset, device ?? null, at, at],
        );
        return known(db, job);
      });
    });
    for (const job of jobs) this.#options.onChange?.(job);
    return jobs;
  }

  get(id: string): Job | undefined {
    return this.#store.read((db) => jobOf(db, id));
  }

  list(filter: JobFilter = {}): readonly Job[] {
    return this.#store.read((db) => jobsOf(db, filter));
  }

  page(filter: JobPageFilter): readonly ListedJob[] {
    return this.#store.read((db) => jobPage(db, filter));
  }

  attempts(id: string): readonly Attempt[] {
    return this.#store.read((db) =>
      db
        .all<{ number: number; started_at: string; ended_at: string | null; code: string | null }>(
          'SELECT number, started_at, ended_at, code FROM attempts WHERE job = ? ORDER BY number',
          id,
        )
        .map((row) => ({
          number: row.number,
          startedAt: row.started_at,
          endedAt: row.ended_at ?? undefined,
          code: row.code ?? undefined,
        })),
    );
  }

  async start(id: string): Promise<Job> {
    const job = await this.#change(id, (db, found) => {
      if (found.state === 'queued' && isPast(found.validUntil, this.#clock.now())) {
        return this.#end(db, found, { state: 'expired', code: 'job/expired' });
      }
      if (nextState(found.state, 'start') === undefined) {
        const [code, what] = isEnd(found.state) ? ['job/ended', 'has ended'] : ['job/running', 'is under way'];
        throw new PcAgentError(code, `the job ${what}`, { details: { job: id, state: found.state } });
      }
      db.run(
        `INSERT INTO attempts (job, number, started_at)
         SELECT ?1, 1 + count(*), ?2 FROM attempts WHERE job = ?1`,
        ...[id, this.#now()],
      );
      this.#step(db, found, 'start');
      const long = new Date(this.#clock.now().getTime() - ACCEPTED_FOR).toISOString();
      db.run('UPDATE jobs SET accepted_at = NULL WHERE id = ? AND accepted_at < ?', id, long);
    });
    if (job.state === 'expired') {
      throw new PcAgentError('job/expired', 'the job was to begin earlier', { details: { job: id } });
    }
    return job;
  }

  async note(id: string, facts: JobFacts): Promise<void> {
    await this.#change(id, (db, job) => {
      if (isEnd(job.state)) return;
      db.run(
        `UPDATE jobs SET device = coalesce(?, device), package_version = coalesce(?, package_version),
           package_sha256 = coalesce(?, package_sha256) WHERE id = ?`,
        ...[facts.device ?? null, facts.package?.version ?? null, facts.package?.sha256 ?? null, id],
      );
    });
  }

  async begin(id: string, before?: readonly SeenComponent[]): Promise<void> {
    const seen = before === undefined ? '' : JSON.stringify(before);
    await this.#change(id, (db, job) => {
      if (job.state !== 'running') {
        throw new PcAgentError('job/ended', 'the job is not under way any more', { details: { job: id } });
      }
      db.run(
        'UPDATE jobs SET begun = 1, seen_before = coalesce(seen_before, ?) WHERE id = ?',
        ...[seen === '' || seen.length > MAX_BEFORE ? null : seen, id],
      );
    });
  }

  before(id: string): readonly SeenComponent[] | undefined {
    const row = this.#store.read((db) =>
      db.get<{ seen_before: string | null }>('SELECT seen_before FROM jobs WHERE id = ?', id),
    );
    return typeof row?.seen_before === 'string' ? (JSON.parse(row.seen_before) as SeenComponent[]) : undefined;
  }

  async accept(id: string): Promise<void> {
    await this.#change(id, (db, job) => {
      if (!isEnd(job.state)) db.run('UPDATE jobs SET accepted_at = ? WHERE id = ?', this.#now(), id);
    });
  }

  requeue(id: string, code?: string): Promise<Job> {
    return this.#change(id, (db, job) => this.#pause(db, job, 'requeue', code));
  }

  wait(id: string, code?: string): Promise<Job> {
    return this.#change(id, (db, job) => this.#pause(db, job, 'wait', code));
  }

  async hear(id: string, end: HeardEnd, alert: Uint8Array): Promise<void> {
    await this.#change(id, (db, job) => {
      if (job.heard !== undefined || (job.state !== 'running' && job.state !== 'waiting')) return;
      db.run('UPDATE jobs SET heard = ? WHERE id = ?', heardText(end, alert), id);
    });
  }

  finish(id: string, end: Partial<JobEnd>): Promise<Job> {
    return this.#change(id, (db, job) => this.#end(db, job, end));
  }

  cancel(id: string): Promise<Job> {
    return this.#change(id, (db, job) => {
      if (!job.begun) this.#end(db, job, { state: 'cancelled', code: 'job/cancelled' });
    });
  }

  async expire(): Promise<readonly string[]> {
    const expired = await this.#store.write((db) => this.#expire(db));
    this.#tell(expired);
    return expired;
  }

  async recover(): Promise<Recovered> {
    const recovered = await this.#store.write((db) => {
      const became = { queued: [] as string[], waiting: [] as string[], failed: [] as string[], ended: [] as string[] };
      for (const job of jobsOf(db, { open: true })) {
        if (job.heard !== undefined) {
          this.#end(db, job, {});
          became.ended.push(job.id);
          continue;
        }
        if (job.state !== 'running') continue;
        const { tries } = db.get<{ tries: number }>('SELECT count(*) AS tries FROM attempts WHERE job = ?', job.id) ?? {
          tries: 0,
        };
        if (job.begun) {
          this.#pause(db, job, 'wait', 'job/interrupted');
          became.waiting.push(job.id);
        } else if (tries < MAX_ATTEMPTS) {
          this.#pause(db, job, 'requeue', 'job/interrupted');
          became.queued.push(job.id);
        } else {
          this.#end(db, job, { state: 'failed', code: 'job/attempts-spent' });
          became.failed.push(job.id);
        }
      }
      return { ...became, expired: this.#expire(db) };
    });
    this.#tell(Object.values(recovered).flat());
    return recovered;
  }

  #expire(db: WriteDatabase): readonly string[] {
    const now = this.#clock.now();
    const late = jobsOf(db, { open: true }).filter((job) => job.state === 'queued' && isPast(job.validUntil, now));
    for (const job of late) this.#end(db, job, { state: 'expired', code: 'job/expired' });
    return late.map(({ id }) => id);
  }

  async #change(id: string, change: (db: WriteDatabase, job: Job) => void): Promise<Job> {
    const job = await this.#store.write((db) => {
      change(db, known(db, id));
      return known(db, id);
    });
    this.#tell([job.id]);
    return job;
  }

  /** Ends a job and reports it, unless it has ended or may not end so. */
  #end(db: WriteDatabase, job: Job, said: Partial<JobEnd>): void {
    const end = this.#whole(db, job, said);
    if (end === undefined || !this.#step(db, job, end.state)) return;
    const at = this.#now();
    db.run(
      `UPDATE jobs SET code = ?, message = ?, result_code = ?, difference = ?, heard = NULL, seen_before = NULL
       WHERE id = ?`,
      ...[end.code ?? null, end.message ?? null, end.resultCode ?? null],
      ...[end.difference === undefined ? null : JSON.stringify(end.difference), job.id],
    );
    this.#endAttempt(db, job, end.code);
    const body = reportBody(job, end, at);
    if (body === undefined) return;
    db.run(
      'INSERT INTO reports (id, job, origin, body, state, next_at) VALUES (?, ?, ?, ?, ?, ?)',
      ...[randomUUID(), job.id, job.reportTo ?? null, JSON.stringify(body)],
      ...[job.reportTo === undefined ? 'unaddressed' : 'waiting', this.#clock.now().getTime()],
    );
  }

  /** With what was heard of it before; `undefined` when nobody has said how it ended. */
  #whole(db: WriteDatabase, job: Job, said: Partial<JobEnd>): JobEnd | undefined {
    const kept = db.get<{ heard: string | null }>('SELECT heard FROM jobs WHERE id = ?', job.id)?.heard;
    const heard = typeof kept === 'string' ? heardEnd(kept) : undefined;
    const state = said.state ?? heard?.state;
    if (state === undefined) return undefined;
    const anew = Object.fromEntries(Object.entries(said).filter(([, value]) => value !== undefined));
    const { difference } = said;
    return {
      ...heard,
      ...anew,
      state,
      ...(difference === undefined ? {} : { difference: boundedDifference(difference) }),
    };
  }

  #pause(db: WriteDatabase, job: Job, event: 'requeue' | 'wait', code: string | undefined): void {
    if (!this.#step(db, job, event)) return;
    db.run('UPDATE jobs SET code = ? WHERE id = ?', code ?? null, job.id);
    this.#endAttempt(db, job, code);
  }

  #endAttempt(db: WriteDatabase, job: Job, code: string | undefined): void {
    db.run(
      'UPDATE attempts SET ended_at = ?, code = ? WHERE job = ? AND ended_at IS NULL',
      ...[this.#now(), code ?? null, job.id],
    );
  }

  /** False, and nothing changes, where the event has no place. */
  #step(db: WriteDatabase, job: Job, event: JobEvent): boolean {
    const state = nextState(job.state, event);
    if (state === undefined) return false;
    const at = this.#now();
    const ended = isEnd(state) ? at : null;
    db.run('UPDATE jobs SET state = ?, updated_at = ?, ended_at = ? WHERE id = ?', state, at, ended, job.id);
    return true;
  }

  #tell(ids: readonly string[]): void {
    for (const id of ids) {
      const job = this.get(id);
      if (job === undefined) continue;
      this.#options.onChange?.(job);
      if (isEnd(job.state)) this.#options.onReport?.();
    }
  }

  #now(): string {
    return this.#clock.now().toISOString();
  }
}

function known(db: WriteDatabase, id: string): Job {
  const job = jobOf(db, id);
  if (job === undefined) throw new PcAgentError('job/unknown', 'there is no such job', { details: { job: id } });
  return job;
}

function isPast(validUntil: string | undefined, now: Date): boolean {
  return validUntil !== undefined && Date.parse(validUntil) <= now.getTime();
}

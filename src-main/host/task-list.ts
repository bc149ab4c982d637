import { randomUUID } from 'node:crypto';
import type { Clock } from '../base/clock.ts';
import { milliseconds } from '../base/durations.ts';
import { isAbort, PcAgentError } from '../base/errors.ts';
import { withoutCredentials, withoutSecrets } from '../base/node/shown-address.ts';
import type { UntimedEvent } from '../contract/events.ts';
import type { HostChange } from '../contract/host-state.ts';
import { isGood, operationVerdict } from '../contract/operation-verdict.ts';
import type { RequestName } from '../contract/requests.ts';
import { OperationResult } from '../contract/results.ts';
import type { Task } from '../contract/tasks.ts';
import { frameErrorOf } from './frame-error.ts';

/** Tasks that are over and still on the list. */
const MAX_ENDED = 50;
/** Continuations that a task tells of, newest last (contract/tasks.ts). */
const MAX_CONTINUATIONS = 20;
/** Between two changes that only tell how far a fetch has come. */
const PROGRESS_EVERY = milliseconds(100);

/** One task while it goes on. */
export interface OpenTask {
  /** Aborted when a person breaks the task off. */
  readonly signal: AbortSignal;
  event(event: UntimedEvent): void;
  done(result: unknown): void;
  failed(error: unknown): void;
}

export interface TaskListOptions {
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly onChange: (change: HostChange) => void;
}

interface Entry {
  task: Task;
  readonly stop: AbortController;
  told: number;
}

/** Work that faces asked for, and for a while what came of it. */
export class TaskList {
  readonly #options: TaskListOptions;
  /** In the order in which they were begun. */
  readonly #entries = new Map<string, Entry>();

  constructor(options: TaskListOptions) {
    this.#options = options;
  }

  get all(): Task[] {
    return [...this.#entries.values()].map(({ task }) => task);
  }

  begin(name: RequestName, params: unknown): OpenTask {
    const { clock } = this.#options;
    const task: Task = {
      id: randomUUID(),
      name,
      ...subjectOf(params as TaskParams),
      startedAt: clock.now().toISOString(),
      sessions: [],
    };
    const entry: Entry = { task, stop: new AbortController(), told: Number.NEGATIVE_INFINITY };
    this.#entries.set(task.id, entry);
    this.#tell(entry);
    return {
      signal: entry.stop.signal,
      event: (event) => this.#take(entry, event),
      done: (result) => this.#end(entry, endOf(result)),
      failed: (error) =>
        this.#end(entry, { ok: false, error: frameErrorOf(error), ...(isAbort(error) ? { cancelled: true } : {}) }),
    };
  }

  /** One that is over already stays as it is. @throws PcAgentError `host/task-unknown` */
  cancel(id: string): void {
    this.#known(id).stop.abort();
  }

  /** @throws PcAgentError `host/task-unknown`, `host/task-open` */
  dismiss(id: string): void {
    const { task } = this.#known(id);
    if (task.end === undefined) {
      throw new PcAgentError('host/task-open', 'the task is not over: break it off first', { details: { task: id } });
    }
    this.#forget(id);
  }

  #known(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) {
      throw new PcAgentError('host/task-unknown', 'there is no such task', { details: { task: id } });
    }
    return entry;
  }

  #take(entry: Entry, event: UntimedEvent): void {
    const { task } = entry;
    // It may have been dismissed: told once more, it would be on the faces' lists for ever.
    if (task.end !== undefined) return;
    if (event.type === 'progress' && event.session === undefined) {
      entry.task = { ...task, progress: { done: event.done, total: event.total } };
      if (this.#options.clock.monotonic() - entry.told >= PROGRESS_EVERY) this.#tell(entry);
      return;
    }
    if (event.type === 'interruption') {
      const { interrupted: _before, ...rest } = task;
      const { code, until } = event;
      const since = this.#options.clock.now().toISOString();
      entry.task = event.state === 'lost' ? { ...rest, interrupted: { since, until, code } } : rest;
      this.#tell(entry);
      return;
    }
    if (event.type === 'continuation') {
      const { interrupted: _over, continuations = [], ...rest } = task;
      const { from, over, how, kept } = event;
      const at = this.#options.clock.now().toISOString();
      const next = { at, from, over, how, ...(kept === undefined ? {} : { kept }) };
      entry.task = { ...rest, continuations: [...continuations, next].slice(-MAX_CONTINUATIONS) };
      this.#tell(entry);
      return;
    }
    const { key } = event as { readonly key?: unknown };
    if (typeof key !== 'string' || task.sessions.includes(key)) return;
    entry.task = { ...task, sessions: [...task.sessions, key] };
    this.#tell(entry);
  }

  #end(entry: Entry, end: Omit<NonNullable<Task['end']>, 'at'>): void {
    const { interrupted: _over, ...rest } = entry.task;
    entry.task = { ...rest, end: { at: this.#options.clock.now().toISOString(), ...end } };
    this.#tell(entry);
    const ended = this.all.filter((task) => task.end !== undefined);
    for (const { id } of ended.slice(0, Math.max(0, ended.length - MAX_ENDED))) this.#forget(id);
  }

  #tell(entry: Entry): void {
    entry.told = this.#options.clock.monotonic();
    this.#options.onChange({ kind: 'task', task: entry.task });
  }

  #forget(id: string): void {
    this.#entries.delete(id);
    this.#options.onChange({ kind: 'task-gone', id });
  }
}

/** What the parameters of a task may say; they have passed their schema. */
interface TaskParams {
  readonly handset?: string;
  readonly device?: string;
  readonly packages?: readonly string[];
  readonly package?: string;
  readonly component?: string;
  readonly url?: string;
}

function subjectOf({ handset, device, packages: several, package: one, component, url }: TaskParams): Partial<Task> {
  const packages = several ?? (one === undefined ? undefined : [one]);
  return {
    ...(handset === undefined ? {} : { handset: withoutCredentials(handset) }),
    ...(device === undefined ? {} : { device }),
    ...(packages === undefined ? {} : { packages: [...packages] }),
    ...(component === undefined ? {} : { component }),
    ...(url === undefined ? {} : { url: withoutSecrets(url) }),
  };
}

function endOf(result: unknown): Omit<NonNullable<Task['end']>, 'at'> {
  const operation = OperationResult.safeParse(result);
  if (!operation.success) return { ok: true };
  const { exitCode } = operationVerdict(operation.data);
  const cancelled = operation.data.jobs.some(({ state }) => state === 'cancelled');
  return { ok: isGood(exitCode), ...(cancelled ? { cancelled: true } : {}), result: operation.data };
}

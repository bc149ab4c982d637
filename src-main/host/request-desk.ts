import { randomUUID } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { PcAgentError } from '../base/errors.ts';
import type { Emit, UntimedEvent } from '../contract/events.ts';
import type { Task } from '../contract/host-state.ts';
import {
  isRequestName,
  LOCAL_ONLY,
  type ParamsOf,
  REQUESTS,
  type RequestName,
  type ResultOf,
} from '../contract/requests.ts';
import type { RequestOptions } from './connection.ts';
import { leaving } from './frame-error.ts';
import type { StateFeed } from './state-feed.ts';

export interface CallContext {
  readonly emit: Emit;
  readonly signal: AbortSignal;
}

/** What answers each request; params have passed the schema. */
export type Handlers = {
  readonly [N in RequestName]: (params: ParamsOf<N>, context: CallContext) => Promise<ResultOf<N>>;
};

export interface RequestDeskOptions {
  readonly handlers: Handlers;
  readonly feed: StateFeed;
  readonly now: () => Date;
  /** Sees every event of every request. */
  readonly onEvent?: (event: UntimedEvent) => void;
}

/** Work long enough that other faces want to see it. */
const TASKS: readonly RequestName[] = ['inventory', 'install', 'remove', 'packages.fetch'];

/** Takes requests of all faces, runs them side by side and knows which are not over. */
export class RequestDesk {
  readonly #options: RequestDeskOptions;
  readonly #tasks = new Map<string, Task>();
  readonly #running = new Set<Promise<unknown>>();
  readonly #stop = new AbortController();
  #leaving = false;

  constructor(options: RequestDeskOptions) {
    this.#options = options;
  }

  get tasks(): Task[] {
    return [...this.#tasks.values()];
  }

  /**
   * @param local the face may name files of this machine.
   * @throws PcAgentError `host/leaving`, `host/unknown-request`, `host/params-invalid`, or what the work came to.
   */
  async run(name: string, params: unknown, { emit, signal }: RequestOptions, local: boolean): Promise<unknown> {
    if (this.#leaving) throw leaving();
    if (!isRequestName(name) || (!local && LOCAL_ONLY.includes(name))) {
      throw new PcAgentError('host/unknown-request', `the host has no request ${name} for this face`);
    }
    const checked = checkParams(name, params);
    const context: CallContext = {
      signal: AbortSignal.any([signal, this.#stop.signal]),
      emit: (event) => {
        emit(event);
        this.#options.feed.event({ ...event, time: this.#options.now().toISOString() });
        this.#options.onEvent?.(event);
      },
    };
    const handler = this.#options.handlers[name] as (given: unknown, context: CallContext) => Promise<unknown>;
    const end = this.#begin(name, checked);
    const work = Promise.resolve().then(() => handler(checked, context));
    this.#running.add(work);
    try {
      return await work;
    } finally {
      this.#running.delete(work);
      end();
    }
  }

  /** Takes no more requests; those under way go on. */
  leave(): void {
    this.#leaving = true;
  }

  /** Breaks off what is under way; each face is told that its request was cancelled. */
  breakOff(): void {
    this.#stop.abort();
  }

  /** Resolves when nothing is under way and every answer was handed over. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) {
      await Promise.allSettled([...this.#running]);
      await nextTurn();
    }
  }

  #begin(name: RequestName, params: unknown): () => void {
    if (!TASKS.includes(name)) return () => undefined;
    const { feed, now } = this.#options;
    const { handset } = params as { readonly handset?: string };
    const task: Task = {
      id: randomUUID(),
      name,
      ...(handset === undefined ? {} : { handset }),
      startedAt: now().toISOString(),
    };
    this.#tasks.set(task.id, task);
    feed.change({ kind: 'task', task });
    return () => {
      this.#tasks.delete(task.id);
      feed.change({ kind: 'task-over', id: task.id });
    };
  }
}

function checkParams(name: RequestName, params: unknown): unknown {
  const checked = REQUESTS[name].params.safeParse(params);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const field = issue?.path.join('.') ?? '';
  // Values are not repeated: one may be a secret.
  throw new PcAgentError(
    'host/params-invalid',
    `${name}: ${field === '' ? 'the parameters are' : `${field} is`} wrong`,
    {
      details: { request: name, field },
    },
  );
}

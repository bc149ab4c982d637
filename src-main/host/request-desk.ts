import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Clock } from '../base/clock.ts';
import { PcAgentError } from '../base/errors.ts';
import type { Emit, UntimedEvent } from '../contract/events.ts';
import {
  isRequestName,
  LOCAL_ONLY,
  type ParamsOf,
  type PartOf,
  REQUESTS,
  type RequestName,
  type ResultOf,
  TASKS,
} from '../contract/requests.ts';
import type { Task } from '../contract/tasks.ts';
import type { RequestOptions } from './connection.ts';
import { leaving } from './frame-error.ts';
import type { StateFeed } from './state-feed.ts';
import { TaskList } from './task-list.ts';

export interface CallContext<P = unknown> {
  readonly emit: Emit;
  readonly signal: AbortSignal;
  /** A piece of the answer; resolves when the face has room for the next. */
  part(part: P): Promise<void>;
}

/** What answers each request; params have passed the schema. */
export type Handlers = {
  readonly [N in RequestName]: (params: ParamsOf<N>, context: CallContext<PartOf<N>>) => Promise<ResultOf<N>>;
};

export interface RequestDeskOptions {
  readonly handlers: (tasks: TaskList) => Handlers;
  readonly feed: StateFeed;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  /** Sees every event of every request. */
  readonly onEvent?: (event: UntimedEvent) => void;
}

/** Takes requests of all faces, runs them side by side and knows which are not over. */
export class RequestDesk {
  readonly #options: RequestDeskOptions;
  readonly #handlers: Handlers;
  readonly #tasks: TaskList;
  readonly #running = new Set<Promise<unknown>>();
  readonly #stop = new AbortController();
  #leaving = false;

  constructor(options: RequestDeskOptions) {
    this.#options = options;
    const { clock, feed, handlers } = options;
    this.#tasks = new TaskList({ clock, onChange: (change) => feed.change(change) });
    this.#handlers = handlers(this.#tasks);
  }

  /** Those that are over too, for a while. */
  get tasks(): Task[] {
    return this.#tasks.all;
  }

  /**
   * @param local the face may name files of this machine.
   * @throws PcAgentError `host/leaving`, `host/unknown-request`, `host/params-invalid`, or what the work came to.
   */
  async run(text: string, params: unknown, options: RequestOptions, local: boolean): Promise<unknown> {
    if (this.#leaving) throw leaving();
    const name = checkName(text, local);
    const handler = this.#handlers[name] as (given: unknown, context: CallContext<never>) => Promise<unknown>;
    const checked = checkParams(name, params);
    const task = TASKS.includes(name) ? this.#tasks.begin(name, checked) : undefined;
    const stops = [options.signal, this.#stop.signal, ...(task === undefined ? [] : [task.signal])];
    const context: CallContext<never> = {
      signal: AbortSignal.any(stops),
      emit: (event) => {
        options.emit(event);
        task?.event(event);
        this.#options.feed.event({ ...event, time: this.#options.clock.now().toISOString() });
        this.#options.onEvent?.(event);
      },
      part: async (part) => options.part?.(part),
    };
    const work = Promise.resolve().then(() => handler(checked, context));
    this.#running.add(work);
    try {
      const result = await work;
      task?.done(result);
      return result;
    } catch (error) {
      task?.failed(error);
      throw error;
    } finally {
      this.#running.delete(work);
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
}

function checkName(name: string, local: boolean): RequestName {
  if (isRequestName(name) && (local || !LOCAL_ONLY.includes(name))) return name;
  throw new PcAgentError('host/unknown-request', `the host has no request ${name} for this face`);
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

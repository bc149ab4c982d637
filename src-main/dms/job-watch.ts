import type { Clock } from '../base/clock.ts';
import { milliseconds, seconds } from '../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../base/errors.ts';
import { followJobEvents, type JobEvent } from './job-events.ts';
import { isJobOf, isOpenJob, type JobListClient, type JobListOptions, type ListedJob } from './job-list.ts';

export interface JobWatchOptions extends JobListOptions {
  readonly jobs: JobListClient;
  readonly clock: Clock;
  /** Only jobs of this handset. */
  readonly device: string | undefined;
  /** A job is new or another than it was. The watch waits meanwhile. */
  readonly onJob: (job: ListedJob) => Promise<void> | void;
  readonly signal: AbortSignal;
}

/** Jobs that are told of, the newest ones. */
const KEPT = 500;
const FIRST_PAUSE = seconds(1);
const LONGEST_PAUSE = seconds(60);
/** Failures in a row before it is given up: the list would look as if it were true. */
const PATIENCE = 5;
/** A connection that stood for less is as bad as none. */
const SHORT_LIVED = seconds(10);
/** Where the server has no events. */
const POLL_INTERVAL = seconds(5);
/** How soon the offline switch ends a stream that stands. */
const SWITCH_LOOK = seconds(1);
/** Between two words on the bytes of one job: more often than anybody sees. */
const PROGRESS_INTERVAL = milliseconds(200);

/**
 * Tells of each job as it is now, oldest first, and whenever one changes, until `signal` is aborted: by the server's
 * events, or by asking again where it has none. A connection that is lost is opened anew with growing pauses.
 * @throws PcAgentError `net/offline`, also when the switch is turned on meanwhile; `dms/*` at once when the first
 * connection fails, and after some failures in a row later; AbortError
 */
export async function watchJobs(options: JobWatchOptions): Promise<never> {
  const { clock, signal } = options;
  const board = new JobBoard(options);
  let lastEventId = '';
  let events = true;
  let failures = 0;
  let pause = FIRST_PAUSE;
  for (;;) {
    const startedAt = clock.monotonic();
    let retry: number | undefined;
    try {
      if (events) {
        const end = await whileOnline(options, (online) =>
          followJobEvents({
            ...options,
            signal: online,
            lastEventId,
            // First the stream, then the list: nothing that happens between the two is missed.
            onOpen: () => board.refresh(online),
            onEvent: (event, id) => {
              lastEventId = id;
              return board.hear(event, online);
            },
          }),
        );
        events = end.kind === 'closed';
        if (!events) continue;
        retry = end.kind === 'closed' ? end.retry : undefined;
      } else {
        await board.refresh(signal);
        failures = 0;
        await clock.sleep(POLL_INTERVAL, signal);
        continue;
      }
    } catch (error) {
      failures += 1;
      if (!isPcAgentError(error) || error.retry !== 'later') throw error;
      if (!board.begun || failures >= PATIENCE) throw error;
    }
    const stood = clock.monotonic() - startedAt >= SHORT_LIVED;
    if (stood) failures = 0;
    pause = stood ? FIRST_PAUSE : milliseconds(Math.min(pause * 2, LONGEST_PAUSE));
    await clock.sleep(milliseconds(Math.min(Math.max(pause, retry ?? 0), LONGEST_PAUSE)), signal);
  }
}

/** What was told of each job. */
class JobBoard {
  readonly #options: JobWatchOptions;
  readonly #told = new Map<string, { readonly job: ListedJob; readonly at: number }>();
  begun = false;

  constructor(options: JobWatchOptions) {
    this.#options = options;
  }

  /** Reads the list, and tells of what is another in it. */
  async refresh(signal: AbortSignal): Promise<void> {
    const { jobs, device } = this.#options;
    const listed = await jobs.list(device, KEPT, signal);
    this.begun = true;
    for (const job of listed.toReversed()) await this.#tell(job);
  }

  /** What an event says of a job; what it leaves out is asked for when the job came to another state. */
  async hear(event: JobEvent, signal: AbortSignal): Promise<void> {
    const { jobs, device, clock } = this.#options;
    const told = this.#told.get(event.job);
    // What is sent again after a lost connection is old; an end is for ever.
    if (told !== undefined && !isOpenJob(told.job)) return;
    const { done, total } = event;
    const progress = done === undefined || total === undefined ? {} : { progress: { done, total } };
    const other = told?.job.state !== event.state || told.job.approval !== (event.approval ?? told.job.approval);
    if (told === undefined || other) {
      const found = await jobs.find(event.job, signal);
      if (found !== undefined && isJobOf(found, device)) await this.#tell({ ...progress, ...found });
      return;
    }
    const soon = clock.monotonic() - told.at < PROGRESS_INTERVAL;
    if (!soon || done === total) await this.#tell({ ...told.job, ...progress });
  }

  async #tell(job: ListedJob): Promise<void> {
    const before = this.#told.get(job.id)?.job;
    if (before !== undefined && JSON.stringify(before) === JSON.stringify(job)) return;
    this.#told.set(job.id, { job, at: this.#options.clock.monotonic() });
    if (this.#told.size > KEPT) this.#told.delete(this.#told.keys().next().value ?? job.id);
    await this.#options.onJob(job);
  }
}

/** Ends a connection that stands when the offline switch is turned on. */
async function whileOnline<T>(
  { ledger, clock, dms, signal }: JobWatchOptions,
  use: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const stop = new AbortController();
  const over = new AbortController();
  const look = async (): Promise<void> => {
    while (!ledger.offline) await clock.sleep(SWITCH_LOOK, over.signal);
    stop.abort(
      new PcAgentError('net/offline', `offline: the connection to ${dms.hostname} was closed`, {
        retry: 'after-operator',
        details: { host: dms.hostname },
      }),
    );
  };
  // It ends by `over`, which is no fault.
  const looking = look().catch(() => undefined);
  try {
    return await use(AbortSignal.any([signal, stop.signal]));
  } finally {
    over.abort();
    await looking;
  }
}

import type { Duration } from '../base/durations.ts';
import { PcAgentError } from '../base/errors.ts';

export type Side = 'handset' | 'dms';

export interface SessionLimitsOptions {
  readonly signal: AbortSignal;
  /** For one step. */
  readonly timeout: Duration;
  /** For nothing happening at all. */
  readonly idle: Duration;
}

const NAMES: Readonly<Record<Side, string>> = { handset: 'the handset', dms: 'the DM server' };

/**
 * The time limits of one session. A session has one abort signal, not one a step: after a limit has passed nothing
 * of it goes on. It has one timer too, which every step winds up again: a step then costs next to nothing.
 */
export class SessionLimits {
  readonly #controller = new AbortController();
  readonly #options: SessionLimitsOptions;
  readonly #stopped = Promise.withResolvers<never>();
  #reason: unknown;
  #timer: NodeJS.Timeout | undefined;
  /** What the timer is about; `undefined` between two steps, when it means nothing. */
  #waiting: { readonly side: Side; readonly what: string } | undefined;

  constructor(options: SessionLimitsOptions) {
    this.#options = options;
    this.#stopped.promise.catch(() => undefined);
    if (options.signal.aborted) this.#onAbort();
    else options.signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the timer and the listening to the owner's signal. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#options.signal.removeEventListener('abort', this.#onAbort);
  }

  /**
   * The whole session's work. It ends when a limit passes or the owner aborts, also if a link should not heed that.
   * @throws PcAgentError `relay/timeout`, `relay/stalled`; AbortError; what `work` throws.
   */
  async guard<T>(work: () => Promise<T>): Promise<T> {
    return Promise.race([work(), this.#stopped.promise]);
  }

  /** One wait of the session. @param what completes "the handset did not …". */
  async step<T>(side: Side, what: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#controller.signal.aborted) throw this.#reason;
    this.#waiting = { side, what };
    if (this.#timer === undefined) {
      this.#timer = setTimeout(this.#onLimit, Math.min(this.#options.timeout, this.#options.idle));
    } else this.#timer.refresh();
    try {
      const result = await work(this.#controller.signal);
      if (this.#controller.signal.aborted) throw this.#reason;
      return result;
    } catch (error) {
      throw this.#controller.signal.aborted ? this.#reason : error;
    } finally {
      this.#waiting = undefined;
    }
  }

  readonly #onLimit = (): void => {
    const waiting = this.#waiting;
    if (waiting !== undefined) this.#stop(this.#passed(waiting.side, waiting.what));
  };

  readonly #onAbort = (): void => this.#stop(abortError(this.#options.signal));

  #stop(reason: unknown): void {
    this.#reason = reason;
    this.#controller.abort(abortError());
    this.#stopped.reject(reason);
  }

  #passed(side: Side, what: string): PcAgentError {
    const { timeout, idle } = this.#options;
    const stalled = idle <= timeout;
    const limit = stalled ? idle : timeout;
    const sentence = `${NAMES[side]} did not ${what} within ${limit / 1000} s`;
    return new PcAgentError(stalled ? 'relay/stalled' : 'relay/timeout', sentence, {
      retry: 'later',
      details: { side, limit },
    });
  }
}

function abortError(signal?: AbortSignal): Error {
  const reason: unknown = signal?.reason;
  if (reason instanceof Error && reason.name === 'AbortError') return reason;
  return new DOMException('This operation was aborted', 'AbortError');
}

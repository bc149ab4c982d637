import type { Duration } from '../base/durations.ts';
import { PcAgentError } from '../base/errors.ts';
import { WaitTimer } from './wait-timer.ts';

/** The AbortError of an aborted signal, whatever reason it was given. */
export function abortError(signal?: AbortSignal): DOMException {
  const reason: unknown = signal?.reason;
  if (reason instanceof DOMException && reason.name === 'AbortError') return reason;
  return new DOMException('This operation was aborted', 'AbortError');
}

/** Time limits of the OBEX client (spec sheet obex, section 9; BlueZ gobex has the same values). */
export interface ObexTimeouts {
  /** For the answer to any packet without a limit of its own. */
  readonly response: Duration;
  /** For the answer to the first packet of a PUT, and of a GET where nobody waits for a person. */
  readonly firstPacket: Duration;
  /** For a DM message to be there (dm-protocol, section 9.2): a person may be asked first. */
  readonly message: Duration;
  /** For the answer to ABORT. */
  readonly abort: Duration;
  /** For the answer to DISCONNECT. */
  readonly disconnect: Duration;
}

/**
 * Runs `work` with a signal of its own, which is aborted after `limit` or with `signal`.
 * @throws PcAgentError `obex/timeout` when the limit passed first; AbortError when `signal` was aborted.
 */
export async function withTimeLimit<T>(
  limit: Duration,
  signal: AbortSignal | undefined,
  what: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  if (signal?.aborted) throw abortError(signal);
  const controller = new AbortController();
  let passed = false;
  const timer = setTimeout(() => {
    passed = true;
    controller.abort();
  }, limit);
  const onAbort = (): void => controller.abort(signal?.reason);
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await work(controller.signal);
  } catch (error) {
    if (passed && controller.signal.aborted && !(error instanceof PcAgentError)) throw timeoutError(what, limit);
    if (signal?.aborted && !(error instanceof PcAgentError)) throw abortError(signal);
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}

/** One time limit after the other for waits that mostly end at once: a signal for all of them, where `withTimeLimit` makes one each. */
export class WaitLimit {
  #controller = new AbortController();
  #passed = false;
  readonly #timer = new WaitTimer(() => {
    this.#passed = true;
    this.#controller.abort();
  });

  /** Begins a wait, one at a time. @returns what is aborted when the limit passes first, or by `abort` */
  start(limit: Duration): AbortSignal {
    this.#timer.start(limit);
    return this.#controller.signal;
  }

  /** What a wait failed with, before its `end`: `obex/timeout` when the limit passed first. */
  reason(error: unknown, what: string): unknown {
    return this.#passed && !(error instanceof PcAgentError) ? timeoutError(what, this.#timer.limit) : error;
  }

  /** The wait is over, however it ended. */
  end(): void {
    this.#timer.end();
    if (!this.#controller.signal.aborted) return;
    this.#controller = new AbortController();
    this.#passed = false;
  }

  /** Breaks off the wait that runs; without effect between two. */
  abort(): void {
    if (this.#timer.waiting) this.#controller.abort();
  }

  /** No more waits are expected. Another is possible all the same. */
  close(): void {
    this.#timer.close();
  }
}

export function timeoutError(what: string, limit: Duration): PcAgentError {
  return new PcAgentError('obex/timeout', `${what} did not come within ${limit / 1000} s`, {
    retry: 'same-bearer',
    details: { limit },
  });
}

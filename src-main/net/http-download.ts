import { type Dispatcher, errors } from 'undici';
import { type Duration, seconds } from '../base/durations.ts';
import { PcAgentError } from '../base/errors.ts';
import type { HttpAgent, HttpSlot } from './http-agent.ts';
import { assertUsable, bytesSince, type HttpHeaders, recordExchange, traceOf } from './http-request.ts';
import { assertOnline, type Ledger } from './ledger.ts';
import { type FaultFamily, transportError } from './transport-error.ts';

export interface HttpDownloadOptions {
  /** `http:` or `https:`, without user information. */
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent: HttpAgent;
  readonly ledger: Ledger;
  /** For the ledger: what it is for, and who wanted it. */
  readonly purpose: string;
  readonly initiator: string;
  /** Family of transport errors; default `net`. */
  readonly family?: FaultFamily;
  /** From the start until the answer's headers are complete; default 60 s. */
  readonly headerTime?: Duration;
  /** Without a single byte of the body; default 30 s. Time that `onData` takes does not count. */
  readonly stallTime?: Duration;
  /** The answer has begun. What it throws ends the download. */
  readonly onHead: (status: number, headers: HttpHeaders) => Promise<void> | void;
  /** Bytes of the body, to be copied before it returns. While its promise is pending no more are read. */
  readonly onData: (chunk: Uint8Array) => Promise<void> | void;
  readonly signal: AbortSignal;
}

/**
 * One GET whose body goes to the caller as it comes, in bounded memory and without a limit for the whole. Any HTTP
 * status is an answer, redirects are not followed, nothing is repeated.
 * @throws PcAgentError `net/offline`, `net/url-invalid`, and in the chosen family `unreachable`, `timeout`,
 * `tls-failed`, `answer-truncated`, `answer-malformed`; what the callbacks threw; the signal's reason when aborted.
 */
export async function httpDownload(options: HttpDownloadOptions): Promise<void> {
  const { url, agent, signal } = options;
  assertUsable(url);
  signal.throwIfAborted();
  assertOnline(options.ledger, url.hostname);
  const slot = agent.take(url.origin);
  const before = traceOf(slot);
  const at = new Date();
  const tell: { failed?: unknown } = {};
  try {
    await stream(slot, options, tell);
    agent.give(slot);
  } catch (error) {
    agent.drop(slot);
    if (signal.aborted || error === tell.failed || error instanceof PcAgentError) throw error;
    // Misuse by our own code (a header that cannot be one), not a fault of the network.
    if (error instanceof errors.InvalidArgumentError) throw new TypeError(error.message, { cause: error });
    throw transportError({
      family: options.family ?? 'net',
      origin: url.origin,
      connected: slot.socket !== undefined,
      received: bytesSince(slot, before, 'bytesRead'),
      cause: error,
    });
  } finally {
    recordExchange(options, slot, { at, before });
  }
}

/** @param tell gets what a callback threw, which is nobody's fault but the caller's */
function stream(slot: HttpSlot, options: HttpDownloadOptions, tell: { failed?: unknown }): Promise<void> {
  return new Promise((resolve, reject) => {
    const { url, signal } = options;
    const headerTime = options.headerTime ?? seconds(60);
    const stallTime = options.stallTime ?? seconds(30);
    let over = false;
    let timer: NodeJS.Timeout | undefined;
    let delimited = true;
    /** What the callbacks still do with what came, in order. */
    let working: Promise<void> = Promise.resolve();
    let busy = 0;

    const end = (): boolean => {
      if (over) return false;
      over = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      return true;
    };
    // The caller may close its file when this rejects, so nothing may still be working for it; a callback that aborts
    // has yet to say what it is working at.
    const fail = (error: unknown): void => {
      if (end()) queueMicrotask(() => void working.then(() => reject(error)));
    };
    const onAbort = (): void => fail(signal.reason);
    const wait = (limit: Duration, phase: 'header' | 'body'): void => {
      clearTimeout(timer);
      timer = setTimeout(() => fail(late(options, phase, limit)), limit);
    };
    const hand = (controller: Dispatcher.DispatchController, give: () => Promise<void> | void): void => {
      const failed = (error: unknown): void => {
        tell.failed = error;
        fail(error);
      };
      const run = (): Promise<void> | void => (over ? undefined : give());
      try {
        const pending = busy === 0 ? run() : working.then(run);
        if (pending === undefined) return;
        busy += 1;
        clearTimeout(timer);
        controller.pause();
        working = pending.catch(failed).then(() => {
          busy -= 1;
          if (busy > 0 || over) return;
          wait(stallTime, 'body');
          controller.resume();
        });
      } catch (error) {
        failed(error);
      }
    };

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart() {},
      onResponseStart(controller, status, headers) {
        if (over || status < 200) return;
        delimited = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
        wait(stallTime, 'body');
        hand(controller, () => options.onHead(status, headers));
      },
      onResponseData(controller, chunk) {
        // An answer that goes on after a pause begins with no bytes: handing them over would pause it again, for ever.
        if (over || chunk.length === 0) return;
        wait(stallTime, 'body');
        // What comes although the answer is held up is what had been read before; the caller's buffer is not ready.
        const bytes = busy === 0 ? chunk : new Uint8Array(chunk);
        hand(controller, () => options.onData(bytes));
      },
      onResponseEnd() {
        clearTimeout(timer);
        void working.then(() => {
          // A body that ends with the connection, and a connection that was reset: the end is not known to be the end.
          if (slot.broken && !delimited) fail(truncated(options));
          else if (end()) resolve();
        });
      },
      onResponseError: (_controller, error) => fail(error),
    };

    wait(headerTime, 'header');
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      const path = `${url.pathname}${url.search}`;
      slot.client.dispatch({ path, method: 'GET', headers: { ...options.headers }, body: null }, handler);
    } catch (error) {
      fail(error);
    }
  });
}

type Side = Pick<HttpDownloadOptions, 'url' | 'family'>;

function late({ url: { origin }, family = 'net' }: Side, phase: 'header' | 'body', limit: Duration): PcAgentError {
  const what = phase === 'header' ? 'did not answer' : 'sent nothing more';
  return new PcAgentError(`${family}/timeout`, `${origin} ${what} within ${limit / 1000} s`, {
    retry: 'later',
    details: { origin, phase, limit },
  });
}

function truncated({ url: { origin }, family = 'net' }: Side): PcAgentError {
  return new PcAgentError(`${family}/answer-truncated`, `the connection to ${origin} was reset in an answer`, {
    retry: 'later',
    details: { origin },
  });
}

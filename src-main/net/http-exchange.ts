import type { Dispatcher } from 'undici';
import { concatBytes } from '../base/bytes.ts';
import type { Duration } from '../base/durations.ts';
import { PcAgentError } from '../base/errors.ts';
import type { HttpSlot } from './http-agent.ts';
import type { HttpAnswer, HttpHeaders, HttpRequestOptions } from './http-request.ts';

export interface ExchangeLimits {
  readonly maxBody: number;
  readonly headerTime: Duration;
  readonly bodyTime: Duration;
}

/**
 * One request and its whole answer on one connection. After a failure the connection is of no more use: the caller
 * destroys it, which also ends what is still arriving.
 * @throws PcAgentError `timeout`, `answer-too-large`, `answer-truncated` of the caller's family; the signal's reason;
 * anything else as undici or the operating system reported it.
 */
export function exchange(slot: HttpSlot, options: HttpRequestOptions, limits: ExchangeLimits): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const { url, signal } = options;
    const family = options.family ?? 'net';
    const chunks: Uint8Array[] = [];
    let length = 0;
    let status = 0;
    let headers: HttpHeaders = {};
    let over = false;
    let timer = setTimeout(() => fail(late('header', limits.headerTime)), limits.headerTime);

    const end = (): boolean => {
      if (over) return false;
      over = true;
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      return true;
    };
    const fail = (error: unknown): void => {
      if (!end()) return;
      chunks.length = 0;
      reject(error);
    };
    const onAbort = (): void => fail(signal.reason);
    const late = (phase: 'header' | 'body', limit: Duration): PcAgentError =>
      new PcAgentError(`${family}/timeout`, `${url.origin} did not answer within ${limit / 1000} s`, {
        retry: 'later',
        details: { origin: url.origin, phase, limit, received: length },
      });
    const tooLarge = (announced?: number): PcAgentError =>
      new PcAgentError(`${family}/answer-too-large`, `the answer of ${url.origin} exceeds ${limits.maxBody} bytes`, {
        details: { origin: url.origin, limit: limits.maxBody, ...(announced === undefined ? {} : { announced }) },
      });

    const handler: Dispatcher.DispatchHandler = {
      // Required by undici, although its types say otherwise.
      onRequestStart() {},
      onResponseStart(_controller, statusCode, answerHeaders) {
        if (over || statusCode < 200) return;
        status = statusCode;
        headers = answerHeaders;
        clearTimeout(timer);
        timer = setTimeout(() => fail(late('body', limits.bodyTime)), limits.bodyTime);
        const announced = Number(headers['content-length'] ?? 0);
        if (options.method !== 'HEAD' && announced > limits.maxBody) fail(tooLarge(announced));
      },
      onResponseData(_controller, chunk) {
        if (over) return;
        length += chunk.length;
        // Checked before the chunk is kept: what an endless answer costs is the cap and one read of the socket.
        if (length > limits.maxBody) return fail(tooLarge());
        chunks.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
      },
      onResponseEnd() {
        // A body that ends with the connection and a connection that was reset: the end is not known to be the end.
        const delimited = headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;
        if (slot.broken && !delimited) {
          return fail(
            new PcAgentError(`${family}/answer-truncated`, `the connection to ${url.origin} was reset in an answer`, {
              retry: 'later',
              details: { origin: url.origin, received: length },
            }),
          );
        }
        if (end()) resolve({ status, headers, body: concatBytes(chunks) });
      },
      onResponseError: (_controller, error) => fail(error),
    };

    signal.addEventListener('abort', onAbort, { once: true });
    try {
      slot.client.dispatch(
        {
          path: `${url.pathname}${url.search}`,
          method: options.method,
          headers: { ...options.headers },
          body: options.body ?? null,
        },
        handler,
      );
    } catch (error) {
      fail(error);
    }
  });
}

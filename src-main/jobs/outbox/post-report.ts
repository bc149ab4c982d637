import { strictTextOf, utf8 } from '../../base/bytes.ts';
import { type Duration, milliseconds, seconds } from '../../base/durations.ts';
import { isPcAgentError } from '../../base/errors.ts';
import type { HttpAgent } from '../../net/http-agent.ts';
import { type HttpAnswer, httpRequest } from '../../net/http-request.ts';
import type { Ledger } from '../../net/ledger.ts';
import type { OutboxReport } from './outbox.ts';

/** What one try to send a report came to. */
export type Delivery =
  | { readonly kind: 'acknowledged' }
  /** The offline switch is on: nothing was tried. */
  | { readonly kind: 'offline' }
  /** The DM server does not have the interface. */
  | { readonly kind: 'unsupported'; readonly code: string; readonly message: string }
  | { readonly kind: 'rejected'; readonly code: string; readonly message: string }
  | { readonly kind: 'later'; readonly code: string; readonly message: string; readonly after?: Duration };

export interface PostOptions {
  readonly agent: HttpAgent;
  readonly ledger: Ledger;
  readonly clock: { now(): Date };
  readonly signal: AbortSignal;
}

/** An answer is a few lines; a limit for one that is not. */
const MAX_ANSWER = 64 * 1024;
/** Status codes that may pass: time-out, too early, too many. 401 and 403 are an administrator's mistake to mend. */
const PASSING: readonly number[] = [401, 403, 407, 408, 423, 425, 429];
const NO_INTERFACE: readonly number[] = [404, 405, 501];

/**
 * Sends a report once. Sent again it has the same key and the same bytes, so the DM server keeps it once.
 * @throws AbortError
 */
export async function postReport(report: OutboxReport, options: PostOptions): Promise<Delivery> {
  const { agent, ledger, clock, signal } = options;
  const url = new URL('/api/v1/reports', report.origin);
  try {
    const answer = await httpRequest({
      url,
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': report.id },
      body: utf8(report.body),
      agent,
      ledger,
      purpose: 'report',
      initiator: 'outbox',
      family: 'dms',
      maxBody: MAX_ANSWER,
      headerTime: seconds(30),
      bodyTime: seconds(30),
      signal,
    });
    return deliveryOf(answer, clock.now());
  } catch (error) {
    if (isPcAgentError(error, 'net/offline')) return { kind: 'offline' };
    if (isPcAgentError(error)) return { kind: 'later', code: error.code, message: error.message };
    throw error;
  }
}

function deliveryOf({ status, headers, body }: HttpAnswer, now: Date): Delivery {
  if (status === 200 || status === 201) return { kind: 'acknowledged' };
  if (NO_INTERFACE.includes(status)) {
    const message = `the DM server has no interface for reports (HTTP ${status}); it sees the outcome in its next inventory`;
    return { kind: 'unsupported', code: 'dms/report-unsupported', message };
  }
  if (status >= 400 && status < 500 && !PASSING.includes(status)) {
    const why =
      strictTextOf(body)
        ?.replace(/\p{Cc}+/gu, ' ')
        .slice(0, 200) ?? '';
    return {
      kind: 'rejected',
      code: 'dms/report-rejected',
      message: `the DM server refused it: HTTP ${status} ${why}`.trim(),
    };
  }
  const after = retryAfter(headers['retry-after'], now);
  return {
    kind: 'later',
    code: 'dms/http-status',
    message: `the DM server answered with HTTP ${status}`,
    ...(after === undefined ? {} : { after }),
  };
}

/** `Retry-After`: seconds or a date (RFC 9110, 10.2.3). */
function retryAfter(value: string | readonly string[] | undefined, now: Date): Duration | undefined {
  const text = typeof value === 'string' ? value.trim() : value?.[0]?.trim();
  if (text === undefined || text === '') return undefined;
  if (/^\d{1,9}$/.test(text)) return seconds(Number(text));
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : milliseconds(Math.max(0, at - now.getTime()));
}

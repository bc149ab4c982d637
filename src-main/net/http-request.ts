/**
 * The one door out: every HTTP exchange that this program starts goes through `httpRequest`, which writes the
 * ledger, obeys the offline switch, and bounds time and memory.
 */
import type { Socket } from 'node:net';
import { errors } from 'undici';
import { type Duration, milliseconds, seconds } from '../base/durations.ts';
import { PcAgentError } from '../base/errors.ts';
import type { HttpAgent, HttpSlot } from './http-agent.ts';
import { type ExchangeLimits, exchange } from './http-exchange.ts';
import { assertOnline, type Ledger } from './ledger.ts';
import { type FaultFamily, isClosedByPeer, transportError } from './transport-error.ts';

export type HttpHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface HttpRequestOptions {
  /** `http:` or `https:`, without user information. */
  readonly url: URL;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  readonly agent: HttpAgent;
  readonly ledger: Ledger;
  /** For the ledger: what it is for, and who wanted it. */
  readonly purpose: string;
  readonly initiator: string;
  /** Family of transport errors; default `net`. */
  readonly family?: FaultFamily;
  /** Largest answer taken, in bytes; default 4 MiB. */
  readonly maxBody?: number;
  /** From the start until the answer's headers are complete; default 60 s. */
  readonly headerTime?: Duration;
  /** For the whole body after that; default 60 s. */
  readonly bodyTime?: Duration;
  readonly signal: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: HttpHeaders;
  readonly body: Uint8Array;
}

const MAX_BODY = 4 * 1024 * 1024;

/**
 * A stale connection fails within one round trip. A close that comes later means that the server had the request
 * and worked on it, so it is not repeated.
 */
const STALE_WITHIN = milliseconds(1000);

/**
 * One exchange. Any HTTP status is an answer, redirects are not followed.
 * @throws PcAgentError `net/offline`, `net/url-invalid`, and in the chosen family `unreachable`, `timeout`,
 * `tls-failed`, `answer-truncated`, `answer-too-large`, `answer-malformed`; the signal's reason when aborted.
 */
export async function httpRequest(options: HttpRequestOptions): Promise<HttpAnswer> {
  assertUsable(options.url);
  options.signal.throwIfAborted();
  assertOnline(options.ledger, options.url.hostname);
  const first = await attempt(options);
  if (first.kind === 'answer') return first.answer;
  if (!first.stale) throw first.error;
  // Sent again once, with identical bytes. RFC 9110, 9.2.2 allows a client to repeat a POST when it can tell that
  // the first one was not applied: the connection had sat idle since an earlier exchange, was closed within a round
  // trip, and not one byte came back. Should a server have taken it after all, SessionID and MsgID mark the repeat.
  const second = await attempt(options);
  if (second.kind === 'answer') return second.answer;
  throw second.error;
}

type Attempt =
  | { readonly kind: 'answer'; readonly answer: HttpAnswer }
  | { readonly kind: 'failure'; readonly error: unknown; readonly stale: boolean };

async function attempt(options: HttpRequestOptions): Promise<Attempt> {
  const { url, agent } = options;
  const slot = agent.take(url.origin);
  const before = traceOf(slot);
  const at = new Date();
  const startedAt = performance.now();
  try {
    const answer = await exchange(slot, options, limitsOf(options));
    agent.give(slot);
    return { kind: 'answer', answer };
  } catch (error) {
    agent.drop(slot);
    if (options.signal.aborted || error instanceof PcAgentError) return { kind: 'failure', error, stale: false };
    // Misuse by our own code (a header that cannot be one), not a fault of the network.
    if (error instanceof errors.InvalidArgumentError) throw new TypeError(error.message, { cause: error });
    const received = bytesSince(slot, before, 'bytesRead');
    const stale =
      before.socket !== undefined &&
      before.socket === slot.socket &&
      received === 0 &&
      isClosedByPeer(error) &&
      performance.now() - startedAt < STALE_WITHIN;
    const connected = slot.socket !== undefined;
    const family = options.family ?? 'net';
    const fault = transportError({ family, origin: url.origin, connected, received, cause: error });
    return { kind: 'failure', error: fault, stale };
  } finally {
    recordExchange(options, slot, { at, before });
  }
}

/** How a connection stood before an exchange. */
export interface Trace {
  /** Open since an earlier exchange that ended well; `undefined` for a new connection. */
  readonly socket: Socket | undefined;
  readonly bytesRead: number;
  readonly bytesWritten: number;
}

export function traceOf(slot: HttpSlot): Trace {
  if (slot.socket?.destroyed === true) slot.socket = undefined;
  const { socket } = slot;
  return { socket, bytesRead: socket?.bytesRead ?? 0, bytesWritten: socket?.bytesWritten ?? 0 };
}

export function bytesSince(slot: HttpSlot, before: Trace, counter: 'bytesRead' | 'bytesWritten'): number {
  const total = slot.socket?.[counter] ?? 0;
  return slot.socket === before.socket ? total - before[counter] : total;
}

function limitsOf(options: HttpRequestOptions): ExchangeLimits {
  return {
    maxBody: options.maxBody ?? MAX_BODY,
    headerTime: options.headerTime ?? seconds(60),
    bodyTime: options.bodyTime ?? seconds(60),
  };
}

export function assertUsable(url: URL): void {
  const web = url.protocol === 'http:' || url.protocol === 'https:';
  if (web && url.username === '' && url.password === '') return;
  const why = web ? 'credentials do not belong in an address' : 'only http and https are possible';
  throw new PcAgentError('net/url-invalid', `${url.protocol}//${url.host} cannot be used: ${why}`);
}

/** Writes one exchange into the ledger, whatever came of it. */
export function recordExchange(
  { ledger, url, purpose, initiator }: Pick<HttpRequestOptions, 'ledger' | 'url' | 'purpose' | 'initiator'>,
  slot: HttpSlot,
  { at, before }: { readonly at: Date; readonly before: Trace },
): void {
  ledger.record({
    host: url.hostname,
    port: portOf(url),
    purpose,
    initiator,
    at: at.toISOString(),
    bytesOut: bytesSince(slot, before, 'bytesWritten'),
    bytesIn: bytesSince(slot, before, 'bytesRead'),
  });
}

export function portOf(url: URL): number {
  if (url.port !== '') return Number(url.port);
  return url.protocol === 'https:' ? 443 : 80;
}

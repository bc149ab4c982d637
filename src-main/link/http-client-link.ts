import { AbortWatch } from '../base/abort-watch.ts';
import type { Clock } from '../base/clock.ts';
import { type Duration, seconds } from '../base/durations.ts';
import { PcAgentError } from '../base/errors.ts';
import { nodeClock } from '../base/node/clock.ts';
import type { HttpAgent } from '../net/http-agent.ts';
import { type HttpAnswer, httpRequest } from '../net/http-request.ts';
import type { Ledger } from '../net/ledger.ts';
import { bareContentType } from '../syncml/content-type.ts';
import { envelopeOf, waitWanted } from './http-answer.ts';
import { createCookieJar } from './http-cookie-jar.ts';
import type { Envelope, MessageLink } from './message-link.ts';

export interface HttpClientLinkOptions {
  /** Where the first message is posted. */
  readonly url: URL;
  /** Connections of the DMS profile; the owner closes it. */
  readonly agent: HttpAgent;
  readonly ledger: Ledger;
  /** For the ledger: the session or command that wants it. */
  readonly initiator: string;
  /** For `User-Agent: PC-Agent/VERSION`. */
  readonly version: string;
  /** Largest answer taken; default 4 MiB. */
  readonly maxBody?: number;
  /** Until the answer's headers are there; default 60 s. */
  readonly headerTime?: Duration;
  /** For the answer's body; default 60 s. */
  readonly bodyTime?: Duration;
  /** How long one message may be held back, all in all, for a DMS that is busy (429); default 60 s. */
  readonly patience?: Duration;
  readonly clock?: Clock;
}

const PATIENCE = seconds(60);
/** How often one message goes out again to a DMS that is busy. */
const MAX_REPEATS = 3;

/** A link towards a DMS. */
export interface HttpClientLink extends MessageLink {
  /**
   * Where the next message is posted. Set it between messages when the DMS named a RespURI; whether that address may
   * be used is the relay's decision.
   */
  url: URL;
}

/**
 * send = POST, receive = its answer. Bodies, content types and `x-syncml-hmac` pass unchanged (DM Security 1.2,
 * 5.1.4.3). Redirects are not followed: a 3xx is `dms/http-status`. A DMS that says 429 with Retry-After is sent the
 * same bytes again when that time is over, and no earlier ([MSMDM] 3.1.6); one that wants more time than there is
 * patience for is `dms/http-status`, as is any other refusal.
 *
 * `receive` throws PcAgentError `dms/unreachable`, `dms/timeout`, `dms/tls-failed`, `dms/http-status`,
 * `dms/answer-truncated`, `dms/answer-too-large`, `dms/answer-malformed`, `dms/answer-unexpected`, `net/offline`.
 */
export function createHttpClientLink(options: HttpClientLinkOptions): HttpClientLink {
  const cookies = createCookieJar();
  let url = options.url;
  const watch = new AbortWatch();
  /** Breaks the exchange off; used again for the next one unless it did. */
  let stop = new AbortController();
  let pending: { readonly answer: Promise<HttpAnswer>; readonly url: URL } | undefined;
  let closed = false;

  async function post(envelope: Envelope, to: URL, signal: AbortSignal): Promise<HttpAnswer> {
    const clock = options.clock ?? nodeClock;
    let patience: number = options.patience ?? PATIENCE;
    for (let repeats = 0; ; repeats += 1) {
      const answer = await exchange(envelope, to, signal);
      const wait = waitWanted(answer, clock.now().getTime());
      if (wait === undefined || wait > patience || repeats === MAX_REPEATS) return answer;
      patience -= wait;
      await clock.sleep(wait, signal).catch(() => signal.throwIfAborted());
    }
  }

  async function exchange(envelope: Envelope, to: URL, signal: AbortSignal): Promise<HttpAnswer> {
    const answer = await httpRequest({
      url: to,
      method: 'POST',
      headers: headersOf(envelope, options.version, cookies.header(to)),
      body: envelope.body,
      agent: options.agent,
      ledger: options.ledger,
      purpose: 'dm-session',
      initiator: options.initiator,
      family: 'dms',
      ...(options.maxBody === undefined ? {} : { maxBody: options.maxBody }),
      ...(options.headerTime === undefined ? {} : { headerTime: options.headerTime }),
      ...(options.bodyTime === undefined ? {} : { bodyTime: options.bodyTime }),
      signal,
    });
    const setCookie = answer.headers['set-cookie'];
    cookies.store(to, setCookie);
    return answer;
  }

  const breakOff = (reason: unknown): void => stop.abort(reason);

  return {
    get url() {
      return url;
    },
    set url(next) {
      url = next;
    },
    async send(envelope, signal) {
      signal.throwIfAborted();
      if (closed) throw new TypeError('the link is closed');
      if (pending !== undefined) throw new TypeError('the answer to the last message was not received yet');
      assertHeaderValue('content-type', envelope.contentType);
      if (envelope.hmac !== undefined) assertHeaderValue('x-syncml-hmac', envelope.hmac);
      if (stop.signal.aborted) stop = new AbortController();
      const answer = post(envelope, url, stop.signal);
      // Who closes the link without asking for the answer must not find its failure unhandled.
      answer.catch(() => undefined);
      pending = { answer, url };
    },
    async receive(signal) {
      const exchange = pending;
      if (exchange === undefined) throw new TypeError('nothing was sent that could be answered');
      if (signal.aborted) stop.abort(signal.reason);
      else watch.start(signal, breakOff);
      try {
        return envelopeOf(await exchange.answer, exchange.url);
      } finally {
        watch.end();
        pending = undefined;
      }
    },
    async close() {
      closed = true;
      watch.close();
      if (pending !== undefined) {
        stop.abort(new PcAgentError('dms/closed', 'the link was closed before the answer came'));
      }
      await pending?.answer.catch(() => undefined);
      pending = undefined;
    },
  };
}

function headersOf(envelope: Envelope, version: string, cookie: string | undefined): Record<string, string> {
  return {
    'Content-Type': envelope.contentType,
    // A server answers in the encoding of the request; naming exactly one type says the same to those that choose.
    Accept: bareContentType(envelope.contentType),
    'Accept-Charset': 'utf-8',
    'Cache-Control': 'no-store',
    'User-Agent': `PC-Agent/${version}`,
    ...(envelope.hmac === undefined ? {} : { 'x-syncml-hmac': envelope.hmac }),
    ...(cookie === undefined ? {} : { Cookie: cookie }),
  };
}

/**
 * A handset chooses these texts; a line break in one would be a header of its own choice in the request. Octets above
 * ASCII may stand in a header (RFC 9110, 5.5), and do where a user's name is not English.
 */
function assertHeaderValue(header: string, value: string): void {
  if (/^[\x20-\x7e\x80-\xff\t]{1,1024}$/.test(value)) return;
  throw new PcAgentError('syncml/header-invalid', `the handset's ${header} cannot be an HTTP header`, {
    details: { header, length: value.length },
  });
}

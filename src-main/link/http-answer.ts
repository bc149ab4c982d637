import { textOf } from '../base/bytes.ts';
import { type Duration, seconds } from '../base/durations.ts';
import { PcAgentError, type Retry } from '../base/errors.ts';
import type { HttpAnswer } from '../net/http-request.ts';
import { bareContentType, ContentType, encodingOf, guessContentType } from '../syncml/content-type.ts';
import type { Envelope } from './message-link.ts';

/**
 * The message in an answer of a DMS; `undefined` for a 2xx without body, by which it says that it has nothing more.
 * @throws PcAgentError `dms/http-status` for anything but 2xx, `dms/answer-unexpected` for something that is no DM
 * message (a captive portal's page, a proxy's error with status 200).
 */
export function envelopeOf(answer: HttpAnswer, url: URL): Envelope | undefined {
  if (answer.status < 200 || answer.status > 299) throw statusError(answer, url);
  if (answer.status === 204 || answer.body.length === 0) return undefined;
  const encoding = header(answer, 'content-encoding');
  if (encoding !== undefined && encoding.trim().toLowerCase() !== 'identity') {
    throw unexpected(answer, url, `compressed (${encoding}) although nothing of that kind was asked for`);
  }
  const named = header(answer, 'content-type');
  const contentType = named === undefined || named === '' ? guessContentType(answer.body) : named;
  if (!mayBeMessage(contentType, answer.body)) throw unexpected(answer, url, contentType);
  const hmac = header(answer, 'x-syncml-hmac');
  return { contentType, body: answer.body, ...(hmac === undefined ? {} : { hmac }) };
}

/** Types that servers label messages with beside the registered ones; whatever they are, a page is none. */
const LOOSE_TYPES: ReadonlySet<string> = new Set([
  ContentType.OctetStream,
  'application/vnd.wap.wbxml',
  'application/xml',
  'text/xml',
]);

function mayBeMessage(contentType: string, body: Uint8Array): boolean {
  const type = bareContentType(contentType);
  const known = encodingOf(type) !== undefined || LOOSE_TYPES.has(type) || type.startsWith('application/vnd.syncml');
  return known && !looksLikePage(body);
}

function looksLikePage(body: Uint8Array): boolean {
  const first = body[0] ?? 0;
  // ASCII that is neither white space nor the start of a tag: so begins every message in WBXML.
  if (first < 0x80 && first !== 0x3c && first !== 0x20 && !(first >= 0x09 && first <= 0x0d)) return false;
  return /^\s*<(!doctype\s+html|html|head|body)[\s>]/i.test(textOf(body.subarray(0, 256)).replace('\uFEFF', ''));
}

function unexpected(answer: HttpAnswer, url: URL, what: string): PcAgentError {
  return new PcAgentError(
    'dms/answer-unexpected',
    `${url.origin} answered with something that is no message: ${what}`,
    {
      retry: 'after-operator',
      details: { origin: url.origin, contentType: header(answer, 'content-type'), bytes: answer.body.length },
    },
  );
}

function statusError(answer: HttpAnswer, url: URL): PcAgentError {
  const { status } = answer;
  const retryAfter = retryAfterSeconds(header(answer, 'retry-after'));
  const location = header(answer, 'location');
  return new PcAgentError('dms/http-status', `${url.origin} answered with HTTP status ${status}`, {
    retry: retryOf(status),
    details: {
      origin: url.origin,
      status,
      ...(retryAfter === undefined ? {} : { retryAfter }),
      // Only the origin: a path may carry a session's token.
      ...(location === undefined ? {} : { redirect: originOf(location, url) }),
    },
  });
}

function retryOf(status: number): Retry {
  if (status === 408 || status === 425 || status === 429 || status >= 500) return 'later';
  return 'after-operator';
}

/** How long a DMS that is busy (429, RFC 6585) wants to be left alone; `undefined` when it does not say so. */
export function waitWanted(answer: HttpAnswer, now: number): Duration | undefined {
  if (answer.status !== 429) return undefined;
  const wait = retryAfterSeconds(header(answer, 'retry-after'), now);
  return wait === undefined ? undefined : seconds(wait);
}

/** Retry-After (RFC 9110, 10.2.3) in seconds: a number, or a date. */
export function retryAfterSeconds(text: string | undefined, now: number = Date.now()): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text.trim())) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
}

function originOf(location: string, base: URL): string {
  return URL.canParse(location, base.href) ? new URL(location, base).origin : 'unreadable';
}

function header(answer: HttpAnswer, name: string): string | undefined {
  const value = answer.headers[name];
  return typeof value === 'string' ? value : value?.[0];
}

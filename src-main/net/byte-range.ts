/** First and last octet, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** The headers of a request that ask for a part. */
export interface RangeHeaders {
  readonly range?: string | undefined;
  readonly 'if-range'?: string | undefined;
}

/**
 * The part of a content that a request asks for; `undefined` for the whole. A single range counts; several, other units
 * and a content that has changed get the whole (RFC 9110, 14.2 and 13.1.5).
 */
export function byteRange(headers: RangeHeaders, etag: string, size: number): ByteRange | 'outside' | undefined {
  const { range: text, 'if-range': condition } = headers;
  if (text === undefined || (condition !== undefined && condition !== etag)) return undefined;
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(text.replaceAll(' ', ''));
  if (match === null) return undefined;
  const [, from = '', to = ''] = match;
  if (from === '' && to === '') return undefined;
  if (from === '') {
    const count = Math.min(Number(to), size);
    return count === 0 ? 'outside' : { first: size - count, last: size - 1 };
  }
  const first = Number(from);
  const last = to === '' ? size - 1 : Math.min(Number(to), size - 1);
  if (to !== '' && Number(to) < first) return undefined;
  return first >= size ? 'outside' : { first, last };
}

/** Whether `If-None-Match` names what there is (RFC 9110, 13.1.2: weak comparison). */
export function etagMatches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  return header.trim() === '*' || header.split(',').some((each) => each.trim().replace(/^W\//, '') === etag);
}

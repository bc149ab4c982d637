/** Longest RespURI that is followed, in characters; it stands in every header that answers. */
export const MAX_RESP_URI = 2048;

const ABSOLUTE = /^[a-z][a-z0-9+.-]*:/i;
const HIERARCHICAL = /^([a-z][a-z0-9+.-]*:)(\/\/[^/?#]*)([^?#]*)/i;

/**
 * The address that a RespURI names: absolute ones as they are, others against the address that was used last (RFC 3986,
 * 5.2). What follows a semicolon belongs to its path segment, so a `;jsessionid` stays. An address without a hierarchy
 * (`IMEI:…`) is no base: the RespURI is then taken as it is.
 */
export function resolveRespUri(last: string, respUri: string): string {
  if (ABSOLUTE.test(respUri)) return respUri;
  const base = HIERARCHICAL.exec(last);
  if (base === null) return respUri;
  const [, scheme = '', authority = '', path = ''] = base;
  if (respUri.startsWith('//')) return scheme + respUri;
  const origin = scheme + authority;
  if (respUri.startsWith('/')) return origin + withoutDots(respUri);
  if (respUri.startsWith('?') || respUri.startsWith('#') || respUri === '') return origin + path + respUri;
  return origin + withoutDots(`${path.slice(0, path.lastIndexOf('/') + 1) || '/'}${respUri}`);
}

/** `.` and `..` are steps, in the path alone. */
function withoutDots(reference: string): string {
  const end = reference.search(/[?#]/);
  const path = end < 0 ? reference : reference.slice(0, end);
  const segments = path.split('/');
  const kept: string[] = [];
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    if (segment === '..') {
      if (kept.length > 1) kept.pop();
    } else if (segment !== '.') {
      kept.push(segment);
      continue;
    }
    if (last) kept.push('');
  }
  return kept.join('/') + (end < 0 ? '' : reference.slice(end));
}

const post = (headers: readonly string[], body: string, target = '/dm'): string =>
  [`POST ${target} HTTP/1.1`, ...headers, '', body].join('\r\n');
const HOST = 'Host: x';

/** What no DM session may be made of, and whatever two programs could read differently; how the way in answers it. */
export const STRANGE_REQUESTS: readonly (readonly [what: string, request: string, status: number])[] = [
  ['two lengths', post([HOST, 'Content-Length: 5', 'Content-Length: 6'], '<a/>xx'), 400],
  ['a length and chunks', post([HOST, 'Content-Length: 4', 'Transfer-Encoding: chunked'], '0\r\n\r\n'), 400],
  ['chunks and something else', post([HOST, 'Transfer-Encoding: chunked, x'], '0\r\n\r\n'), 400],
  ['a length with a sign', post([HOST, 'Content-Length: +4'], '<a/>'), 400],
  ['a header name before a blank', post([HOST, 'Content-Length : 4'], '<a/>'), 400],
  ['a folded header', post([HOST, 'Content-Length: 4', 'X: a', ' b'], '<a/>'), 400],
  ['a bare carriage return', post([HOST, 'X: a\rContent-Length: 4'], '<a/>'), 400],
  ['two hosts', post([HOST, 'Host: y', 'Content-Length: 4'], '<a/>'), 400],
  ['no host', post(['Content-Length: 4'], '<a/>'), 400],
  ['two content types', post([HOST, 'Content-Type: a/b', 'Content-Type: c/d', 'Content-Length: 4'], '<a/>'), 400],
  ['two hmacs', post([HOST, 'x-syncml-hmac: a', 'x-syncml-hmac: b', 'Content-Length: 4'], '<a/>'), 400],
  ['a header beyond measure', post([HOST, `X: ${'a'.repeat(20_000)}`, 'Content-Length: 4'], '<a/>'), 431],
  ['thousands of headers', post([HOST, ...Array(3000).fill('X-A: b'), 'Content-Length: 4'], '<a/>'), 431],
  ['another server in the request line', post([HOST, 'Content-Length: 4'], '<a/>', 'http://dms.example/dm'), 404],
  ['a page of a browser', post([HOST, 'Origin: http://x', 'Content-Length: 4'], '<a/>'), 403],
  [
    'a browser that keeps its origin to itself',
    post([HOST, 'Sec-Fetch-Site: cross-site', 'Content-Length: 4'], '<a/>'),
    403,
  ],
  ['more than any message', post([HOST, 'Content-Length: 1048577'], ''), 413],
  ['no length', post([HOST, 'Connection: close'], ''), 411],
  ['another method', `GET /dm HTTP/1.1\r\n${HOST}\r\nConnection: close\r\n\r\n`, 405],
  ['a package that nobody offers', `GET /packages/00/x.jar HTTP/1.1\r\n${HOST}\r\n\r\n`, 404],
  ['no HTTP', '\x16\x03\x01\x02\x00', 400],
];

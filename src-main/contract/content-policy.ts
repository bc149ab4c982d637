/**
 * What the page may load (Content Security Policy Level 3), the same in a web browser and in the program's own window:
 * everything from our own files only, nothing remote. Components position themselves through the CSSOM, which no
 * policy forbids.
 * @param connect sources beside the page's own that it may connect to
 */
export function contentPolicy(connect: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    ['connect-src', "'self'", ...connect].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "object-src 'none'",
  ].join('; ');
}

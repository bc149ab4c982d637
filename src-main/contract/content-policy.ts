/**
 * What the page may load (Content Security Policy Level 3), the same in a web browser and in the program's own window:
 * scripts from our own files only, nothing remote. Style attributes are allowed, since components position with them.
 * @param connect sources beside the page's own that it may connect to
 */
export function contentPolicy(connect: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    ['connect-src', "'self'", ...connect].join(' '),
    "img-src 'self' data:",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

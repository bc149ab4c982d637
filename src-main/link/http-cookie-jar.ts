/** Cookies of one session with one origin. Not part of DM's HTTP binding, but deployments bind a session with them. */
export interface CookieJar {
  /** Takes the Set-Cookie headers of an answer. */
  store(url: URL, setCookie: string | readonly string[] | undefined): void;
  /** Value of the Cookie header for a request, `undefined` when there is none. */
  header(url: URL): string | undefined;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly path: string;
  readonly secure: boolean;
}

const MAX_COOKIES = 50;
const MAX_COOKIE_LENGTH = 4096;

/**
 * Host-only: Domain is ignored, so a cookie goes back to the origin that set it and nowhere else. It lives as long as
 * the link, which is one DM session; Max-Age and Expires only serve to delete.
 */
export function createCookieJar(now: () => number = Date.now): CookieJar {
  const origins = new Map<string, Map<string, Cookie>>();

  return {
    store(url, setCookie) {
      const lines = typeof setCookie === 'string' ? [setCookie] : (setCookie ?? []);
      for (const line of lines) {
        const parsed = line.length > MAX_COOKIE_LENGTH ? undefined : parse(line, url, now());
        if (parsed === undefined) continue;
        const jar = origins.get(url.origin) ?? new Map<string, Cookie>();
        origins.set(url.origin, jar);
        const key = `${parsed.cookie.name};${parsed.cookie.path}`;
        if (parsed.expired) jar.delete(key);
        else if (jar.has(key) || jar.size < MAX_COOKIES) jar.set(key, parsed.cookie);
      }
    },
    header(url) {
      if (origins.size === 0) return undefined;
      const due = [...(origins.get(url.origin)?.values() ?? [])]
        .filter((cookie) => covers(cookie.path, url.pathname) && (!cookie.secure || url.protocol === 'https:'))
        // RFC 6265, 5.4: longer paths first.
        .sort((a, b) => b.path.length - a.path.length);
      return due.length === 0 ? undefined : due.map((cookie) => `${cookie.name}=${cookie.value}`).join('; ');
    },
  };
}

function parse(
  line: string,
  url: URL,
  now: number,
): { readonly cookie: Cookie; readonly expired: boolean } | undefined {
  const [pair = '', ...attributes] = line.split(';');
  const equals = pair.indexOf('=');
  const name = pair.slice(0, Math.max(equals, 0)).trim();
  const value = pair.slice(equals + 1).trim();
  // Anything else than visible ASCII would not survive the way back in a header.
  if (name === '' || !/^[\x21-\x7e]*$/.test(name + value)) return undefined;
  let path = defaultPath(url.pathname);
  let secure = false;
  let expired = false;
  for (const attribute of attributes) {
    const [key = '', ...rest] = attribute.split('=');
    const text = rest.join('=').trim();
    const kind = key.trim().toLowerCase();
    if (kind === 'path' && text.startsWith('/')) path = text;
    if (kind === 'secure') secure = true;
    if (kind === 'max-age') expired = Number(text) <= 0;
    if (kind === 'expires') expired ||= Date.parse(text) <= now;
  }
  return { cookie: { name, value, path, secure }, expired };
}

/** RFC 6265, 5.1.4. */
function defaultPath(pathname: string): string {
  const slash = pathname.lastIndexOf('/');
  return slash <= 0 ? '/' : pathname.slice(0, slash);
}

function covers(cookiePath: string, pathname: string): boolean {
  if (pathname === cookiePath) return true;
  return pathname.startsWith(cookiePath) && (cookiePath.endsWith('/') || pathname[cookiePath.length] === '/');
}

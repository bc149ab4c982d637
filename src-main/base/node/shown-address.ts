/** Addresses as they may be printed, kept in the journal and put into a support bundle. */

/** In other addresses an @ comes before a speed, a channel or a port. */
const HAS_AT = /^(?:tcp|serial|usb|bluetooth):/i;

/** What stands before the host of a URL, or of what was meant to be one, may be a password. */
export function withoutCredentials(text: string): string {
  const at = text.lastIndexOf('@');
  const scheme = /^\s*[a-z][a-z0-9+.-]*:[\\/]*/i.exec(text)?.[0];
  if (at === -1 || scheme === undefined || HAS_AT.test(text)) return text;
  return `${scheme}…${text.slice(at)}`;
}

/** An address without its query, which may hold a token, and without credentials; what is no address too. */
export function withoutSecrets(address: string): string {
  const parsed = URL.canParse(address) ? new URL(address) : undefined;
  // Without a host it is none: `user:password@host` has the form of a URL of the scheme `user`. A password may have a #.
  if (parsed === undefined || parsed.host === '')
    return withoutCredentials(address)
      .replace(/[?#].*$/s, '')
      .replace(/^[^/]*@/, '');
  const { protocol, host, pathname } = parsed;
  return `${protocol}//${host}${pathname}`;
}

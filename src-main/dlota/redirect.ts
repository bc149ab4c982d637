import { PcAgentError } from '../base/errors.ts';
import { usableUrl } from './descriptor.ts';

/** Redirects that one request follows; more are a loop or a game. */
export const MAX_REDIRECTS = 5;

/** RFC 9110, 15.4: those that say where it is now. */
const MOVED = new Set([301, 302, 303, 307, 308]);

export function isRedirect(status: number): boolean {
  return MOVED.has(status);
}

/**
 * Where a redirect leads.
 * @param trail addresses that were asked, the last one answered by the redirect
 * @throws PcAgentError `dlota/redirect-refused`: nowhere, in a circle, too often, or out of TLS into the clear
 */
export function followRedirect(trail: readonly string[], location: string | undefined): string {
  const from = trail.at(-1) ?? '';
  const to = location === undefined ? undefined : usableUrl(location, from);
  const why = (() => {
    if (to === undefined) return 'leads nowhere';
    if (trail.includes(to)) return 'leads back';
    if (trail.length > MAX_REDIRECTS) return `is one more than ${MAX_REDIRECTS}`;
    if (from.startsWith('https:') && to.startsWith('http:')) return 'leads from a safe connection to one that is not';
    return undefined;
  })();
  if (why === undefined && to !== undefined) return to;
  throw new PcAgentError('dlota/redirect-refused', `a redirect ${why}`, {
    retry: 'after-operator',
    details: { hops: trail.length, hosts: [...new Set(trail.map((each) => new URL(each).host))] },
  });
}

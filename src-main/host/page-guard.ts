import type { IncomingHttpHeaders } from 'node:http';
import { contentPolicy } from '../contract/content-policy.ts';
import { checkLoopback } from '../net/loopback-guard.ts';

/** Why a request to the page's server is refused; the words are in `wording/`. */
export type Refusal = 'page/wrong-host' | 'page/wrong-origin';

/**
 * Refuses what did not come from our own page. The Host check is against DNS rebinding (a foreign name that points to
 * 127.0.0.1), the Origin check against other sites and other programs' pages in the same browser.
 * @param changes true for a POST and for a WebSocket's upgrade: those must carry our Origin.
 */
export function refusalOf(headers: IncomingHttpHeaders, port: number, changes: boolean): Refusal | undefined {
  const { host, origin } = headers;
  const verdict = checkLoopback({ host, origin }, { port });
  if (!verdict.ok) return `page/wrong-${verdict.reason}`;
  if (origin === undefined) return changes ? 'page/wrong-origin' : undefined;
  // Stricter than for other local servers: the very name that the page was loaded by.
  return origin === `http://${host}` ? undefined : 'page/wrong-origin';
}

/** Headers of every answer. `host` has passed the guard. */
export function pageHeaders(host: string): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentPolicy([`ws://${host}`]),
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'x-frame-options': 'DENY',
    'cache-control': 'no-store',
  };
}

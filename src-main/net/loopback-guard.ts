/**
 * A page that the operator has open may send requests to 127.0.0.1, and may get a name of its own to point there
 * (DNS rebinding). A local server therefore answers only to the names of this machine, and to pages of its own.
 */

/** The two headers that a browser cannot be made to lie about. */
export interface GuardedHeaders {
  readonly host?: string | undefined;
  readonly origin?: string | undefined;
}

export interface GuardOptions {
  /** The port that the server listens on. */
  readonly port: number;
  /**
   * Accept a Host with another port, as a port forwarder leaves it. Only for a server that hands out no secrets:
   * a rebound name is refused all the same. Default false.
   */
  readonly anyPort?: boolean;
}

export type GuardVerdict = { readonly ok: true } | { readonly ok: false; readonly reason: 'host' | 'origin' };

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);
const OK: GuardVerdict = { ok: true };

/** Whether a request may be served. A missing Host is refused; a missing Origin is not (only pages send one). */
export function checkLoopback(headers: GuardedHeaders, options: GuardOptions): GuardVerdict {
  const host = splitHost(headers.host);
  if (host === undefined || !LOOPBACK.has(host.name)) return { ok: false, reason: 'host' };
  if (host.port !== options.port && options.anyPort !== true) return { ok: false, reason: 'host' };
  if (headers.origin === undefined) return OK;
  return isOwnOrigin(headers.origin, options.port) ? OK : { ok: false, reason: 'origin' };
}

/** True for addresses that only this machine can reach. */
export function isLoopbackHost(host: string): boolean {
  const name = host.toLowerCase();
  return LOOPBACK.has(name) || name === '::1' || /^127(\.\d{1,3}){3}$/.test(name);
}

function isOwnOrigin(origin: string, port: number): boolean {
  const scheme = 'http://';
  if (!origin.startsWith(scheme)) return false;
  const host = splitHost(origin.slice(scheme.length));
  return host !== undefined && LOOPBACK.has(host.name) && host.port === port;
}

function splitHost(text: string | undefined): { readonly name: string; readonly port: number } | undefined {
  const match = /^(\[[0-9a-f:]+\]|[a-z0-9.-]+)(?::(\d{1,5}))?$/i.exec(text ?? '');
  if (match?.[1] === undefined) return undefined;
  return { name: match[1].toLowerCase(), port: match[2] === undefined ? 80 : Number(match[2]) };
}

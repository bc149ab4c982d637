import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Duration } from '../base/durations.ts';
import { unlessAborted } from '../base/unless-aborted.ts';
import { portOf } from './http-request.ts';
import { assertOnline, type Ledger } from './ledger.ts';

export interface ProbeOptions {
  readonly url: URL;
  readonly ledger: Ledger;
  /** For the ledger. */
  readonly initiator: string;
  readonly limit: Duration;
  readonly signal: AbortSignal;
}

/** The name's addresses. @throws PcAgentError `net/offline`; the system's own error. */
export async function probeName({ url, ledger, limit, signal }: ProbeOptions): Promise<readonly string[]> {
  const host = hostOf(url);
  if (isIP(host) !== 0) return [host];
  assertOnline(ledger, host);
  const found = await unlessAborted(lookup(host, { all: true }), AbortSignal.any([signal, AbortSignal.timeout(limit)]));
  return found.map(({ address }) => address);
}

/** Opens a TCP connection and closes it. @returns the address that answered. */
export async function probeTcp(options: ProbeOptions): Promise<string> {
  return probe(
    options,
    'connect',
    (host, port) => connectTcp({ host, port }),
    (socket) => socket.remoteAddress ?? '',
  );
}

/** Opens a TLS connection and closes it. @returns protocol and the certificate's subject. */
export async function probeTls(options: ProbeOptions): Promise<string> {
  return probe(
    options,
    'secureConnect',
    (host, port) => connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}) }),
    (socket) => {
      const subject = socket.getPeerCertificate().subject?.CN;
      return `${socket.getProtocol() ?? 'TLS'}${subject === undefined ? '' : `, certificate of ${String(subject)}`}`;
    },
  );
}

async function probe<S extends Socket>(
  { url, ledger, initiator, limit, signal }: ProbeOptions,
  event: string,
  open: (host: string, port: number) => S,
  found: (socket: S) => string,
): Promise<string> {
  const host = hostOf(url);
  const port = portOf(url);
  assertOnline(ledger, host);
  const at = new Date().toISOString();
  const socket = open(host, port);
  try {
    const opened = new Promise<void>((resolve, reject) => {
      socket.once(event, () => resolve());
      socket.on('error', reject);
    });
    await unlessAborted(opened, AbortSignal.any([signal, AbortSignal.timeout(limit)]));
    return found(socket);
  } finally {
    const { bytesRead, bytesWritten } = socket;
    socket.destroy();
    ledger.record({ host, port, purpose: 'test', initiator, at, bytesOut: bytesWritten, bytesIn: bytesRead });
  }
}

/** `URL` keeps the brackets of an IPv6 address. */
function hostOf(url: URL): string {
  return url.hostname.replace(/^\[|\]$/g, '');
}

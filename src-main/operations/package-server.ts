import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Random } from '../base/digest.ts';
import { PcAgentError } from '../base/errors.ts';
import type { InstallNotification } from '../dlota/notification-code.ts';
import { checkLoopback } from '../net/loopback-guard.ts';
import { beginAnswer, endAnswer, packageOffer, type ServedPackage } from './package-offer.ts';

/** The interface of a network bearer has an address of its own; here it is this machine's alone. */
const HOST = '127.0.0.1';
/** A client that sends its request no faster has no time here; a slow link of octets is given all it needs. */
const REQUEST_LIMIT = 60_000;
/** How long a connection may end by itself when the server closes. */
const LAST_WORDS = 500;

/** One package on one free port, for one client. */
export interface PackageServer {
  /** Address of the descriptor. */
  readonly descriptor: string;
  /** Address of the package itself. */
  readonly object: string;
  /** The first installation notification. After it the package is not there any more. */
  readonly notified: Promise<InstallNotification>;
  close(): Promise<void>;
}

/**
 * Serves a package and its download descriptor below a path that nobody can guess, until its installation notification
 * has come or it is closed.
 * @throws PcAgentError `dlota/server-failed`
 */
export async function openPackageServer(served: ServedPackage, random: Random): Promise<PackageServer> {
  const offer = packageOffer(served, random);
  const state = { port: 0 };
  const server = createServer({ requestTimeout: REQUEST_LIMIT }, (request, answer) => {
    handle(request, answer).catch(() => answer.destroy());
  });

  async function handle(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { host, origin } = request.headers;
    beginAnswer(answer);
    // An HTTP/1.0 client may send no Host; no browser is one.
    const old = host === undefined && origin === undefined;
    if (!old && !checkLoopback({ host, origin }, { port: state.port, anyPort: true }).ok) return endAnswer(answer, 403);
    // By the address through which it was asked, which a port forwarder may have changed.
    return offer.handle(request, answer, `http://${host ?? `${HOST}:${state.port}`}`);
  }

  await listen(server);
  const address = server.address();
  state.port = address !== null && typeof address === 'object' ? address.port : 0;
  const origin = `http://${HOST}:${state.port}`;
  return {
    descriptor: origin + offer.descriptor,
    object: origin + offer.object,
    notified: offer.notified,
    close: () => close(server),
  };
}

async function listen(server: Server): Promise<void> {
  server.listen(0, HOST);
  try {
    await once(server, 'listening');
  } catch (cause) {
    throw new PcAgentError('dlota/server-failed', 'no port of this machine is free to serve the package', {
      cause,
      retry: 'later',
    });
  }
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), LAST_WORDS);
  await closed;
  clearTimeout(timer);
}

import { once } from 'node:events';
import { createServer, type ListenOptions, type Socket } from 'node:net';
import type { ByteStream } from '../../base/byte-stream.ts';
import { type Duration, seconds } from '../../base/durations.ts';
import { isAbort, PcAgentError } from '../../base/errors.ts';
import { unmapped } from '../../base/ip-address.ts';
import { DIALLING, LISTENING, type ReasonWords, reasonOf } from '../../base/os-reasons.ts';
import type { Bearer, BearerListener } from '../bearer.ts';
import { ringSocket, takenOver } from './ring-socket.ts';
import { parseTcpAddress, type TcpAddress, tcpAddress } from './tcp-address.ts';
import { TcpStream } from './tcp-stream.ts';

export interface TcpBearerOptions {
  /** Limit for a connection to come about; default 20 s. */
  readonly connectLimit?: Duration;
}

/** A dead peer is noticed by the kernel even where nothing is being sent. */
const KEEP_ALIVE_MS = 30_000;

export function createTcpBearer(options: TcpBearerOptions = {}): Bearer<TcpAddress> {
  const connectLimit = options.connectLimit ?? seconds(20);
  return {
    kind: 'tcp',
    parse: parseTcpAddress,
    dial: (address, { signal }) => dial(address, connectLimit, signal),
    listen,
  };
}

async function dial(address: TcpAddress, limit: Duration, signal: AbortSignal): Promise<ByteStream> {
  signal.throwIfAborted();
  const there = ringSocket({ allowHalfOpen: true });
  const { socket } = there;
  const timer = setTimeout(() => socket.destroy(timedOut(address, limit)), limit);
  const onAbort = (): void => {
    socket.destroy(new DOMException('This operation was aborted', 'AbortError'));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    socket.setNoDelay(true);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.connect({ host: address.host, port: address.port });
    await once(socket, 'connect');
    return new TcpStream(there);
  } catch (error) {
    // The socket may report the same failure once more; nobody is left to hear it.
    socket.on('error', () => undefined);
    socket.destroy();
    if (isAbort(error) || error instanceof PcAgentError) throw error;
    throw unavailable('cannot connect to', address, error, DIALLING);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', onAbort);
  }
}

async function listen(
  address: TcpAddress,
  options: { readonly signal: AbortSignal; readonly onStream: (stream: ByteStream) => void },
): Promise<BearerListener> {
  const { signal, onStream } = options;
  signal.throwIfAborted();
  const server = createServer({
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: KEEP_ALIVE_MS,
  });
  server.on('connection', (socket) => {
    // Once it is taken over the server's socket knows nothing of it any more.
    const caller = callerOf(socket);
    onStream(new TcpStream(takenOver(socket), caller));
  });
  const where: ListenOptions = { host: address.host, port: address.port };
  server.listen(where);
  try {
    await once(server, 'listening', { signal });
  } catch (error) {
    server.close();
    if (isAbort(error)) throw error;
    throw unavailable('cannot listen on', address, error, LISTENING);
  }
  // An error of one incoming connection (too many open files) must not end the server.
  server.on('error', () => undefined);
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    signal.removeEventListener('abort', close);
    // The callback of net's close waits for the streams too; they are their owners' affair.
    closed ??= Promise.resolve(server.close()).then(() => undefined);
    return closed;
  };
  signal.addEventListener('abort', close, { once: true });
  const bound = server.address();
  const port = bound !== null && typeof bound === 'object' ? bound.port : address.port;
  return { address: tcpAddress(address.host, port), close };
}

/** Where a connection comes from. */
function callerOf({ remoteAddress, remotePort = 0 }: Socket): string | undefined {
  if (remoteAddress === undefined) return undefined;
  return tcpAddress(unmapped(remoteAddress), remotePort).text;
}

function timedOut(address: TcpAddress, limit: Duration): PcAgentError {
  return new PcAgentError('bearer/timeout', `${address.text} did not answer within ${limit / 1000} s`, {
    retry: 'later',
    details: { bearer: 'tcp', address: address.text, limit },
  });
}

/** @param error what Node gave; its `code` is the operating system's. */
function unavailable(what: string, address: TcpAddress, error: unknown, words: ReasonWords): PcAgentError {
  const os = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const code = os === 'ETIMEDOUT' ? 'bearer/timeout' : 'bearer/unavailable';
  return new PcAgentError(code, `${what} ${address.text}${os === undefined ? '' : reasonOf(os, words)}`, {
    cause: error,
    retry: 'later',
    details: { bearer: 'tcp', address: address.text, ...(os === undefined ? {} : { os }) },
  });
}

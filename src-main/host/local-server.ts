import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { seconds } from '../base/durations.ts';
import { PcAgentError } from '../base/errors.ts';
import { FrameLines } from '../base/node/frame-lines.ts';
import { MAX_FACE_FRAME, MAX_HOST_FRAME } from '../contract/frames.ts';
import { prepareEndpoint } from './endpoint.ts';
import { FaceSession, type FaceSessionOptions } from './face-session.ts';

export interface LocalServerOptions extends Omit<FaceSessionOptions, 'channel' | 'local'> {
  readonly endpoint: string;
}

export interface LocalServer {
  /** Lets nobody in any more and ends every connection once what was sent has gone. */
  close(): Promise<void>;
}

const MAX_FACES = 64;
/** Who says nothing for so long is no face. */
const HELLO_LIMIT = seconds(10);
/** How long the last frames may take to be read. */
const FLUSH_LIMIT = seconds(2);

/**
 * Serves the contract on a local socket that only its owner may open. The caller holds the data folder's lock, so a
 * socket file that lies there is a dead host's.
 * @throws PcAgentError `host/socket-failed`, `host/socket-unsafe`
 */
export async function openLocalServer(options: LocalServerOptions): Promise<LocalServer> {
  const { endpoint } = options;
  const faces = new Map<Socket, FaceSession>();
  const server = createServer((socket) => {
    if (faces.size >= MAX_FACES) return void socket.destroy();
    faces.set(socket, serve(socket, options));
    socket.on('close', () => faces.delete(socket));
  });
  await listen(server, endpoint);
  return {
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const [socket, face] of faces) {
        face.end();
        socket.end();
        setTimeout(() => socket.destroy(), FLUSH_LIMIT).unref();
      }
      await closed;
    },
  };
}

async function listen(server: Server, endpoint: string): Promise<void> {
  prepareEndpoint(endpoint);
  const isFile = process.platform !== 'win32';
  if (isFile) rmSync(endpoint, { force: true });
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: Error) =>
      reject(
        new PcAgentError('host/socket-failed', `the host cannot listen on ${endpoint}`, {
          cause,
          retry: 'after-operator',
          details: { endpoint },
        }),
      );
    server.once('error', fail);
    // The folder lets nobody else in; the file's own mode says it once more.
    server.listen(endpoint, () => {
      server.off('error', fail);
      resolve();
    });
  });
  server.on('error', () => undefined);
  if (isFile) chmodSync(endpoint, 0o600);
}

function serve(socket: Socket, options: LocalServerOptions): FaceSession {
  const lines = new FrameLines(MAX_FACE_FRAME);
  const session = new FaceSession({
    ...options,
    local: true,
    channel: {
      send(frame) {
        if (!socket.writable) return;
        socket.write(`${JSON.stringify(frame)}\n`);
        // One that asks and does not read is cut off; it comes back and gets a snapshot.
        if (socket.writableLength > MAX_HOST_FRAME) socket.destroy();
      },
      room: () => roomIn(socket),
      close: () => socket.end(() => socket.destroy()),
    },
  });
  const limit = setTimeout(() => {
    if (!session.greeted) socket.destroy();
  }, HELLO_LIMIT);
  socket.on('data', (chunk) => {
    const whole = lines.take(chunk);
    if (whole === undefined) return void socket.destroy();
    for (const line of whole) session.receive(line);
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    clearTimeout(limit);
    session.closed();
  });
  return session;
}

async function roomIn(socket: Socket): Promise<void> {
  if (!socket.writableNeedDrain) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  socket.once('drain', resolve);
  socket.once('close', resolve);
  await promise;
  socket.off('drain', resolve);
  socket.off('close', resolve);
}

import { Socket, type SocketConstructorOpts } from 'node:net';
import { ReadRing } from './read-ring.ts';

/** A socket and the memory that it reads into; says `readable` whenever there is something. */
export interface RingSocket {
  readonly socket: Socket;
  readonly ring: Pick<ReadRing, 'lend' | 'mayGoOn' | 'drop'>;
}

/** A socket that is not connected yet. @param came what is read first */
export function ringSocket(options: SocketConstructorOpts, came?: Uint8Array): RingSocket {
  const ring = new ReadRing(came);
  const socket = new Socket({
    ...options,
    onread: {
      buffer: ring.next,
      callback: (octets, buffer) => {
        ring.take(octets, buffer);
        socket.emit('readable');
        // Who hears of it may have taken it on already.
        return !ring.full;
      },
    },
  });
  return { socket, ring };
}

/** What Node's own server gives its sockets, and the documentation does not tell of. */
interface WithHandle {
  _handle?: unknown;
}

interface ReadingHandle {
  reading: boolean;
  readStop(): number;
}

/**
 * A connection that came to a server, which has no `onread` for those: its handle gets another socket, and the one that
 * the server made is left without. (Packets of 64 KB pass half as fast again.) Where Node does not have it so,
 * the server's socket reads as it always did.
 */
export function takenOver(socket: Socket): RingSocket {
  const owner = socket as unknown as WithHandle;
  const handle = owner._handle;
  if (typeof handle !== 'object' || handle === null || !('useUserBuffer' in handle)) return asItIs(socket);
  const came: Buffer | null = socket.read();
  // The new one begins to read anew: an end that the old one has read already comes again.
  const reading = handle as unknown as ReadingHandle;
  reading.readStop();
  reading.reading = false;
  owner._handle = null;
  const options = { allowHalfOpen: socket.allowHalfOpen, handle };
  const taken = ringSocket(options as unknown as SocketConstructorOpts, came ?? undefined);
  // The server counts it as gone.
  socket.destroy();
  return taken;
}

/** A socket that has no memory of its own to read into. */
export function asItIs(socket: Socket): RingSocket {
  const lend = (): Uint8Array | undefined => {
    const chunk: Buffer | null = socket.read();
    return chunk === null ? undefined : new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  };
  const drop = (): void => {
    // A socket with a listener for `readable` would not flow.
    socket.removeAllListeners('readable');
    socket.on('data', () => undefined);
  };
  return { socket, ring: { lend, drop, mayGoOn: () => false } };
}

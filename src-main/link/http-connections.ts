import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** Who may connect, and who is told of it. */
export interface ConnectionGuard {
  /** Connections at a time, and of one address among them; more are not answered. Default 256, all from one address. */
  readonly maxConnections?: { readonly all: number; readonly each: number };
  /** Who is let in, by IP address. Default: everybody. */
  readonly mayCall?: (address: string) => boolean;
  /** Told of each connection of somebody who may call, when it has ended. */
  readonly onConnectionEnd?: (connection: EndedConnection) => void;
}

/** What went over one connection. */
export interface EndedConnection {
  readonly address: string;
  readonly port: number;
  /** Octets on the socket. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Something was asked for that there is. */
  readonly served: boolean;
  /** How long it was open, in milliseconds. */
  readonly lasted: number;
}

const MAX_CONNECTIONS = 256;

/**
 * Lets in who may come, and not too many.
 * @returns the connections over which something was asked for that there is: for the server to fill
 */
export function guardConnections(server: Server, options: ConnectionGuard): WeakSet<Socket> {
  const served = new WeakSet<Socket>();
  const { mayCall, onConnectionEnd } = options;
  const { all, each } = options.maxConnections ?? { all: MAX_CONNECTIONS, each: MAX_CONNECTIONS };
  const open = new Map<string, number>();
  server.maxConnections = all;
  server.on('connection', (socket: Socket) => {
    const { remoteAddress: address = '', remotePort: port = 0 } = socket;
    const count = open.get(address) ?? 0;
    if (count >= each || mayCall?.(address) === false) return void socket.destroy();
    open.set(address, count + 1);
    const began = performance.now();
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left === 0) open.delete(address);
      else open.set(address, left);
      const { bytesRead: bytesIn, bytesWritten: bytesOut } = socket;
      onConnectionEnd?.({
        ...{ address, port, bytesIn, bytesOut },
        served: served.has(socket),
        lasted: performance.now() - began,
      });
    });
  });
  return served;
}

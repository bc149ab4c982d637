import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { buildConnector, Client } from 'undici';
import { type Duration, seconds } from '../base/durations.ts';

/**
 * One connection to one origin and the exchange that runs on it. We hold a `Client` a connection instead of undici's
 * pool, because whether a failed request may be sent again depends on the socket that it went out on: had it served
 * before, and did a single byte come back.
 */
export interface HttpSlot {
  readonly origin: string;
  readonly client: Client;
  /** The last socket that connected; it may be closed by now. `undefined` until there is one. */
  socket: Socket | undefined;
  /** The socket reported an error (a reset), even if the parser took the answer for complete. */
  broken: boolean;
}

/** Connections of one profile, kept alive between messages. */
export interface HttpAgent {
  /** A connection for one exchange: an idle one, else a new one. */
  take(origin: string): HttpSlot;
  /** Hands a connection back after an exchange that ended well. */
  give(slot: HttpSlot): void;
  /** Ends a connection whose exchange failed, and with it what is still arriving. */
  drop(slot: HttpSlot): void;
  /** Ends every connection, also those in use. */
  close(): Promise<void>;
}

export interface HttpAgentOptions {
  /** Limit for TCP and TLS together; default 10 s. */
  readonly connectTime?: Duration;
  /** How long an idle connection is kept when the server names no time; default 4 s, below what servers use. */
  readonly keepAlive?: Duration;
  /** Idle connections kept per origin; default 64. */
  readonly idleConnections?: number;
  /** `ca`, `cert`, `key` of the profile. */
  readonly tls?: Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'passphrase' | 'servername'>;
}

/** Opens nothing by itself; the owner closes it. */
export function createHttpAgent(options: HttpAgentOptions = {}): HttpAgent {
  const idle = new Map<string, HttpSlot[]>();
  const all = new Set<HttpSlot>();
  const keep = options.idleConnections ?? 64;

  function open(origin: string): HttpSlot {
    const slot = openSlot(origin, options);
    all.add(slot);
    return slot;
  }

  return {
    take(origin) {
      return idle.get(origin)?.pop() ?? open(origin);
    },
    give(slot) {
      const waiting = idle.get(slot.origin) ?? [];
      if (waiting.length >= keep || !all.has(slot)) return this.drop(slot);
      waiting.push(slot);
      idle.set(slot.origin, waiting);
    },
    drop(slot) {
      all.delete(slot);
      void slot.client.destroy();
    },
    async close() {
      const ending = [...all];
      all.clear();
      idle.clear();
      await Promise.all(ending.map((slot) => slot.client.destroy()));
    },
  };
}

function openSlot(origin: string, options: HttpAgentOptions): HttpSlot {
  // DM's HTTP binding is HTTP/1.1; HTTP/2 is not offered, so a middlebox cannot choose it.
  const connect = buildConnector({ ...options.tls, timeout: options.connectTime ?? seconds(10), allowH2: false });
  const client = new Client(origin, {
    connect(target, callback) {
      connect(target, (...result) => {
        const socket = result[1];
        // With an error undici leaves the second value out, although its types promise null.
        if (socket) {
          slot.socket = socket;
          slot.broken = false;
          socket.once('error', () => {
            slot.broken = true;
          });
        }
        callback(...result);
      });
    },
    allowH2: false,
    pipelining: 1,
    keepAliveTimeout: options.keepAlive ?? seconds(4),
    // Our own limits cover a whole header and a whole body; undici's restart with each byte.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  const slot: HttpSlot = { origin, client, socket: undefined, broken: false };
  return slot;
}

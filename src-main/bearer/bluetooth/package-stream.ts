import type { ByteStream } from '../../base/byte-stream.ts';
import { Change } from '../../base/change.ts';
import type { Clock } from '../../base/clock.ts';
import { milliseconds, seconds } from '../../base/durations.ts';
import type { PcAgentError } from '../../base/errors.ts';
import { linkLost } from './link-lost.ts';

/** A connected port of npm node-bluetooth-serial-port, as little of it as a stream needs. */
export interface PackagePort {
  connection?: { read(callback: (error: unknown, octets?: Buffer) => void): void };
  write(octets: Buffer, onDone: (error?: Error) => void): void;
  close(): void;
  on(event: 'data', listener: (octets: Buffer) => void): unknown;
  on(event: 'failure' | 'closed', listener: (error?: Error) => void): unknown;
}

/**
 * The package writes to a socket that does not block, in a loop, and says "unsuccessful" when there is no room, not how
 * much was taken before. The system takes one frame of RFCOMM whole or not at all, and the shortest usual frame has 127
 * octets (RFCOMM 1.2, 5.3): with no more in a write, one that was unsuccessful has written nothing.
 */
const MOST_IN_WRITE = 127;
const AGAIN = milliseconds(5);
/** How long the handset may take nothing of a write. */
const STALL_LIMIT = seconds(60);
/** Octets that wait for their reader before the package is held back. */
const MOST_UNREAD = 65_536;

/** A connection of npm node-bluetooth-serial-port as a byte stream. */
export class PackageStream implements ByteStream {
  readonly peer: string;
  readonly #port: PackagePort;
  readonly #clock: Clock;
  readonly #unread: Uint8Array[] = [];
  #octets = 0;
  /** Lets the package read on. */
  #held: (() => void) | undefined;
  #over: PcAgentError | undefined;
  /** Something came, or nothing more will. */
  readonly #incoming = new Change();

  /** @param peer who is at the other end, as a handset address */
  constructor(port: PackagePort, peer: string, clock: Clock) {
    this.#port = port;
    this.peer = peer;
    this.#clock = clock;
    port.on('data', (octets) => this.#take(octets));
    port.on('failure', (error) => this.#lose('the Bluetooth link broke', error));
    port.on('closed', () => this.#lose('the Bluetooth link broke'));
    this.#holdBack();
  }

  async read(signal: AbortSignal): Promise<Uint8Array> {
    for (;;) {
      signal.throwIfAborted();
      const octets = this.#unread.shift();
      if (octets !== undefined) {
        this.#octets -= octets.length;
        this.#readOn();
        return octets;
      }
      // The package tells a goodbye as it tells a break.
      if (this.#over !== undefined) throw this.#over;
      await this.#incoming.next(signal);
    }
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    for (let at = 0; at < bytes.length; at += MOST_IN_WRITE) {
      await this.#writePiece(Buffer.from(bytes.subarray(at, at + MOST_IN_WRITE)), signal);
    }
    signal.throwIfAborted();
    if (this.#over !== undefined) throw this.#over;
  }

  async close(): Promise<void> {
    this.#lose('the Bluetooth connection was closed here');
    this.#incoming.close();
  }

  async #writePiece(piece: Buffer, signal: AbortSignal): Promise<void> {
    const end = this.#clock.monotonic() + STALL_LIMIT;
    for (;;) {
      signal.throwIfAborted();
      if (this.#over !== undefined) throw this.#over;
      const error = await new Promise<Error | undefined>((resolve) => this.#port.write(piece, resolve));
      if (error === undefined || error === null) return;
      if (this.#clock.monotonic() >= end) throw this.#lose('the handset takes nothing any more', error);
      await this.#clock.sleep(AGAIN, signal);
    }
  }

  #take(octets: Buffer): void {
    // No octets: the other side has closed, and `closed` follows.
    if (octets.length === 0 || this.#over !== undefined) return;
    this.#unread.push(new Uint8Array(octets.buffer, octets.byteOffset, octets.length));
    this.#octets += octets.length;
    this.#incoming.wake();
  }

  /** It reads on and on by itself, whether anybody wants it or not. */
  #holdBack(): void {
    const { connection } = this.#port;
    if (connection === undefined) return;
    const read = connection.read.bind(connection);
    connection.read = (callback) => {
      if (this.#octets < MOST_UNREAD) read(callback);
      else this.#held = () => read(callback);
    };
  }

  #readOn(): void {
    if (this.#octets >= MOST_UNREAD) return;
    const held = this.#held;
    this.#held = undefined;
    held?.();
  }

  #lose(reason: string, cause?: Error): PcAgentError {
    if (this.#over !== undefined) return this.#over;
    this.#over = linkLost(reason, cause?.message);
    this.#held = undefined;
    this.#port.close();
    this.#incoming.wake();
    return this.#over;
  }
}

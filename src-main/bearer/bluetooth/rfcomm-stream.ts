import type { Socket } from 'node:net';
import type { ByteStream } from '../../base/byte-stream.ts';
import { seconds } from '../../base/durations.ts';
import { isPcAgentError, type PcAgentError } from '../../base/errors.ts';
import { asItIs } from '../tcp/ring-socket.ts';
import { TcpStream } from '../tcp/tcp-stream.ts';
import { linkLost } from './link-lost.ts';

export interface RfcommStreamOptions {
  /** JavaScript's end of the joint. */
  readonly socket: Socket;
  /** Who is at the other end, as a handset address. */
  readonly peer?: string;
  /** Gives the connection up, whatever is still on its way. */
  readonly stop: () => void;
  readonly reset: () => void;
}

/** What was written before a close may take so long: some 200 KB, as buffers hold, at 100 KB/s. */
const LINGER = seconds(2);
/** How long giving it up may take. */
const STOP_LIMIT = seconds(1);
/** How it ended is told before the socket ends; the two come by different ways. */
const REASON_LIMIT = seconds(5);

/** A Bluetooth connection of the addon, whose octets go through a local socket. */
export class RfcommStream implements ByteStream {
  readonly peer?: string;
  readonly #options: RfcommStreamOptions;
  readonly #octets: TcpStream;
  /** How the other side ended: cleanly, or with an error. */
  readonly #end = Promise.withResolvers<PcAgentError | undefined>();
  readonly #released = Promise.withResolvers<void>();
  #over: PcAgentError | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: RfcommStreamOptions) {
    this.#options = options;
    this.#octets = new TcpStream(asItIs(options.socket));
    if (options.peer !== undefined) this.peer = options.peer;
  }

  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    let bytes: Uint8Array | undefined;
    try {
      bytes = await this.#octets.read(signal);
    } catch (error) {
      throw await this.#reasonOf(error);
    }
    if (bytes !== undefined) return bytes;
    const error = await this.#howEnded();
    if (error !== undefined) throw error;
    return undefined;
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#over !== undefined) throw this.#over;
    try {
      await this.#octets.write(bytes, signal);
    } catch (error) {
      throw await this.#reasonOf(error);
    }
    // Octets that nobody can be given any more are read and dropped.
    if (this.#over !== undefined) throw this.#over;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** Breaks the connection. */
  reset(): void {
    this.#options.reset();
  }

  /** The other side has ended; `os`: it broke, and what the system says of it. Octets from before are still read. */
  ended(os: string | undefined): void {
    const error = os === undefined ? undefined : linkLost('the Bluetooth link broke', os);
    this.#over ??= error ?? linkLost('the handset has closed the Bluetooth connection');
    this.#end.resolve(error);
  }

  /** The system's own connection is closed. */
  closed(): void {
    this.ended('ECONNABORTED');
    this.#released.resolve();
  }

  async #close(): Promise<void> {
    this.#over = linkLost('the Bluetooth connection was closed here');
    this.#end.resolve(this.#over);
    await this.#octets.close();
    if (await this.#isReleasedIn(LINGER)) return;
    this.#options.stop();
    await this.#isReleasedIn(STOP_LIMIT);
  }

  async #isReleasedIn(limit: number): Promise<boolean> {
    const late = Promise.withResolvers<boolean>();
    const timer = setTimeout(late.resolve, limit, false);
    const inTime = await Promise.race([this.#released.promise.then(() => true), late.promise]);
    clearTimeout(timer);
    return inTime;
  }

  /** The socket has only errors of its own; what they mean is known by how the connection ended. */
  async #reasonOf(error: unknown): Promise<unknown> {
    if (!isPcAgentError(error, 'bearer/lost')) return error;
    return (await this.#howEnded()) ?? this.#over ?? linkLost('the Bluetooth link broke');
  }

  async #howEnded(): Promise<PcAgentError | undefined> {
    const timer = setTimeout(() => this.#end.resolve(linkLost('the Bluetooth link broke')), REASON_LIMIT);
    const error = await this.#end.promise;
    clearTimeout(timer);
    return error;
  }
}

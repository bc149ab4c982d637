import type { Socket } from 'node:net';
import { seconds } from '../../base/durations.ts';
import { isPcAgentError, type PcAgentError } from '../../base/errors.ts';
import { asItIs } from './ring-socket.ts';
import { TcpStream } from './tcp-stream.ts';

/** How a stream ended is told before its socket ends; the two come by different ways. */
const REASON_LIMIT = seconds(5);

/**
 * The octets of a stream that go through a local socket, while something else tells how the stream ended: the socket
 * has only errors of its own.
 */
export class ToldOctets {
  readonly #octets: TcpStream;
  readonly #broken: () => PcAgentError;
  /** How the other side ended: cleanly, or with an error. */
  readonly #end = Promise.withResolvers<PcAgentError | undefined>();
  #over: PcAgentError | undefined;

  /** @param broken what it is when nothing was told in time */
  constructor(socket: Socket, broken: () => PcAgentError) {
    this.#octets = new TcpStream(asItIs(socket));
    this.#broken = broken;
  }

  /** As `ByteStream.read`; what it gives is new memory each time. */
  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    let bytes: Uint8Array | undefined;
    try {
      bytes = await this.#octets.lend(signal);
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

  /** How the other side ended. Octets from before are still read; only the first time counts. */
  ended(error?: PcAgentError): void {
    this.#end.resolve(error);
  }

  /** Nothing more can be written; only the first reason counts. */
  over(reason: PcAgentError): void {
    this.#over ??= reason;
  }

  /** Ends it here: whatever is read or written from now on fails with the reason, or with one that was told before. */
  async close(reason: PcAgentError): Promise<void> {
    this.over(reason);
    this.ended(this.#over);
    await this.#octets.close();
  }

  async #reasonOf(error: unknown): Promise<unknown> {
    if (!isPcAgentError(error, 'bearer/lost')) return error;
    return (await this.#howEnded()) ?? this.#over ?? this.#broken();
  }

  async #howEnded(): Promise<PcAgentError | undefined> {
    const timer = setTimeout(() => this.#end.resolve(this.#broken()), REASON_LIMIT);
    const error = await this.#end.promise;
    clearTimeout(timer);
    return error;
  }
}

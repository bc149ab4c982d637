import { seconds } from '../../base/durations.ts';
import { isPcAgentError, type PcAgentError } from '../../base/errors.ts';
import type { RingSocket } from './ring-socket.ts';
import { TcpStream } from './tcp-stream.ts';

/** How a stream ended is told before its socket ends; the two come by different ways. */
const REASON_LIMIT = seconds(5);

const DONE = Promise.resolve();

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
  constructor(socket: RingSocket, broken: () => PcAgentError) {
    this.#octets = new TcpStream(socket);
    this.#broken = broken;
  }

  /** As `ByteStream.read`. */
  async read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    const octets = await this.lend(signal);
    return octets === undefined ? undefined : new Uint8Array(octets);
  }

  /** As `ByteStream.lend`. */
  lend(signal: AbortSignal): Promise<Uint8Array | undefined> {
    return this.#octets.lend(signal).then(this.#orEnd, this.#fail);
  }

  write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#over !== undefined) return Promise.reject(this.#over);
    return this.#octets.push(bytes, signal)?.then(this.#check, this.#fail) ?? DONE;
  }

  /** How the other side ended. Octets from before are still read; only the first time counts. */
  ended(error?: PcAgentError): void {
    this.#end.resolve(error);
  }

  /** Nothing more can be written; only the first reason counts. */
  over(reason: PcAgentError): void {
    this.#over ??= reason;
  }

  /** Nothing more is written; what still comes is read. */
  end(): void {
    this.#octets.end();
  }

  /** Ends it here: whatever is read or written from now on fails with the reason, or with one that was told before. */
  async close(reason: PcAgentError): Promise<void> {
    this.over(reason);
    this.ended(this.#over);
    await this.#octets.close();
  }

  /** What there is of a read. */
  readonly #orEnd = (octets: Uint8Array | undefined): Uint8Array | Promise<undefined> => octets ?? this.#readEnd();

  /** Octets that nobody can be given any more are read and dropped. */
  readonly #check = (): void => {
    if (this.#over !== undefined) throw this.#over;
  };

  readonly #fail = async (error: unknown): Promise<never> => {
    throw await this.#reasonOf(error);
  };

  async #readEnd(): Promise<undefined> {
    const error = await this.#howEnded();
    if (error !== undefined) throw error;
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

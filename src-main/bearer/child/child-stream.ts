import type { Socket } from 'node:net';
import type { ByteStream } from '../../base/byte-stream.ts';
import { seconds } from '../../base/durations.ts';
import { isPcAgentError, PcAgentError } from '../../base/errors.ts';
import type { BearerKind } from '../bearer.ts';
import { asItIs } from '../tcp/ring-socket.ts';
import { TcpStream } from '../tcp/tcp-stream.ts';

export interface ChildStreamOptions {
  readonly bearer: BearerKind;
  readonly noisy: boolean;
  readonly peer?: string;
  readonly socket: Socket;
  /** Tells the child that nothing more is written. */
  readonly onClose: () => void;
}

/** How long the child may take to close the bearer's own stream: a handset is brought back to AT commands then. */
const CLOSE_LIMIT = seconds(6);
/** The child says how a stream ended before it ends it; the two come by different connections. */
const REASON_LIMIT = seconds(5);

/**
 * A bearer's stream whose bearer is in the child. The octets have a local socket of their own, so that its buffers in
 * the kernel hold both sides back; how the stream ended is told on the control connection.
 */
export class ChildStream implements ByteStream {
  readonly noisy?: boolean;
  readonly peer?: string;
  readonly #options: ChildStreamOptions;
  readonly #octets: TcpStream;
  /** How the other side ended: cleanly, or with an error. */
  readonly #end = Promise.withResolvers<PcAgentError | undefined>();
  readonly #released = Promise.withResolvers<void>();
  #lost: PcAgentError | undefined;
  #closing: Promise<void> | undefined;

  constructor(options: ChildStreamOptions) {
    this.#options = options;
    this.#octets = new TcpStream(asItIs(options.socket));
    if (options.noisy) this.noisy = true;
    if (options.peer !== undefined) this.peer = options.peer;
  }

  read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    // What a socket of a server reads is new memory each time.
    return this.lend(signal);
  }

  async lend(signal: AbortSignal): Promise<Uint8Array | undefined> {
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
    if (this.#lost !== undefined) throw this.#lost;
    try {
      await this.#octets.write(bytes, signal);
    } catch (error) {
      throw await this.#reasonOf(error);
    }
    // The child reads and drops what nobody can be given any more.
    if (this.#lost !== undefined) throw this.#lost;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** The other side has ended cleanly. */
  ended(): void {
    this.#end.resolve(undefined);
  }

  /** The stream broke, or its process has gone. Octets that came before are still read. */
  lost(error: PcAgentError): void {
    this.#lost ??= error;
    this.#end.resolve(error);
    this.#released.resolve();
    this.#options.socket.end();
  }

  /** The bearer's own stream is closed. */
  closed(): void {
    this.#released.resolve();
  }

  async #close(): Promise<void> {
    this.#lost ??= this.#broken('was closed here');
    this.#end.resolve(this.#lost);
    this.#options.onClose();
    await this.#octets.close();
    const timer = setTimeout(this.#released.resolve, CLOSE_LIMIT);
    await this.#released.promise;
    clearTimeout(timer);
  }

  /** The socket has only errors of its own; what they mean is known by the reason that the child gave. */
  async #reasonOf(error: unknown): Promise<unknown> {
    if (!isPcAgentError(error, 'bearer/lost')) return error;
    return (await this.#howEnded()) ?? this.#broken('broke');
  }

  async #howEnded(): Promise<PcAgentError | undefined> {
    const timer = setTimeout(() => this.#end.resolve(this.#broken('broke')), REASON_LIMIT);
    const error = await this.#end.promise;
    clearTimeout(timer);
    return error;
  }

  #broken(how: string): PcAgentError {
    const { bearer } = this.#options;
    return new PcAgentError('bearer/lost', `the ${bearer} connection ${how}`, {
      retry: 'same-bearer',
      details: { bearer },
    });
  }
}

import type { Socket } from 'node:net';
import type { ByteStream } from '../../base/byte-stream.ts';
import { seconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import type { BearerKind } from '../bearer.ts';
import { takenOver } from '../tcp/ring-socket.ts';
import { ToldOctets } from '../tcp/told-octets.ts';

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
/**
 * A bearer's stream whose bearer is in the child. The octets have a local socket of their own, so that its buffers in
 * the kernel hold both sides back; how the stream ended is told on the control connection.
 */
export class ChildStream implements ByteStream {
  readonly noisy?: boolean;
  readonly peer?: string;
  readonly #options: ChildStreamOptions;
  readonly #octets: ToldOctets;
  readonly #released = Promise.withResolvers<void>();
  #closing: Promise<void> | undefined;

  constructor(options: ChildStreamOptions) {
    this.#options = options;
    this.#octets = new ToldOctets(takenOver(options.socket), () => this.#broken('broke'));
    if (options.noisy) this.noisy = true;
    if (options.peer !== undefined) this.peer = options.peer;
  }

  read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    return this.#octets.read(signal);
  }

  lend(signal: AbortSignal): Promise<Uint8Array | undefined> {
    return this.#octets.lend(signal);
  }

  write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.#octets.write(bytes, signal);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** The other side has ended cleanly. */
  ended(): void {
    this.#octets.ended();
  }

  /** The stream broke, or its process has gone. Octets that came before are still read. */
  lost(error: PcAgentError): void {
    this.#octets.over(error);
    this.#octets.ended(error);
    this.#released.resolve();
    this.#octets.end();
  }

  /** The bearer's own stream is closed. */
  closed(): void {
    this.#released.resolve();
  }

  async #close(): Promise<void> {
    this.#options.onClose();
    await this.#octets.close(this.#broken('was closed here'));
    const timer = setTimeout(this.#released.resolve, CLOSE_LIMIT);
    await this.#released.promise;
    clearTimeout(timer);
  }

  #broken(how: string): PcAgentError {
    const { bearer } = this.#options;
    return new PcAgentError('bearer/lost', `the ${bearer} connection ${how}`, {
      retry: 'same-bearer',
      details: { bearer },
    });
  }
}

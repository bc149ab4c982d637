import type { Socket } from 'node:net';
import type { ByteStream } from '../../base/byte-stream.ts';
import { seconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import { unlessAborted } from '../../base/unless-aborted.ts';
import type { BearerKind } from '../bearer.ts';
import { takenOver } from '../tcp/ring-socket.ts';
import { ToldOctets } from '../tcp/told-octets.ts';

export interface ChildStreamOptions {
  readonly bearer: BearerKind;
  readonly noisy: boolean;
  /** The first write lasts until the child has told that the bearer has it. */
  readonly prepares?: boolean;
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
  readonly prepares?: boolean;
  readonly peer?: string;
  readonly #options: ChildStreamOptions;
  readonly #octets: ToldOctets;
  readonly #released = Promise.withResolvers<void>();
  /** Resolves when the bearer has the first octets; with an error when it will not. */
  readonly #taken = Promise.withResolvers<PcAgentError | undefined>();
  #preparing = false;
  #closing: Promise<void> | undefined;

  constructor(options: ChildStreamOptions) {
    this.#options = options;
    this.#octets = new ToldOctets(takenOver(options.socket), () => this.#broken('broke'));
    if (options.noisy) this.noisy = true;
    if (options.prepares === true) {
      this.prepares = true;
      this.#preparing = true;
    }
    if (options.peer !== undefined) this.peer = options.peer;
  }

  read(signal: AbortSignal): Promise<Uint8Array | undefined> {
    return this.#octets.read(signal);
  }

  lend(signal: AbortSignal): Promise<Uint8Array | undefined> {
    return this.#octets.lend(signal);
  }

  write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const written = this.#octets.write(bytes, signal);
    return this.#preparing ? this.#untilTaken(written, signal) : written;
  }

  async #untilTaken(written: Promise<void>, signal: AbortSignal): Promise<void> {
    await written;
    const error = await unlessAborted(this.#taken.promise, signal);
    if (error !== undefined) throw error;
    this.#preparing = false;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** The bearer has the first octets. */
  taken(): void {
    this.#taken.resolve(undefined);
  }

  /** The other side has ended cleanly. */
  ended(): void {
    this.#octets.ended();
  }

  /** The stream broke, or its process has gone. Octets that came before are still read. */
  lost(error: PcAgentError): void {
    this.#octets.over(error);
    this.#octets.ended(error);
    this.#taken.resolve(error);
    this.#octets.end();
  }

  /** The child has gone: nobody will tell anything more. */
  gone(error: PcAgentError): void {
    this.lost(error);
    this.#released.resolve();
  }

  /** The bearer's own stream is closed. */
  closed(): void {
    this.#released.resolve();
  }

  async #close(): Promise<void> {
    this.#options.onClose();
    this.#taken.resolve(this.#broken('was closed here'));
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

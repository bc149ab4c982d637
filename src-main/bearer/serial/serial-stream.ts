import type { ByteStream } from '../../base/byte-stream.ts';
import { ChangeSignal } from '../../base/change-signal.ts';
import type { Clock } from '../../base/clock.ts';
import { type Duration, milliseconds, seconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import type { LinePort } from './line-port.ts';
import { lostPort } from './serial-errors.ts';

export interface SerialStreamOptions {
  readonly clock: Clock;
  /** How long the line may take no octet of a write; default 8 s. */
  readonly stallLimit?: Duration;
}

const STALL_LIMIT = seconds(8);
/** Octets that wait for a reader before the port is left alone, and the driver holds the peer back. */
const QUEUE_LIMIT = 1024 * 1024;
const READ_SIZE = 65_536;
/** Long enough for any UART to see a break: some hundred bits at 300 baud. */
const BREAK = milliseconds(300);

/** A serial port as a byte stream. It is read all the time, so that what comes is never lost in a small driver. */
export class SerialStream implements ByteStream {
  readonly noisy = true;
  readonly #port: LinePort;
  readonly #clock: Clock;
  readonly #stallLimit: Duration;
  #queue: Uint8Array[] = [];
  #queued = 0;
  #lost: PcAgentError | undefined;
  #closing: Promise<void> | undefined;
  readonly #changed = new ChangeSignal();
  readonly #ended = Promise.withResolvers<PcAgentError | undefined>();

  constructor(port: LinePort, options: SerialStreamOptions) {
    this.#port = port;
    this.#clock = options.clock;
    this.#stallLimit = options.stallLimit ?? STALL_LIMIT;
    port.onGone((reason) => this.#lose(reason));
    void this.#readOn();
  }

  /** The port has gone, or was closed here. */
  get isOver(): boolean {
    return this.#lost !== undefined;
  }

  /** Resolves when the stream was closed, or with the error when the port has gone. */
  get ended(): Promise<PcAgentError | undefined> {
    return this.#ended.promise;
  }

  async read(signal: AbortSignal): Promise<Uint8Array> {
    for (;;) {
      signal.throwIfAborted();
      const piece = this.#queue.shift();
      if (piece !== undefined) {
        this.#queued -= piece.length;
        this.#changed.notify();
        return piece;
      }
      if (this.#lost !== undefined) throw this.#lost;
      await this.#changed.next(signal);
    }
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#lost !== undefined) throw this.#lost;
    const progress = { octets: 0 };
    const stop = new AbortController();
    const broken = this.#broken(progress, signal, stop.signal);
    try {
      while (progress.octets < bytes.length) {
        const taken = await Promise.race([this.#port.tryWrite(bytes.subarray(progress.octets)), broken]);
        progress.octets += taken;
        if (taken === 0) await Promise.race([this.#port.writable(), broken]);
      }
    } catch (error) {
      if (error instanceof PcAgentError || signal.aborted) throw error;
      throw this.#lose(error);
    } finally {
      stop.abort();
    }
  }

  /**
   * Sends a break, the hardware's way to get attention.
   * @returns false where the line has none (pseudo-terminals, some drivers).
   */
  async sendBreak(signal: AbortSignal): Promise<boolean> {
    try {
      await this.#port.setBreak(true);
    } catch {
      // A driver may have begun with it before it failed.
      await this.#port.setBreak(false).catch(() => undefined);
      return false;
    }
    try {
      await this.#clock.sleep(BREAK, signal);
    } finally {
      await this.#port.setBreak(false).catch(() => undefined);
    }
    return true;
  }

  /** Another speed from now on. @throws PcAgentError `bearer/unavailable` where the driver does not know it. */
  async setBaud(baud: number): Promise<void> {
    if (this.#lost !== undefined) throw this.#lost;
    try {
      await this.#port.setBaud(baud);
    } catch (cause) {
      throw new PcAgentError('bearer/unavailable', `the serial port cannot be set to ${baud} baud`, {
        cause,
        details: { bearer: 'serial', baud },
      });
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#end(lostPort('the serial port was closed here'));
    this.#queue = [];
    this.#queued = 0;
    this.#ended.resolve(undefined);
    await this.#port.close().catch(() => undefined);
  }

  async #readOn(): Promise<void> {
    const buffer = new Uint8Array(READ_SIZE);
    const never = new AbortController().signal;
    try {
      while (this.#lost === undefined) {
        if (this.#queued >= QUEUE_LIMIT) {
          await this.#changed.next(never);
          continue;
        }
        const octets = await this.#port.tryRead(buffer);
        if (octets === 0) {
          await this.#port.readable();
          continue;
        }
        if (this.#closing !== undefined) return;
        this.#queue.push(buffer.slice(0, octets));
        this.#queued += octets;
        this.#changed.notify();
      }
    } catch (error) {
      this.#lose(error);
    }
  }

  /**
   * Rejects when a write is broken off, and when the line has taken nothing for the limit: only a peer that holds its
   * flow control for ever, or a driver that has lost its way, keeps a line busy for seconds.
   */
  async #broken(progress: { readonly octets: number }, signal: AbortSignal, stop: AbortSignal): Promise<never> {
    const either = AbortSignal.any([signal, stop]);
    for (;;) {
      const before = progress.octets;
      try {
        await this.#clock.sleep(this.#stallLimit, either);
      } catch (error) {
        if (signal.aborted) throw error;
        // The write is over: nobody waits for this any more.
        return new Promise<never>(() => undefined);
      }
      if (progress.octets === before) throw this.#stalled();
    }
  }

  #stalled(): PcAgentError {
    const limit = this.#stallLimit;
    return new PcAgentError('bearer/timeout', `the serial line took nothing for ${limit / 1000} s`, {
      retry: 'same-bearer',
      details: { bearer: 'serial', limit },
    });
  }

  #lose(error: unknown): PcAgentError {
    return this.#end(lostPort('the serial port has gone', error));
  }

  #end(reason: PcAgentError): PcAgentError {
    if (this.#lost === undefined) {
      this.#lost = reason;
      this.#ended.resolve(reason);
      this.#changed.notify();
    }
    return this.#lost;
  }
}

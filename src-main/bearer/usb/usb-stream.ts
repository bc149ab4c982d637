import type { ByteStream } from '../../base/byte-stream.ts';
import { ChangeSignal } from '../../base/change-signal.ts';
import type { Clock } from '../../base/clock.ts';
import { type Duration, seconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import type { ObexFunction } from './obex-functions.ts';
import { PacketPace } from './packet-pace.ts';
import { lostUsb } from './usb-errors.ts';
import type { OpenUsbDevice } from './usb-host.ts';

export interface UsbStreamOptions {
  readonly clock: Clock;
  /** How long the device may take nothing of a write; default 60 s. */
  readonly stallLimit?: Duration;
  /** Whether a packet of length zero follows a write that fills its last packet (USB 2.0, 5.8.3); default true. */
  readonly zeroLengthPacket?: boolean;
}

const STALL_LIMIT = seconds(60);
/** Octets that wait for a reader before the device is asked for no more, and so holds back what it has. */
const QUEUE_LIMIT = 256 * 1024;
/** One transfer's octets: the kernel needs them in one piece of memory. */
const PIECE = 65_536;
/** How long what waits in the device may take to end when the stream is closed. */
const END_LIMIT = seconds(1);

/**
 * The two bulk endpoints of an OBEX function as a byte stream. The package that drives them has one transfer an endpoint
 * in flight, so the next one is asked for as soon as the last has come, whether or not somebody reads.
 */
export class UsbStream implements ByteStream {
  readonly #device: OpenUsbDevice;
  readonly #function: ObexFunction;
  readonly #clock: Clock;
  readonly #stallLimit: Duration;
  readonly #zeroLengthPacket: boolean;
  readonly #queue: Uint8Array[] = [];
  #queued = 0;
  #lost: PcAgentError | undefined;
  readonly #gone = Promise.withResolvers<never>();
  #closing: Promise<void> | undefined;
  /** The transfer to the device that runs, if one does. */
  #sending: Promise<unknown> | undefined;
  readonly #receiving: Promise<void>;
  readonly #changed = new ChangeSignal();

  /** The function's interfaces are claimed and the setting with the endpoints is selected. */
  constructor(device: OpenUsbDevice, functionOf: ObexFunction, options: UsbStreamOptions) {
    this.#device = device;
    this.#function = functionOf;
    this.#clock = options.clock;
    this.#stallLimit = options.stallLimit ?? STALL_LIMIT;
    this.#zeroLengthPacket = options.zeroLengthPacket ?? true;
    this.#gone.promise.catch(() => undefined);
    this.#receiving = this.#receive();
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
    if (bytes.length === 0) return;
    const stop = new AbortController();
    const progress = { octets: 0 };
    const broken = Promise.race([this.#gone.promise, this.#brokenOff(progress, signal, stop.signal)]);
    broken.catch(() => undefined);
    try {
      // A write that was broken off may have left a transfer behind.
      await Promise.race([this.#sending, broken]);
      while (progress.octets < bytes.length) {
        const piece = bytes.subarray(progress.octets, progress.octets + PIECE);
        await Promise.race([this.#send(piece), broken]);
        progress.octets += piece.length;
      }
      if (this.#zeroLengthPacket && bytes.length % this.#function.packetSize === 0) {
        await Promise.race([this.#send(new Uint8Array(0)), broken]);
      }
    } finally {
      stop.abort();
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #receive(): Promise<void> {
    const { endpointIn, packetSizeIn } = this.#function;
    const pace = new PacketPace(packetSizeIn);
    const never = new AbortController().signal;
    let stalled = false;
    try {
      while (this.#lost === undefined) {
        if (this.#queued >= QUEUE_LIMIT) {
          await this.#changed.next(never);
          continue;
        }
        const wanted = pace.next();
        const octets = await this.#device.transferIn(endpointIn, wanted);
        if (this.#lost !== undefined) return;
        if (octets === 'stall') {
          if (stalled) throw new Error(`endpoint ${endpointIn} stalled again`);
          stalled = true;
          await this.#device.clearHalt('in', endpointIn);
          continue;
        }
        stalled = false;
        pace.took(octets);
        if (octets.length > 0) this.#enqueue(octets, wanted);
      }
    } catch (error) {
      this.#lose(error);
    }
  }

  #enqueue(octets: Uint8Array, wanted: number): void {
    // A few octets in a large piece of memory are copied out of it, as they may wait long.
    const piece = octets.length * 4 < wanted ? octets.slice() : octets;
    this.#queue.push(piece);
    this.#queued += piece.length;
    this.#changed.notify();
  }

  /** One transfer to the device; its end is seen even by a write that does not wait for it any more. */
  async #send(piece: Uint8Array): Promise<void> {
    const { endpointOut, packetSize } = this.#function;
    const attempt = (): Promise<'done' | 'stall'> => {
      const transfer = this.#device.transferOut(endpointOut, piece);
      const ended: Promise<void> = transfer.then(
        () => this.#sent(ended),
        () => this.#sent(ended),
      );
      this.#sending = ended;
      return transfer;
    };
    try {
      if ((await attempt()) === 'done') return;
      if (this.#lost !== undefined) throw this.#lost;
      await this.#device.clearHalt('out', endpointOut);
      // Nobody knows how many packets of a longer piece were taken before the halt.
      if (piece.length <= packetSize && (await attempt()) === 'done') return;
      throw new Error(`endpoint ${endpointOut} stalled`);
    } catch (error) {
      throw this.#lose(error);
    }
  }

  #sent(ended: Promise<unknown>): void {
    if (this.#sending === ended) this.#sending = undefined;
  }

  /** Rejects when a write is broken off, and when the device has taken nothing for the limit. */
  async #brokenOff(progress: { readonly octets: number }, signal: AbortSignal, stop: AbortSignal): Promise<never> {
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
    return new PcAgentError('bearer/timeout', `the handset took nothing for ${limit / 1000} s`, {
      retry: 'same-bearer',
      details: { bearer: 'usb', limit },
    });
  }

  async #close(): Promise<void> {
    this.#end(lostUsb('the USB connection was closed here'));
    this.#queue.length = 0;
    this.#queued = 0;
    const ended = this.#endTransfers().then(() => this.#release());
    if (await this.#within(ended)) return;
    // A device that does not let go of a transfer keeps its interfaces; only a reset of its port frees them.
    await this.#within(this.#device.reset().catch(() => undefined));
    await this.#within(ended);
  }

  /** @returns false when it took longer than the limit for ends. */
  async #within(work: Promise<unknown>): Promise<boolean> {
    const stop = new AbortController();
    const limit = this.#clock.sleep(END_LIMIT, stop.signal).then(
      () => false,
      () => false,
    );
    const inTime = await Promise.race([work.then(() => true), limit]);
    stop.abort();
    return inTime;
  }

  async #endTransfers(): Promise<void> {
    const { endpointIn, endpointOut } = this.#function;
    await this.#device.cancel('in', endpointIn).catch(() => undefined);
    if (this.#sending !== undefined) await this.#device.cancel('out', endpointOut).catch(() => undefined);
    await this.#receiving;
    await this.#sending;
  }

  async #release(): Promise<void> {
    const { data, idle, endpointIn, endpointOut } = this.#function;
    if (idle === undefined) {
      await this.#device.clearHalt('in', endpointIn).catch(() => undefined);
      await this.#device.clearHalt('out', endpointOut).catch(() => undefined);
    } else {
      await this.#device.select(data, idle).catch(() => undefined);
    }
    await this.#device.close();
  }

  #lose(error: unknown): PcAgentError {
    return this.#end(error instanceof PcAgentError ? error : lostUsb('the handset has gone from its USB port', error));
  }

  #end(reason: PcAgentError): PcAgentError {
    if (this.#lost === undefined) {
      this.#lost = reason;
      this.#gone.reject(reason);
      this.#changed.notify();
    }
    return this.#lost;
  }
}

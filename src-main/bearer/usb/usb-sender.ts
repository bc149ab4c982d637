import { AbortWatch } from '../../base/abort-watch.ts';
import { concatBytes, EMPTY_BYTES } from '../../base/bytes.ts';
import type { Clock } from '../../base/clock.ts';
import { type Duration, milliseconds, seconds } from '../../base/durations.ts';
import { PcAgentError } from '../../base/errors.ts';
import { unlessAborted } from '../../base/unless-aborted.ts';
import type { ObexFunction } from './obex-functions.ts';
import { PacketPace } from './packet-pace.ts';
import type { UsbFate } from './usb-fate.ts';
import type { OpenUsbDevice } from './usb-host.ts';

export interface UsbSenderOptions {
  readonly clock: Clock;
  /** How long the device may take nothing of a write; default 60 s. */
  readonly stallLimit?: Duration;
  /** Whether a packet of length zero follows a write that fills its last packet (USB 2.0, 5.8.3); default true. */
  readonly zeroLengthPacket?: boolean;
}

const STALL_LIMIT = seconds(60);
/** One transfer's octets: the kernel needs them in one piece of memory. */
const PIECE = 65_536;
/**
 * How long the rest of an OBEX packet is waited for. Who writes through a local socket writes a packet, and it comes in
 * pieces as long as the socket's buffer; the next is there as soon as the one before was taken.
 */
const REST = milliseconds(5);
/** The lowest first octet of an OBEX packet that begins a conversation: CONNECT, or an answer (IrOBEX 1.3, 3.3.1). */
const CONNECT = 0x80;
/** How often in a limit is looked whether it is over: a timer for each write would cost more than many a write. */
const LOOKS = 4;

/** What a device is sent: one transfer at a time. */
export class UsbSender {
  readonly #device: OpenUsbDevice;
  readonly #function: ObexFunction;
  readonly #fate: UsbFate;
  readonly #options: UsbSenderOptions;
  readonly #watch = new AbortWatch();
  /** The transfer that runs, if one does, and since when. */
  #transfer: Promise<void> | undefined;
  #since = 0;
  /** Breaks off the write that waits. */
  #break: ((reason: unknown) => void) | undefined;
  readonly #over = new AbortController();
  #watched = false;
  /** Where in an OBEX packet the octets end that were written. `undefined`: they are none. */
  #pace: PacketPace | undefined;
  #begun = false;
  /** The end of a piece in the middle of an OBEX packet, less than a packet of USB, until the rest comes. */
  #held: Uint8Array | undefined;
  #heldSince = 0;
  #waiting = false;
  #flushing: Promise<void> | undefined;

  constructor(device: OpenUsbDevice, functionOf: ObexFunction, fate: UsbFate, options: UsbSenderOptions) {
    this.#device = device;
    this.#function = functionOf;
    this.#fate = fate;
    this.#options = options;
  }

  /** The transfer that runs; a write that was broken off may have left it behind. Never rejects. */
  get transfer(): Promise<void> | undefined {
    return this.#transfer;
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#fate.lost !== undefined) throw this.#fate.lost;
    if (bytes.length === 0) return;
    this.#watchStalls();
    if (this.#flushing !== undefined) await unlessAborted(this.#flushing, signal);
    if (this.#fate.lost !== undefined) throw this.#fate.lost;
    const isWhole = this.#endsPacket(bytes);
    const held = this.#takeHeld();
    const all = held === undefined ? bytes : concatBytes([held, bytes]);
    if (isWhole) return this.#writeAll(all, true, signal);
    // A handset may take a transfer for a packet: one must not end in the middle of the other.
    const { packetSize } = this.#function;
    const full = all.length - (all.length % packetSize);
    await this.#writeAll(all.subarray(0, full), false, signal);
    this.#hold(all.slice(full));
  }

  /** What is held back of a packet goes out as it is: nothing follows it. Never rejects. */
  async flush(): Promise<void> {
    await this.#flushing;
    const held = this.#takeHeld();
    // Somebody else may have just begun with it.
    if (held === undefined) return this.#flushing;
    if (this.#fate.lost !== undefined) return;
    // Whatever comes in its way is what the next write ends with.
    this.#flushing = this.#writeAll(held, true, this.#over.signal).catch(() => undefined);
    await this.#flushing;
    this.#flushing = undefined;
  }

  /** Whether an OBEX packet ends where these octets end, as far as they are packets. */
  #endsPacket(bytes: Uint8Array): boolean {
    if (!this.#begun && (bytes[0] ?? 0) >= CONNECT) this.#pace = new PacketPace(this.#function.packetSize);
    this.#begun = true;
    this.#pace?.took(bytes);
    return this.#pace?.isBetween !== false;
  }

  #hold(rest: Uint8Array): void {
    this.#held = rest;
    this.#heldSince = this.#options.clock.monotonic();
    if (!this.#waiting) void this.#flushLate();
  }

  /** One wait for many pieces: a timer for each would cost more than many a piece. Never rejects. */
  async #flushLate(): Promise<void> {
    const { clock } = this.#options;
    this.#waiting = true;
    try {
      while (this.#held !== undefined) {
        const left = this.#heldSince + REST - clock.monotonic();
        if (left > 0) await clock.sleep(milliseconds(left), this.#over.signal);
        else await this.flush();
      }
    } catch {
      // The link is over.
    } finally {
      this.#waiting = false;
    }
  }

  #takeHeld(): Uint8Array | undefined {
    const held = this.#held;
    this.#held = undefined;
    return held;
  }

  /** @param ends whether the transfer ends with them: a packet that is not full, or one of length zero */
  async #writeAll(bytes: Uint8Array, ends: boolean, signal: AbortSignal): Promise<void> {
    const broken = Promise.withResolvers<never>();
    broken.promise.catch(() => undefined);
    this.#break = broken.reject;
    this.#watch.start(signal, broken.reject);
    try {
      if (this.#transfer !== undefined) await Promise.race([this.#transfer, broken.promise]);
      for (let at = 0; at < bytes.length; at += PIECE) {
        await Promise.race([this.#send(bytes.subarray(at, at + PIECE)), broken.promise]);
      }
      if (ends && this.#options.zeroLengthPacket !== false && bytes.length % this.#function.packetSize === 0) {
        await Promise.race([this.#send(EMPTY_BYTES), broken.promise]);
      }
    } finally {
      this.#watch.end();
      this.#break = undefined;
    }
  }

  /** The link was lost: who waits is told. */
  end(reason: PcAgentError): void {
    this.#break?.(reason);
    this.#over.abort();
    this.#watch.close();
  }

  async #send(piece: Uint8Array): Promise<void> {
    const { endpointOut, packetSize } = this.#function;
    try {
      if ((await this.#attempt(piece)) === 'done') return;
      if (this.#fate.lost !== undefined) throw this.#fate.lost;
      await this.#device.clearHalt('out', endpointOut);
      // Nobody knows how many packets of a longer piece were taken before the halt.
      if (piece.length <= packetSize && (await this.#attempt(piece)) === 'done') return;
      throw new Error(`endpoint ${endpointOut} stalled`);
    } catch (error) {
      throw this.#fate.lose(error);
    }
  }

  /** One transfer; its end is seen even when the write does not wait for it any more. */
  #attempt(piece: Uint8Array): Promise<'done' | 'stall'> {
    const attempt = this.#device.transferOut(this.#function.endpointOut, piece);
    const ended = (): void => {
      this.#transfer = undefined;
    };
    this.#since = this.#options.clock.monotonic();
    this.#transfer = attempt.then(ended, ended);
    return attempt;
  }

  /** From the first write on: breaks a write off of which the device has taken nothing for the limit. */
  #watchStalls(): void {
    if (this.#watched) return;
    this.#watched = true;
    const { clock, stallLimit: limit = STALL_LIMIT } = this.#options;
    const look = async (): Promise<void> => {
      for (;;) {
        await clock.sleep(milliseconds(limit / LOOKS), this.#over.signal);
        const waits = this.#transfer !== undefined && clock.monotonic() - this.#since >= limit;
        if (waits) this.#break?.(stalled(limit));
      }
    };
    // It ends with the link.
    look().catch(() => undefined);
  }
}

function stalled(limit: Duration): PcAgentError {
  return new PcAgentError('bearer/timeout', `the handset took nothing for ${limit / 1000} s`, {
    retry: 'same-bearer',
    details: { bearer: 'usb', limit },
  });
}

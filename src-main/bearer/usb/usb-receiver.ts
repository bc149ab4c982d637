import { AbortWatch } from '../../base/abort-watch.ts';
import type { ObexFunction } from './obex-functions.ts';
import { PacketPace } from './packet-pace.ts';
import type { UsbFate } from './usb-fate.ts';
import type { OpenUsbDevice } from './usb-host.ts';

/** Octets that wait for a reader before the device is asked for no more, and so holds back what it has. */
const QUEUE_LIMIT = 256 * 1024;

/**
 * What a device sends. The package that drives real ones has one transfer an endpoint in flight, so the next one is
 * asked for as soon as the last has come, whether or not somebody reads.
 */
export class UsbReceiver {
  readonly #device: OpenUsbDevice;
  readonly #function: ObexFunction;
  readonly #fate: UsbFate;
  readonly #queue: Uint8Array[] = [];
  #queued = 0;
  #wakeReader: (() => void) | undefined;
  #wakeReceiver: (() => void) | undefined;
  readonly #watch = new AbortWatch();
  /** Resolves when no transfer waits any more. */
  readonly ended: Promise<void>;

  constructor(device: OpenUsbDevice, functionOf: ObexFunction, fate: UsbFate) {
    this.#device = device;
    this.#function = functionOf;
    this.#fate = fate;
    this.ended = this.#receive();
  }

  async read(signal: AbortSignal): Promise<Uint8Array> {
    for (;;) {
      signal.throwIfAborted();
      const piece = this.#queue.shift();
      if (piece !== undefined) {
        this.#queued -= piece.length;
        this.#wakeReceiver?.();
        return piece;
      }
      if (this.#fate.lost !== undefined) throw this.#fate.lost;
      await this.#arrival(signal);
    }
  }

  /** The link was lost: who waits is told. What came before may still be read. */
  end(): void {
    this.#wakeReader?.();
    this.#wakeReceiver?.();
  }

  /** What came is not wanted any more. */
  drop(): void {
    this.#queue.length = 0;
    this.#queued = 0;
    this.#watch.close();
  }

  async #receive(): Promise<void> {
    const { endpointIn, packetSizeIn } = this.#function;
    const pace = new PacketPace(packetSizeIn);
    let stalled = false;
    // Whoever makes this one has it before its first transfer can fail.
    await Promise.resolve();
    try {
      while (this.#fate.lost === undefined) {
        if (this.#queued >= QUEUE_LIMIT) {
          await this.#room();
          continue;
        }
        const wanted = pace.next();
        const octets = await this.#device.transferIn(endpointIn, wanted);
        if (this.#fate.lost !== undefined) return;
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
      this.#fate.lose(error);
    }
  }

  #enqueue(octets: Uint8Array, wanted: number): void {
    // A few octets in a large piece of memory are copied out of it, as they may wait long.
    const piece = octets.length * 4 < wanted ? octets.slice() : octets;
    this.#queue.push(piece);
    this.#queued += piece.length;
    this.#wakeReader?.();
  }

  #arrival(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#wakeReader = () => {
        this.#wakeReader = undefined;
        this.#watch.end();
        resolve();
      };
      this.#watch.start(signal, (reason) => {
        this.#wakeReader = undefined;
        reject(reason);
      });
    });
  }

  #room(): Promise<void> {
    return new Promise((resolve) => {
      this.#wakeReceiver = () => {
        this.#wakeReceiver = undefined;
        resolve();
      };
    });
  }
}

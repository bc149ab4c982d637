import type { ByteStream } from '../../../src-main/base/byte-stream.ts';
import { ChangeSignal } from '../../../src-main/base/change-signal.ts';
import { PcAgentError } from '../../../src-main/base/errors.ts';
import { lostUsb } from '../../../src-main/bearer/usb/usb-errors.ts';
import type { OpenUsbDevice, UsbDevice } from '../../../src-main/bearer/usb/usb-host.ts';

export interface FakeDeviceOptions {
  readonly vendorId?: number;
  readonly productId?: number;
  readonly place?: string;
  readonly serial?: string;
  readonly configuration: Uint8Array;
  readonly strings?: Readonly<Record<number, string>>;
  readonly packetSize?: number;
  /** Octets that the device holds for a direction before it answers NAK; default 64 KiB. */
  readonly room?: number;
  /** Whether it ends what it sends by a packet of length zero where that is due; default true. */
  readonly endsTransfers?: boolean;
  /** Called when an alternate setting with endpoints is selected. */
  readonly onActive?: (end: FakeEnd) => void;
}

const never = new AbortController().signal;

/** A device with the rules of bulk transfers: packets, short packets, NAK, halt, removal. */
export class FakeDevice implements UsbDevice {
  readonly vendorId: number;
  readonly productId: number;
  readonly place: string;
  readonly options: FakeDeviceOptions;
  /** What was done to it, in order, e.g. `claim 2`, `select 3.1`. */
  readonly log: string[] = [];
  readonly claimed = new Set<number>();
  end: FakeEnd | undefined;
  /** Says for a call of that name that it fails. */
  readonly failing = new Map<string, Error>();
  removed = false;

  constructor(options: FakeDeviceOptions) {
    this.options = options;
    this.vendorId = options.vendorId ?? 0x0421;
    this.productId = options.productId ?? 0x0123;
    this.place = options.place ?? '1-1';
  }

  async serial(): Promise<string | undefined> {
    this.check('serial');
    return this.options.serial;
  }

  async open(): Promise<OpenUsbDevice> {
    this.check('open');
    return new FakeOpenDevice(this);
  }

  /** Pulled out: whatever waits fails. */
  remove(): void {
    this.removed = true;
    this.end?.remove();
  }

  check(call: string): void {
    if (this.removed) throw lostUsb('the fake device was removed');
    const failure = this.failing.get(call);
    if (failure !== undefined) throw failure;
  }
}

class FakeOpenDevice implements OpenUsbDevice {
  readonly #device: FakeDevice;
  readonly #mine = new Set<number>();

  constructor(device: FakeDevice) {
    this.#device = device;
  }

  async configuration(): Promise<Uint8Array> {
    this.#device.check('configuration');
    return this.#device.options.configuration;
  }

  async text(index: number): Promise<string | undefined> {
    return this.#device.options.strings?.[index];
  }

  async claim(interfaces: readonly number[]): Promise<void> {
    this.#device.check('claim');
    for (const number of interfaces) {
      if (this.#device.claimed.has(number)) throw new PcAgentError('bearer/busy', `interface ${number} is taken`);
      this.#device.claimed.add(number);
      this.#mine.add(number);
      this.#device.log.push(`claim ${number}`);
    }
  }

  async select(interfaceNumber: number, alternate: number): Promise<void> {
    this.#device.check('select');
    this.#device.log.push(`select ${interfaceNumber}.${alternate}`);
    this.#device.end?.idle();
    if (alternate === 0) return;
    this.#activate();
  }

  transferIn(endpoint: number, length: number): Promise<Uint8Array | 'stall'> {
    return this.#pipe('in', endpoint).take(length);
  }

  async transferOut(endpoint: number, bytes: Uint8Array): Promise<'done' | 'stall'> {
    return this.#pipe('out', endpoint).put(bytes, false);
  }

  async clearHalt(direction: 'in' | 'out', endpoint: number): Promise<void> {
    this.#device.log.push(`clear ${direction}`);
    this.#pipe(direction, endpoint).halted = false;
  }

  async cancel(direction: 'in' | 'out', endpoint: number): Promise<void> {
    this.#device.log.push(`cancel ${direction}`);
    this.#device.check('cancel');
    this.#pipe(direction, endpoint).halt();
  }

  async reset(): Promise<void> {
    this.#device.log.push('reset');
    this.#device.check('reset');
    this.#device.end?.remove();
  }

  async close(): Promise<void> {
    for (const number of this.#mine) this.#device.claimed.delete(number);
    this.#mine.clear();
    this.#device.log.push('close');
  }

  #activate(): void {
    const { packetSize = 512, room = 65_536, endsTransfers = true, onActive } = this.#device.options;
    this.#device.end = new FakeEnd(packetSize, room, endsTransfers, this.#device);
    onActive?.(this.#device.end);
  }

  #pipe(direction: 'in' | 'out', endpoint: number): FakePipe {
    this.#device.check('transfer');
    if (endpoint === 0 || this.#mine.size === 0) throw new Error('no such endpoint, or its interface is not claimed');
    if (this.#device.end === undefined) this.#activate();
    const pipe = this.#device.end?.[direction];
    if (pipe === undefined) throw new Error('the setting has no endpoints');
    return pipe;
  }
}

/** The device's own end of its two endpoints, as its firmware sees it. */
export class FakeEnd implements ByteStream {
  readonly in: FakePipe;
  readonly out: FakePipe;
  /** Pulls the device out. */
  readonly unplug: () => void;

  constructor(packetSize: number, room: number, endsTransfers: boolean, device: FakeDevice) {
    this.in = new FakePipe(packetSize, room, endsTransfers);
    this.out = new FakePipe(packetSize, room, true);
    this.unplug = () => device.remove();
  }

  async read(signal: AbortSignal): Promise<Uint8Array> {
    return this.out.shift(signal);
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await this.in.put(bytes, true, signal);
  }

  async close(): Promise<void> {
    this.remove();
  }

  idle(): void {
    this.remove();
  }

  remove(): void {
    this.in.break();
    this.out.break();
  }
}

/** One endpoint: packets in order, of which a transfer takes as many as it has room for, up to a short one. */
class FakePipe {
  readonly #packetSize: number;
  readonly #room: number;
  readonly #endsTransfers: boolean;
  readonly #packets: Uint8Array[] = [];
  #held = 0;
  #transfers = 0;
  readonly #changed = new ChangeSignal();
  #broken = false;
  halted = false;
  /** Lengths of the transfers that came, a packet of length zero among them. */
  readonly lengths: number[] = [];

  constructor(packetSize: number, room: number, endsTransfers: boolean) {
    this.#packetSize = packetSize;
    this.#room = room;
    this.#endsTransfers = endsTransfers;
  }

  /** Octets as packets; the device's firmware ends what it sends, the host's transfers are as they are told. */
  async put(bytes: Uint8Array, ends: boolean, signal = never): Promise<'done' | 'stall'> {
    if (!ends) this.#begin();
    try {
      const count = Math.ceil(bytes.length / this.#packetSize);
      const zero = ends ? this.#endsTransfers && bytes.length % this.#packetSize === 0 : bytes.length === 0;
      for (let index = 0; index < count + (zero ? 1 : 0); index += 1) {
        while (this.#held >= this.#room) {
          if (this.#stops()) return 'stall';
          await this.#changed.next(signal);
        }
        if (this.#stops()) return 'stall';
        // A slice of a Buffer would be a view of it.
        const packet = new Uint8Array(bytes.subarray(index * this.#packetSize, (index + 1) * this.#packetSize));
        this.#packets.push(packet);
        this.#held += packet.length;
        this.#changed.notify();
      }
      this.lengths.push(bytes.length);
      return 'done';
    } finally {
      if (!ends) this.#transfers -= 1;
    }
  }

  async take(length: number): Promise<Uint8Array | 'stall'> {
    if (length % this.#packetSize !== 0) throw new Error(`a transfer of ${length} octets cuts packets`);
    this.#begin();
    const taken: Uint8Array[] = [];
    try {
      for (let space = length; space > 0; space -= this.#packetSize) {
        while (this.#packets.length === 0) {
          if (this.#stops()) return 'stall';
          await this.#changed.next(never);
        }
        if (this.#stops()) return 'stall';
        const packet = this.#next();
        taken.push(packet);
        if (packet.length < this.#packetSize) break;
      }
      return Uint8Array.from(Buffer.concat(taken));
    } finally {
      this.#transfers -= 1;
    }
  }

  async shift(signal: AbortSignal): Promise<Uint8Array> {
    for (;;) {
      signal.throwIfAborted();
      if (this.#broken) throw lostUsb('the fake device was removed');
      while (this.#packets.length > 0) {
        const packet = this.#next();
        if (packet.length > 0) return packet;
      }
      await this.#changed.next(signal);
    }
  }

  halt(): void {
    this.halted = true;
    this.#changed.notify();
  }

  break(): void {
    this.#broken = true;
    this.#changed.notify();
  }

  #begin(): void {
    // The package that drives real devices refuses a second one.
    if (this.#transfers > 0) throw new Error('a transfer is in flight at this endpoint');
    this.#transfers += 1;
  }

  #next(): Uint8Array {
    const packet = this.#packets.shift() ?? new Uint8Array(0);
    this.#held -= packet.length;
    this.#changed.notify();
    return packet;
  }

  #stops(): boolean {
    if (this.#broken) throw lostUsb('the fake device was removed');
    return this.halted;
  }
}

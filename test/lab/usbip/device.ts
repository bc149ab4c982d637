import { type DeviceShape, stringDescriptor } from './descriptors.ts';
import { type ExportedDevice, Status, type Submit, submitted, unlinked } from './protocol.ts';

/** Standard requests (USB 2.0, 9.4). */
const GET_STATUS = 0x00;
const GET_DESCRIPTOR = 0x06;
const GET_CONFIGURATION = 0x08;
const SET_CONFIGURATION = 0x09;
const GET_INTERFACE = 0x0a;
const SET_INTERFACE = 0x0b;
const DEVICE = 1;
const CONFIGURATION = 2;
const STRING = 3;
const INTERFACE = 4;

/** The far side of the bulk endpoints of one data interface. */
export interface Wire {
  /** Resolves when more may come. */
  write(bytes: Uint8Array): Promise<void>;
  close(): void;
}

/** Called when the host opens a data interface. `deliver` gives octets to the host; pause while it returns false. */
export type Connect = (ends: {
  readonly interfaceNumber: number;
  readonly deliver: (bytes: Uint8Array) => void;
  /** How many octets the host has not fetched yet. */
  readonly waiting: () => number;
}) => Wire;

interface OpenInterface {
  readonly wire: Wire;
  readonly endpointIn: number;
  readonly endpointOut: number;
}

interface InEnd {
  readonly submits: Submit[];
  readonly bytes: Buffer[];
}

/** One device: answers the standard requests from its descriptors and joins bulk endpoints to wires. */
export class UsbipDevice {
  readonly busId: string;
  readonly shape: DeviceShape;
  readonly #connect: Connect;
  readonly #alternates = new Map<number, number>();
  readonly #open = new Map<number, OpenInterface>();
  readonly #ins = new Map<number, InEnd>();
  #configured = 0;
  #reply: (bytes: Buffer) => void = () => undefined;

  constructor(busId: string, shape: DeviceShape, connect: Connect) {
    this.busId = busId;
    this.shape = shape;
    this.#connect = connect;
  }

  get exported(): ExportedDevice {
    const interfaces = parts(this.shape.configuration)
      .filter((part) => part[1] === INTERFACE && part[3] === 0)
      .map((part) => [part[5] ?? 0, part[6] ?? 0, part[7] ?? 0] as const);
    const number = Number(this.busId.split('-').at(-1));
    return {
      ...{ busId: this.busId, bus: 1, number, device: this.shape.device, interfaces },
      configurationValue: this.shape.configuration[5] ?? 1,
    };
  }

  /** A host has imported it and hears what is given to `reply`. */
  attach(reply: (bytes: Buffer) => void): void {
    this.#reply = reply;
  }

  /** The host has gone. */
  detach(): void {
    for (const { wire } of this.#open.values()) wire.close();
    this.#reply = () => undefined;
    for (const map of [this.#open, this.#ins, this.#alternates]) map.clear();
    this.#configured = 0;
  }

  submit(request: Submit): void {
    if (request.endpoint === 0) this.#control(request);
    else if (request.direction === 'in') this.#in(request);
    else void this.#out(request);
  }

  unlink(sequence: number, victim: number): void {
    for (const { submits } of this.#ins.values()) {
      const at = submits.findIndex((one) => one.sequence === victim);
      if (at < 0) continue;
      submits.splice(at, 1);
      this.#reply(unlinked(sequence, Status.unlinked));
      return;
    }
    this.#reply(unlinked(sequence, Status.ok));
  }

  #control(request: Submit): void {
    const answer = this.#answer(request.setup);
    if (answer === undefined) {
      this.#reply(submitted(request, Status.stall, Buffer.alloc(0)));
      return;
    }
    const wanted = Math.min(request.length, request.setup.readUInt16LE(6));
    const data = request.direction === 'in' ? answer.subarray(0, wanted) : request.data;
    this.#reply(submitted(request, Status.ok, data));
  }

  /** @returns what the device sends back; `undefined`: it stalls */
  #answer(setup: Buffer): Buffer | undefined {
    const [type = 0, request = 0] = setup;
    const value = setup.readUInt16LE(2);
    const index = setup.readUInt16LE(4);
    // Class requests: line coding and line state are taken as they are.
    if ((type & 0x60) !== 0) return Buffer.alloc(7);
    switch (request) {
      case GET_DESCRIPTOR:
        return this.#descriptor(value >> 8, value & 0xff);
      case GET_STATUS:
        return Buffer.alloc(2);
      case GET_CONFIGURATION:
        return Buffer.from([this.#configured]);
      case SET_CONFIGURATION:
        this.#configured = value;
        return Buffer.alloc(0);
      case GET_INTERFACE:
        return Buffer.from([this.#alternates.get(index) ?? 0]);
      case SET_INTERFACE:
        this.#select(index, value);
        return Buffer.alloc(0);
      default:
        return Buffer.alloc(0);
    }
  }

  #descriptor(type: number, index: number): Buffer | undefined {
    if (type === DEVICE) return this.shape.device;
    if (type === CONFIGURATION) return index === 0 ? this.shape.configuration : undefined;
    return type === STRING ? stringDescriptor(this.shape.strings, index) : undefined;
  }

  #select(interfaceNumber: number, alternate: number): void {
    this.#alternates.set(interfaceNumber, alternate);
    const before = this.#open.get(interfaceNumber);
    if (before !== undefined) {
      this.#open.delete(interfaceNumber);
      before.wire.close();
      this.#ins.delete(before.endpointIn);
    }
    const ends = bulkEnds(this.shape.configuration, interfaceNumber, alternate);
    if (ends === undefined) return;
    const deliver = (bytes: Uint8Array): void => {
      this.#inEnd(ends.endpointIn).bytes.push(Buffer.from(bytes));
      this.#serve(ends.endpointIn);
    };
    const waiting = (): number => this.#inEnd(ends.endpointIn).bytes.reduce((sum, { length }) => sum + length, 0);
    this.#open.set(interfaceNumber, { ...ends, wire: this.#connect({ interfaceNumber, deliver, waiting }) });
  }

  #inEnd(endpoint: number): InEnd {
    const known = this.#ins.get(endpoint);
    if (known !== undefined) return known;
    const fresh: InEnd = { submits: [], bytes: [] };
    this.#ins.set(endpoint, fresh);
    return fresh;
  }

  #in(request: Submit): void {
    this.#inEnd(request.endpoint).submits.push(request);
    this.#serve(request.endpoint);
  }

  /** Each piece ends a transfer, as a device ends it with a short or an empty packet. */
  #serve(endpoint: number): void {
    const { submits, bytes } = this.#inEnd(endpoint);
    for (;;) {
      const [request] = submits;
      const [piece] = bytes;
      if (request === undefined || piece === undefined) return;
      submits.shift();
      bytes.shift();
      if (piece.length > request.length) bytes.unshift(piece.subarray(request.length));
      this.#reply(submitted(request, Status.ok, piece.subarray(0, request.length)));
    }
  }

  async #out(request: Submit): Promise<void> {
    const open = [...this.#open.values()].find(({ endpointOut }) => endpointOut === request.endpoint);
    await open?.wire.write(request.data);
    this.#reply(submitted(request, open === undefined ? Status.stall : Status.ok, request.data));
  }
}

/** The descriptors of a configuration one by one, as far as their lengths tell the truth. */
function parts(configuration: Buffer): readonly Buffer[] {
  const found: Buffer[] = [];
  for (let at = 0; at + 2 <= configuration.length; ) {
    const length = configuration[at] ?? 0;
    if (length < 2 || at + length > configuration.length) break;
    found.push(configuration.subarray(at, at + length));
    at += length;
  }
  return found;
}

function bulkEnds(configuration: Buffer, interfaceNumber: number, alternate: number) {
  const all = parts(configuration);
  const at = all.findIndex((part) => part[1] === INTERFACE && part[2] === interfaceNumber && part[3] === alternate);
  if (at < 0) return undefined;
  const rest = all.slice(at + 1);
  const next = rest.findIndex((part) => part[1] === INTERFACE);
  const bulk = rest.slice(0, next < 0 ? rest.length : next).filter((part) => part[1] === 5 && part[3] === 0x02);
  const addresses = bulk.map((part) => part[2] ?? 0);
  const endpointIn = addresses.find((address) => address >= 0x80);
  const endpointOut = addresses.find((address) => address < 0x80);
  if (endpointIn === undefined || endpointOut === undefined) return undefined;
  return { endpointIn: endpointIn & 0x0f, endpointOut };
}

/**
 * Messages of the USB/IP protocol 1.1.1 as a server of devices sees them (Linux, Documentation/usb/usbip_protocol.rst).
 * All fields are big-endian but the setup packet, which is as on the bus.
 */

const VERSION = 0x0111;
const REQUEST_DEVICES = 0x8005;
const REPLY_DEVICES = 0x0005;
const REQUEST_IMPORT = 0x8003;
const REPLY_IMPORT = 0x0003;
const SUBMIT = 1;
const UNLINK = 2;
const SUBMITTED = 3;
const UNLINKED = 4;

const OPERATION_SIZE = 8;
const PATH_SIZE = 256;
const BUS_ID_SIZE = 32;
/** `struct usbip_usb_device`: path, name, and 24 octets of numbers. */
const DEVICE_SIZE = PATH_SIZE + BUS_ID_SIZE + 24;
/** All four messages about transfers have headers of this length. */
const HEADER_SIZE = 48;
const NOT_ISOCHRONOUS = 0xffff_ffff;
/** Longest transfer that is taken; drivers of handsets ask for far less. */
const MAX_TRANSFER = 1 << 20;

/** `include/uapi/asm-generic/errno*.h`, as answers have them. */
export const Status = { ok: 0, noDevice: -19, stall: -32, unlinked: -104 } as const;

/** `enum usb_device_speed`: 480 Mbit/s. */
export const HIGH_SPEED = 3;

/** What a list or an import tells of a device. */
export interface ExportedDevice {
  readonly busId: string;
  readonly bus: number;
  readonly number: number;
  /** Its device descriptor (USB 2.0, 9.6.1). */
  readonly device: Buffer;
  readonly configurationValue: number;
  /** Class, subclass and protocol of each interface. */
  readonly interfaces: readonly (readonly [number, number, number])[];
}

export interface Submit {
  readonly kind: 'submit';
  readonly sequence: number;
  readonly direction: 'in' | 'out';
  readonly endpoint: number;
  /** How much the host has room for (in), or sends (out). */
  readonly length: number;
  readonly setup: Buffer;
  /** Only for `out`. */
  readonly data: Buffer;
}

export type Message =
  | { readonly kind: 'list' }
  | { readonly kind: 'import'; readonly busId: string }
  | Submit
  | { readonly kind: 'unlink'; readonly sequence: number; readonly victim: number };

/** Cuts messages out of what comes on one connection, however it is split. */
export class MessageReader {
  #bytes: Buffer = Buffer.alloc(0);

  /** @throws Error for what is no message */
  take(bytes: Uint8Array): readonly Message[] {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    const messages: Message[] = [];
    for (;;) {
      const found = firstMessage(this.#bytes);
      if (found === undefined) return messages;
      messages.push(found.message);
      this.#bytes = this.#bytes.subarray(found.size);
    }
  }
}

function firstMessage(bytes: Buffer): { readonly message: Message; readonly size: number } | undefined {
  if (bytes.length < OPERATION_SIZE) return undefined;
  // Requests begin with the version, which no command has as its first half.
  if (bytes.readUInt16BE(0) !== 0) return firstOperation(bytes);
  if (bytes.length < HEADER_SIZE) return undefined;
  const command = bytes.readUInt32BE(0);
  const sequence = bytes.readUInt32BE(4);
  if (command === UNLINK) {
    return { message: { kind: 'unlink', sequence, victim: bytes.readUInt32BE(20) }, size: HEADER_SIZE };
  }
  if (command !== SUBMIT) throw new Error(`USB/IP has no command ${command}`);
  const direction = bytes.readUInt32BE(12) === 1 ? 'in' : 'out';
  const length = bytes.readUInt32BE(24);
  if (length > MAX_TRANSFER) throw new Error(`a transfer of ${length} octets is too long`);
  const size = HEADER_SIZE + (direction === 'out' ? length : 0);
  if (bytes.length < size) return undefined;
  const setup = Buffer.from(bytes.subarray(40, HEADER_SIZE));
  const data = Buffer.from(bytes.subarray(HEADER_SIZE, size));
  return {
    message: { kind: 'submit', sequence, direction, endpoint: bytes.readUInt32BE(16), length, setup, data },
    size,
  };
}

function firstOperation(bytes: Buffer): { readonly message: Message; readonly size: number } | undefined {
  const code = bytes.readUInt16BE(2);
  if (code === REQUEST_DEVICES) return { message: { kind: 'list' }, size: OPERATION_SIZE };
  if (code !== REQUEST_IMPORT) throw new Error(`USB/IP has no request 0x${code.toString(16)}`);
  const size = OPERATION_SIZE + BUS_ID_SIZE;
  if (bytes.length < size) return undefined;
  const name = bytes.subarray(OPERATION_SIZE, size);
  const end = name.indexOf(0);
  return { message: { kind: 'import', busId: name.toString('latin1', 0, end < 0 ? name.length : end) }, size };
}

/** OP_REP_DEVLIST. */
export function deviceList(devices: readonly ExportedDevice[]): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(devices.length);
  const parts = devices.flatMap((device) => [
    described(device),
    ...device.interfaces.map((classes) => Buffer.from([...classes, 0])),
  ]);
  return Buffer.concat([operation(REPLY_DEVICES, 0), count, ...parts]);
}

/** OP_REP_IMPORT; `undefined`: there is no such device. */
export function importAnswer(device: ExportedDevice | undefined): Buffer {
  if (device === undefined) return operation(REPLY_IMPORT, 1);
  return Buffer.concat([operation(REPLY_IMPORT, 0), described(device)]);
}

/** OP_REQ_IMPORT, as the host's side sends it. */
export function importRequest(busId: string): Buffer {
  const name = Buffer.alloc(BUS_ID_SIZE);
  name.write(busId, 0, BUS_ID_SIZE - 1, 'latin1');
  return Buffer.concat([operation(REQUEST_IMPORT, 0), name]);
}

/**
 * The device of an OP_REP_IMPORT as one number: bus and number, as the kernel wants it. `undefined`: more has to come.
 * @throws Error when there is no such device
 */
export function readImportAnswer(bytes: Buffer): number | undefined {
  if (bytes.length < OPERATION_SIZE) return undefined;
  if (bytes.readUInt16BE(2) !== REPLY_IMPORT || bytes.readUInt32BE(4) !== 0) throw new Error('the import is refused');
  if (bytes.length < OPERATION_SIZE + DEVICE_SIZE) return undefined;
  const numbers = OPERATION_SIZE + PATH_SIZE + BUS_ID_SIZE;
  return bytes.readUInt32BE(numbers) * 0x1_0000 + bytes.readUInt32BE(numbers + 4);
}

/** USBIP_RET_SUBMIT: how a transfer ended. For `in`, `data` is what was read; for `out` its length is what was taken. */
export function submitted(request: Submit, status: number, data: Uint8Array): Buffer {
  const header = header48(SUBMITTED, request.sequence, status);
  header.writeUInt32BE(data.length, 24);
  header.writeUInt32BE(NOT_ISOCHRONOUS, 32);
  return request.direction === 'in' ? Buffer.concat([header, data]) : header;
}

/** USBIP_RET_UNLINK. */
export function unlinked(sequence: number, status: number): Buffer {
  return header48(UNLINKED, sequence, status);
}

function header48(command: number, sequence: number, status: number): Buffer {
  const header = Buffer.alloc(HEADER_SIZE);
  header.writeUInt32BE(command, 0);
  header.writeUInt32BE(sequence, 4);
  header.writeInt32BE(status, 20);
  return header;
}

function operation(code: number, status: number): Buffer {
  const bytes = Buffer.alloc(OPERATION_SIZE);
  bytes.writeUInt16BE(VERSION, 0);
  bytes.writeUInt16BE(code, 2);
  bytes.writeUInt32BE(status, 4);
  return bytes;
}

function described({ busId, bus, number, device, configurationValue, interfaces }: ExportedDevice): Buffer {
  const bytes = Buffer.alloc(DEVICE_SIZE);
  bytes.write(`/sys/devices/lab/${busId}`, 0, PATH_SIZE - 1, 'latin1');
  bytes.write(busId, PATH_SIZE, BUS_ID_SIZE - 1, 'latin1');
  const numbers = PATH_SIZE + BUS_ID_SIZE;
  bytes.writeUInt32BE(bus, numbers);
  bytes.writeUInt32BE(number, numbers + 4);
  bytes.writeUInt32BE(HIGH_SPEED, numbers + 8);
  // Little-endian in the descriptor: vendor, product, release.
  for (const [index, at] of [8, 10, 12].entries())
    bytes.writeUInt16BE(device.readUInt16LE(at), numbers + 12 + 2 * index);
  Buffer.from([...device.subarray(4, 7), configurationValue, device[17] ?? 1, interfaces.length]).copy(
    bytes,
    numbers + 18,
  );
  return bytes;
}

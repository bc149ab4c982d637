/** Descriptors of handsets in user space (USB 2.0, 9.6; CDC 1.2, 5.2; WMC 1.1, 6.5 for OBEX). */

const HIGH_SPEED_PACKET = 512;

/** The four things that a device answers with. */
export interface DeviceShape {
  readonly device: Buffer;
  /** Everything of the first configuration, whose total length may lie. */
  readonly configuration: Buffer;
  /** By index, from 1 on. */
  readonly strings: readonly string[];
}

export interface HandsetShape {
  readonly vendorId?: number;
  readonly productId?: number;
  readonly serial?: string;
  readonly manufacturer?: string;
  readonly product?: string;
  /** OBEX functions by the name of their service; default one, `SYNCML-DM`. */
  readonly services?: readonly string[];
}

/** A handset with OBEX functions, in the order that its descriptors have them: two interfaces and two endpoints each. */
export function handsetShape(shape: HandsetShape = {}): DeviceShape {
  const { vendorId = 0x0421, productId = 0x0123, services = ['SYNCML-DM'] } = shape;
  const strings = [
    shape.manufacturer ?? 'Lab',
    shape.product ?? 'Handset',
    shape.serial ?? '350000000000012',
    ...services,
  ];
  const functions = services.map((_, index) => obexFunction(index, 4 + index));
  return {
    device: deviceDescriptor(vendorId, productId),
    configuration: configurationOf(functions.flat(), 2 * services.length),
    strings,
  };
}

export function deviceDescriptor(vendorId: number, productId: number): Buffer {
  const bytes = Buffer.from([18, 1, 0x00, 0x02, 0, 0, 0, 64, 0, 0, 0, 0, 0x00, 0x01, 1, 2, 3, 1]);
  bytes.writeUInt16LE(vendorId, 8);
  bytes.writeUInt16LE(productId, 10);
  return bytes;
}

/** With a total length that is right. */
export function configurationOf(parts: readonly (readonly number[])[], interfaces: number): Buffer {
  const body = parts.flat();
  const bytes = Buffer.from([9, 2, 0, 0, interfaces, 1, 0, 0x80, 125, ...body]);
  bytes.writeUInt16LE(bytes.length, 2);
  return bytes;
}

/** Control interface with header, OBEX and union, then the data interface: nothing in alternate 0, both ends in 1. */
export function obexFunction(index: number, nameIndex: number): readonly (readonly number[])[] {
  const control = 2 * index;
  const data = control + 1;
  return [
    interfaceDescriptor(control, 0, 0, [0x02, 0x0b, 0x00], nameIndex),
    [5, 0x24, 0x00, 0x20, 0x01],
    [5, 0x24, 0x15, 0x00, 0x01],
    [5, 0x24, 0x06, control, data],
    interfaceDescriptor(data, 0, 0, [0x0a, 0, 0], 0),
    interfaceDescriptor(data, 1, 2, [0x0a, 0, 0], 0),
    bulkEndpoint(0x80 | (index + 1)),
    bulkEndpoint(index + 1),
  ];
}

export function interfaceDescriptor(
  number: number,
  alternate: number,
  endpoints: number,
  classes: readonly [number, number, number],
  nameIndex: number,
): readonly number[] {
  return [9, 4, number, alternate, endpoints, ...classes, nameIndex];
}

export function bulkEndpoint(address: number): readonly number[] {
  return [7, 5, address, 0x02, HIGH_SPEED_PACKET & 0xff, HIGH_SPEED_PACKET >> 8, 0];
}

/** As a string descriptor has it; index 0 gives the languages: only English. */
export function stringDescriptor(strings: readonly string[], index: number): Buffer | undefined {
  if (index === 0) return Buffer.from([4, 3, 0x09, 0x04]);
  const text = strings[index - 1];
  if (text === undefined) return undefined;
  const body = Buffer.from(text.slice(0, 126), 'utf16le');
  return Buffer.concat([Buffer.from([2 + body.length, 3]), body]);
}

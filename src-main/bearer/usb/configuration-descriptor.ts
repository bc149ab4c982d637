import { PcAgentError } from '../../base/errors.ts';

/** A bulk endpoint (USB 2.0, table 9-13). */
export interface UsbEndpoint {
  /** 1 to 15. */
  readonly number: number;
  readonly direction: 'in' | 'out';
  readonly packetSize: number;
}

/** What the class-specific descriptors of a control interface say (CDC 1.2, 5.2.3; WMC 1.1, 6.5). */
export interface CdcDescriptors {
  readonly union?: { readonly control: number; readonly subordinates: readonly number[] };
  /** Version of the OBEX model, binary-coded decimal. */
  readonly obex?: number;
  readonly service?: { readonly role: 'client' | 'server'; readonly uuid: string; readonly version: number };
}

/** One alternate setting of one interface. */
export interface UsbInterfaceSetting {
  readonly number: number;
  readonly alternate: number;
  readonly class: number;
  readonly subclass: number;
  readonly protocol: number;
  /** Index of the string that names it; 0: none. */
  readonly nameIndex: number;
  /** Its bulk endpoints; those of other kinds carry no OBEX. */
  readonly endpoints: readonly UsbEndpoint[];
  readonly cdc: CdcDescriptors;
}

export interface UsbConfiguration {
  /** What SET_CONFIGURATION calls it. */
  readonly value: number;
  readonly settings: readonly UsbInterfaceSetting[];
  /** Why the rest was not read, where the device has said something impossible. What was read before it holds. */
  readonly damage?: string;
}

/** Descriptor types (USB 2.0, table 9-5; CDC 1.2, table 12). */
const CONFIGURATION = 0x02;
const INTERFACE = 0x04;
const ENDPOINT = 0x05;
const CLASS_SPECIFIC_INTERFACE = 0x24;
/** Subtypes of class-specific interface descriptors (CDC 1.2, table 13; WMC 1.1, table 5-1). */
const UNION = 0x06;
const OBEX = 0x15;
const OBEX_SERVICE = 0x19;
/** Lengths (USB 2.0, tables 9-10, 9-12, 9-13). */
const CONFIGURATION_LENGTH = 9;
const INTERFACE_LENGTH = 9;
const ENDPOINT_LENGTH = 7;
const OBEX_SERVICE_LENGTH = 22;
/** Linux knows no more interfaces in a configuration either; alternate settings each. */
const MOST_INTERFACES = 32;
const MOST_SETTINGS = 256;
/** Endpoints 1 to 15 in each direction (USB 2.0, 5.3.1.2). */
const MOST_ENDPOINTS = 30;
const BULK = 0x02;
/** Bits 10 to 0 of wMaxPacketSize. */
const PACKET_SIZE_MASK = 0x7ff;

/**
 * Reads a configuration descriptor with all that belongs to it, as GET_DESCRIPTOR gives it. Octets after its total
 * length are ignored. A device that contradicts itself further on gives what it said before, and `damage`.
 * @throws PcAgentError `bearer/descriptor-invalid` where it does not even begin as one
 */
export function readConfiguration(bytes: Uint8Array): UsbConfiguration {
  const at = (offset: number): number => bytes[offset] ?? 0;
  const headLength = at(0);
  const total = at(2) | (at(3) << 8);
  if (bytes.length < CONFIGURATION_LENGTH || headLength < CONFIGURATION_LENGTH || at(1) !== CONFIGURATION) {
    throw invalid('it does not begin as a configuration descriptor does', bytes);
  }
  if (total < headLength) throw invalid(`its total length is ${total}`, bytes);
  const reader = new SettingsReader();
  const end = Math.min(total, bytes.length);
  let offset = headLength;
  while (offset < end) {
    const length = at(offset);
    if (length < 2 || offset + length > end) {
      const rest = end - offset;
      return {
        ...reader.configuration(at(5)),
        damage: `a descriptor at ${offset} of ${length} octets, ${rest} are left`,
      };
    }
    const damage = reader.take(bytes.subarray(offset, offset + length));
    if (damage !== undefined) return { ...reader.configuration(at(5)), damage };
    offset += length;
  }
  const cut = total > bytes.length ? { damage: `${bytes.length} of ${total} octets` } : {};
  return { ...reader.configuration(at(5)), ...cut };
}

interface Setting extends UsbInterfaceSetting {
  readonly endpoints: UsbEndpoint[];
  cdc: CdcDescriptors;
}

/** Puts endpoints and class-specific descriptors to the interface that they follow (USB 2.0, 9.4.3). */
class SettingsReader {
  readonly #settings: Setting[] = [];
  readonly #numbers = new Set<number>();

  configuration(value: number): UsbConfiguration {
    return { value, settings: this.#settings };
  }

  /** @returns what is impossible about it, in a few words. */
  take(descriptor: Uint8Array): string | undefined {
    const current = this.#settings.at(-1);
    switch (descriptor[1]) {
      case INTERFACE:
        return this.#interface(descriptor);
      case ENDPOINT:
        return current === undefined ? 'an endpoint before any interface' : addEndpoint(current, descriptor);
      case CLASS_SPECIFIC_INTERFACE:
        if (current !== undefined) current.cdc = withClassSpecific(current.cdc, descriptor);
        return undefined;
      default:
        return undefined;
    }
  }

  #interface(descriptor: Uint8Array): string | undefined {
    if (descriptor.length < INTERFACE_LENGTH) return `an interface descriptor of ${descriptor.length} octets`;
    const [, , number = 0, alternate = 0, , kind = 0, subclass = 0, protocol = 0, nameIndex = 0] = descriptor;
    this.#numbers.add(number);
    if (this.#numbers.size > MOST_INTERFACES) return `more than ${MOST_INTERFACES} interfaces`;
    if (this.#settings.length >= MOST_SETTINGS) return `more than ${MOST_SETTINGS} alternate settings`;
    this.#settings.push({ number, alternate, class: kind, subclass, protocol, nameIndex, endpoints: [], cdc: {} });
    return undefined;
  }
}

function addEndpoint(setting: Setting, descriptor: Uint8Array): string | undefined {
  if (descriptor.length < ENDPOINT_LENGTH) return `an endpoint descriptor of ${descriptor.length} octets`;
  const [, , address = 0, attributes = 0, low = 0, high = 0] = descriptor;
  const number = address & 0x0f;
  const packetSize = (low | (high << 8)) & PACKET_SIZE_MASK;
  // One that is no bulk endpoint, has no number or takes no octets is of no use, and no reason to read no further.
  if ((attributes & 0x03) !== BULK || number === 0 || packetSize === 0) return undefined;
  if (setting.endpoints.length >= MOST_ENDPOINTS) return `more than ${MOST_ENDPOINTS} endpoints of an interface`;
  setting.endpoints.push({ number, direction: (address & 0x80) === 0 ? 'out' : 'in', packetSize });
  return undefined;
}

/** Of each the first counts; one that is too short for what it says it is does not. */
function withClassSpecific(cdc: CdcDescriptors, descriptor: Uint8Array): CdcDescriptors {
  const [length = 0, , subtype, first = 0, second = 0] = descriptor;
  switch (subtype) {
    case UNION:
      if (cdc.union !== undefined || length < 5) return cdc;
      return { ...cdc, union: { control: first, subordinates: [...descriptor.subarray(4)] } };
    case OBEX:
      return cdc.obex !== undefined || length < 5 ? cdc : { ...cdc, obex: first | (second << 8) };
    case OBEX_SERVICE:
      return cdc.service !== undefined || length < OBEX_SERVICE_LENGTH
        ? cdc
        : { ...cdc, service: serviceOf(descriptor) };
    default:
      return cdc;
  }
}

function serviceOf(descriptor: Uint8Array): NonNullable<CdcDescriptors['service']> {
  const hex = [...descriptor.subarray(4, 20)].map((octet) => octet.toString(16).padStart(2, '0')).join('');
  const [, a = '', b = '', c = '', d = '', e = ''] = /^(.{8})(.{4})(.{4})(.{4})(.{12})$/.exec(hex) ?? [];
  return {
    role: ((descriptor[3] ?? 0) & 1) === 0 ? 'server' : 'client',
    uuid: `${a}-${b}-${c}-${d}-${e}`,
    version: (descriptor[20] ?? 0) | ((descriptor[21] ?? 0) << 8),
  };
}

function invalid(why: string, bytes: Uint8Array): PcAgentError {
  return new PcAgentError('bearer/descriptor-invalid', `the device's configuration cannot be read: ${why}`, {
    retry: 'never',
    details: { bearer: 'usb', why, octets: bytes.length },
  });
}

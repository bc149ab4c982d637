/**
 * OBEX packets: opcode or response, u16 length of the whole packet, fixed fields, headers. Source: spec sheet obex,
 * sections 1 and 2 (openobex obex_const.h; IrOBEX 1.3, section 3).
 */
import { PcAgentError } from '../base/errors.ts';
import { decodeHeaders, type Header, headersLength, readU16, writeHeader, writeU16 } from './header.ts';

/** Requests, without the final bit where both forms exist. */
export const Opcode = {
  Connect: 0x80,
  Disconnect: 0x81,
  Put: 0x02,
  Get: 0x03,
  SetPath: 0x85,
  Action: 0x86,
  Session: 0x87,
  Abort: 0xff,
} as const;

/** Set in the last packet of a request; always set in responses. */
export const FINAL_BIT = 0x80;

/** Responses with their final bit. */
export const ResponseCode = {
  Continue: 0x90,
  Success: 0xa0,
  Created: 0xa1,
  Accepted: 0xa2,
  NoContent: 0xa4,
  BadRequest: 0xc0,
  Unauthorized: 0xc1,
  Forbidden: 0xc3,
  NotFound: 0xc4,
  MethodNotAllowed: 0xc5,
  NotAcceptable: 0xc6,
  RequestTimeout: 0xc8,
  Conflict: 0xc9,
  Gone: 0xca,
  LengthRequired: 0xcb,
  PreconditionFailed: 0xcc,
  EntityTooLarge: 0xcd,
  UnsupportedMediaType: 0xcf,
  InternalServerError: 0xd0,
  NotImplemented: 0xd1,
  BadGateway: 0xd2,
  ServiceUnavailable: 0xd3,
  GatewayTimeout: 0xd4,
  VersionNotSupported: 0xd5,
  DatabaseFull: 0xe0,
  DatabaseLocked: 0xe1,
} as const;

/** IrOBEX 1.0, as every phone announces it. */
export const OBEX_VERSION = 0x10;
export const MIN_PACKET = 255;
export const MAX_PACKET = 65535;
/** Opcode and length. */
export const PACKET_PREFIX = 3;
/** Version, flags and maximum packet length behind the prefix of CONNECT and of its answer. */
export const CONNECT_FIELDS = 4;
/** Flags and constants behind the prefix of SETPATH. */
export const SETPATH_FIELDS = 2;

export interface ConnectFields {
  readonly version: number;
  readonly flags: number;
  /** What the sender of the packet can receive. */
  readonly maxPacket: number;
}

/** What a request may begin with, with and without the final bit. */
const REQUESTS: readonly number[] = [...Object.values(Opcode), Opcode.Put | FINAL_BIT, Opcode.Get | FINAL_BIT];

export function isRequest(code: number): boolean {
  return REQUESTS.includes(code);
}

/** The request of a packet, whether it is the final one of it or not. */
export function requestOf(packet: Uint8Array | undefined): number | undefined {
  return packet === undefined ? undefined : (packet[0] ?? 0) & ~FINAL_BIT;
}

/** Responses lie between Continue and the last database error (spec sheet obex, sections 2 and 9). */
export function isResponse(code: number): boolean {
  return code >= ResponseCode.Continue && code <= ResponseCode.DatabaseLocked;
}

export function isSuccess(code: number): boolean {
  return code >= 0xa0 && code <= 0xaf;
}

/** `fixed` stands between the length and the headers. */
export function encodePacket(code: number, headers: readonly Header[], fixed?: Uint8Array): Uint8Array {
  const fixedLength = fixed?.length ?? 0;
  const length = PACKET_PREFIX + fixedLength + headersLength(headers);
  if (length > MAX_PACKET) throw new TypeError(`OBEX packet of ${length} octets`);
  const packet = new Uint8Array(length);
  packet[0] = code;
  writeU16(packet, 1, length);
  if (fixed !== undefined) packet.set(fixed, PACKET_PREFIX);
  let offset = PACKET_PREFIX + fixedLength;
  for (const header of headers) offset = writeHeader(header, packet, offset);
  return packet;
}

export function encodeConnect(code: number, fields: ConnectFields, headers: readonly Header[]): Uint8Array {
  const fixed = Uint8Array.of(fields.version, fields.flags, 0, 0);
  writeU16(fixed, 2, fields.maxPacket);
  return encodePacket(code, headers, fixed);
}

/**
 * Length of the packet that `bytes` begin with, as announced.
 * @throws PcAgentError `obex/packet-length` (under 3), `obex/packet-too-long` (over `limit`).
 */
export function announcedLength(bytes: Uint8Array, limit: number): number {
  const length = readU16(bytes, 1);
  if (length < PACKET_PREFIX) {
    throw new PcAgentError('obex/packet-length', `a packet says that it is ${length} octets long`, {
      offset: 1,
      details: { length },
    });
  }
  if (length > limit) {
    throw new PcAgentError('obex/packet-too-long', `a packet of ${length} octets where ${limit} were announced`, {
      offset: 1,
      details: { length, limit },
    });
  }
  return length;
}

/**
 * Headers of a whole packet behind `fixedLength` octets of fixed fields.
 * @throws PcAgentError `obex/packet-truncated`, `obex/header-length`, `obex/header-truncated`.
 */
export function packetHeaders(packet: Uint8Array, fixedLength = 0): Header[] {
  const start = PACKET_PREFIX + fixedLength;
  if (packet.length < start) throw tooShort(packet.length, start);
  return decodeHeaders(packet, start);
}

/** @throws PcAgentError `obex/packet-truncated` when the packet ends before them. */
export function connectFields(packet: Uint8Array): ConnectFields {
  const end = PACKET_PREFIX + CONNECT_FIELDS;
  if (packet.length < end) throw tooShort(packet.length, end);
  return {
    version: packet[3] ?? 0,
    flags: packet[4] ?? 0,
    maxPacket: readU16(packet, 5),
  };
}

function tooShort(length: number, needed: number): PcAgentError {
  return new PcAgentError('obex/packet-truncated', `a packet of ${length} octets lacks its fixed fields`, {
    offset: length,
    details: { length, needed },
  });
}

/** How long packets to the peer may be: what both can receive, and never under the standard's minimum. */
export function packetLimit(own: number, peer: number): number {
  return Math.max(MIN_PACKET, Math.min(own, peer));
}

/** `0xc4 Not found` as people read it. */
export function responseText(code: number): string {
  const hex = `0x${code.toString(16)}`;
  for (const [name, value] of Object.entries(ResponseCode)) {
    if (value === code) return `${hex} ${name.replace(/\B[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)}`;
  }
  return hex;
}

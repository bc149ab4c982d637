/**
 * OBEX headers. Source: spec sheet obex, section 3 (IrOBEX 1.3, section 2.2). The two top bits of the id give the form:
 * 00 UTF-16BE text with a NUL, 01 octets, 10 one octet, 11 four octets; the first two carry a u16 length that counts
 * the three octets before the value too.
 */
import { textOf, utf8 } from '../base/bytes.ts';
import { assertNever, PcAgentError } from '../base/errors.ts';

export const HeaderId = {
  Name: 0x01,
  Description: 0x05,
  DestName: 0x15,
  /** Text of the value of `x-syncml-hmac`; first of the user-defined text ids (SyncML OBEX binding). */
  SyncmlHmac: 0x30,
  Type: 0x42,
  Time: 0x44,
  Target: 0x46,
  Http: 0x47,
  Body: 0x48,
  EndOfBody: 0x49,
  Who: 0x4a,
  AppParameters: 0x4c,
  AuthChallenge: 0x4d,
  AuthResponse: 0x4e,
  WanUuid: 0x50,
  ObjectClass: 0x51,
  SessionParameters: 0x52,
  SessionSequence: 0x93,
  ActionId: 0x94,
  Srm: 0x97,
  SrmParameters: 0x98,
  Count: 0xc0,
  Length: 0xc3,
  Time4: 0xc4,
  ConnectionId: 0xcb,
  CreatorId: 0xcf,
  Permissions: 0xd6,
} as const;

export type Header =
  | { readonly kind: 'text'; readonly id: number; readonly value: string }
  | { readonly kind: 'bytes'; readonly id: number; readonly value: Uint8Array }
  | { readonly kind: 'byte'; readonly id: number; readonly value: number }
  | { readonly kind: 'word'; readonly id: number; readonly value: number };

/** Octets of id and length before the value of a text or octet header. */
export const HEADER_PREFIX = 3;
const MAX_HEADER = 0xffff;

export function textHeader(id: number, value: string): Header {
  return { kind: 'text', id, value };
}

export function bytesHeader(id: number, value: Uint8Array): Header {
  return { kind: 'bytes', id, value };
}

export function byteHeader(id: number, value: number): Header {
  return { kind: 'byte', id, value };
}

export function wordHeader(id: number, value: number): Header {
  return { kind: 'word', id, value };
}

/** A Type header: ASCII with its NUL, without which BlueZ ignores it (gobex). */
export function typeHeader(contentType: string): Header {
  const value = new Uint8Array(contentType.length + 1);
  for (let at = 0; at < contentType.length; at += 1) {
    const code = contentType.charCodeAt(at);
    if (code >= 0x80) return bytesHeader(HeaderId.Type, utf8(`${contentType}\0`));
    value[at] = code;
  }
  return bytesHeader(HeaderId.Type, value);
}

/** Octets that the header takes in a packet. */
export function headerLength(header: Header): number {
  switch (header.kind) {
    case 'text':
      // The empty text has no NUL either: its length is 3.
      return header.value === '' ? HEADER_PREFIX : HEADER_PREFIX + 2 * header.value.length + 2;
    case 'bytes':
      return HEADER_PREFIX + header.value.length;
    case 'byte':
      return 2;
    case 'word':
      return 5;
    default:
      return assertNever(header);
  }
}

export function headersLength(headers: readonly Header[]): number {
  let length = 0;
  for (const header of headers) length += headerLength(header);
  return length;
}

/** Writes the header at `offset`, which must have room for it; returns the offset behind it. */
export function writeHeader(header: Header, into: Uint8Array, offset: number): number {
  into[offset] = header.id;
  switch (header.kind) {
    case 'byte':
      into[offset + 1] = header.value;
      return offset + 2;
    case 'word':
      writeU32(into, offset + 1, header.value);
      return offset + 5;
    case 'bytes':
      writePrefixLength(header, into, offset);
      into.set(header.value, offset + HEADER_PREFIX);
      return offset + HEADER_PREFIX + header.value.length;
    case 'text':
      writePrefixLength(header, into, offset);
      return writeText(header.value, into, offset + HEADER_PREFIX);
    default:
      return assertNever(header);
  }
}

function writePrefixLength(header: Header, into: Uint8Array, offset: number): void {
  const length = headerLength(header);
  if (length > MAX_HEADER) throw new TypeError(`OBEX header of ${length} octets`);
  writeU16(into, offset + 1, length);
}

function writeText(text: string, into: Uint8Array, offset: number): number {
  if (text === '') return offset;
  let at = offset;
  for (let index = 0; index < text.length; index += 1) {
    writeU16(into, at, text.charCodeAt(index));
    at += 2;
  }
  writeU16(into, at, 0);
  return at + 2;
}

/** The header with octets of its own, for whoever keeps it longer than its packet. */
export function keptHeader(header: Header): Header {
  return header.kind === 'bytes' ? { ...header, value: new Uint8Array(header.value) } : header;
}

/**
 * Reads the headers from `start` to the end of the packet. Octet values are views of the packet.
 * @throws PcAgentError `obex/header-length` (length under 3, or text of odd length), `obex/header-truncated` (a header
 * runs past the end of the packet); `offset` is that of the header's id.
 */
export function decodeHeaders(packet: Uint8Array, start: number): Header[] {
  const headers: Header[] = [];
  let offset = start;
  while (offset < packet.length) {
    const id = packet[offset] ?? 0;
    const length = lengthInPacket(packet, offset, id);
    if (offset + length > packet.length) throw truncated(offset, length, packet.length);
    headers.push(readHeader(packet, offset, id, length));
    offset += length;
  }
  return headers;
}

function lengthInPacket(packet: Uint8Array, offset: number, id: number): number {
  const form = id >> 6;
  if (form === 2) return 2;
  if (form === 3) return 5;
  if (offset + HEADER_PREFIX > packet.length) throw truncated(offset, HEADER_PREFIX, packet.length);
  const length = readU16(packet, offset + 1);
  if (length < HEADER_PREFIX || (form === 0 && (length - HEADER_PREFIX) % 2 !== 0)) {
    throw new PcAgentError('obex/header-length', `header 0x${id.toString(16)} says that it is ${length} octets long`, {
      offset,
      details: { header: id, length },
    });
  }
  return length;
}

function truncated(offset: number, length: number, packetLength: number): PcAgentError {
  return new PcAgentError('obex/header-truncated', 'a header runs past the end of its packet', {
    offset,
    details: { length, packetLength },
  });
}

function readHeader(packet: Uint8Array, offset: number, id: number, length: number): Header {
  switch (id >> 6) {
    case 0:
      return textHeader(id, readText(packet, offset + HEADER_PREFIX, offset + length));
    case 1:
      return bytesHeader(id, packet.subarray(offset + HEADER_PREFIX, offset + length));
    case 2:
      return byteHeader(id, packet[offset + 1] ?? 0);
    default:
      return wordHeader(id, readU32(packet, offset + 1));
  }
}

function readText(packet: Uint8Array, start: number, end: number): string {
  const units: number[] = [];
  for (let at = start; at + 1 < end; at += 2) {
    const unit = readU16(packet, at);
    // The value ends at its NUL; a peer that leaves it out is accepted.
    if (unit === 0) break;
    units.push(unit);
  }
  // A header has less than 32,767 of them.
  return String.fromCharCode(...units);
}

/** Two octets, big-endian; the caller has made sure that they are there. */
export function readU16(bytes: Uint8Array, offset: number): number {
  return ((bytes[offset] ?? 0) << 8) | (bytes[offset + 1] ?? 0);
}

export function writeU16(into: Uint8Array, offset: number, value: number): void {
  into[offset] = value >>> 8;
  into[offset + 1] = value;
}

function readU32(bytes: Uint8Array, offset: number): number {
  return readU16(bytes, offset) * 0x10000 + readU16(bytes, offset + 2);
}

function writeU32(into: Uint8Array, offset: number, value: number): void {
  writeU16(into, offset, value >>> 16);
  writeU16(into, offset + 2, value);
}

/** A part of the object itself, the last one too. */
export function isBody(header: Header): header is Extract<Header, { kind: 'bytes' }> {
  return header.kind === 'bytes' && (header.id === HeaderId.Body || header.id === HeaderId.EndOfBody);
}

/** Octets of the first header with this id. */
export function bytesOf(headers: readonly Header[], id: number): Uint8Array | undefined {
  for (const header of headers) if (header.id === id && header.kind === 'bytes') return header.value;
  return undefined;
}

export function textOfHeader(headers: readonly Header[], id: number): string | undefined {
  for (const header of headers) if (header.id === id && header.kind === 'text') return header.value;
  return undefined;
}

/** Number of the first one- or four-octet header with this id. */
export function numberOf(headers: readonly Header[], id: number): number | undefined {
  for (const header of headers) {
    if (header.id === id && (header.kind === 'byte' || header.kind === 'word')) return header.value;
  }
  return undefined;
}

/** Text of the Type header without NUL and outer blanks; `undefined` when there is none or it is empty. */
export function typeOf(headers: readonly Header[]): string | undefined {
  const bytes = bytesOf(headers, HeaderId.Type);
  if (bytes === undefined) return undefined;
  const text = asciiOrLatin(bytes);
  return (text.includes('\0') ? text.replaceAll('\0', '') : text).trim() || undefined;
}

/** One character an octet. */
function asciiOrLatin(bytes: Uint8Array): string {
  for (let at = 0; at < bytes.length; at += 1) {
    // An iteration over octets is slow; it is only for what should not be there.
    if ((bytes[at] as number) >= 0x80) return String.fromCharCode(...bytes);
  }
  return textOf(bytes);
}

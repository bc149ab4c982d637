import type { ByteSource } from '../base/byte-source.ts';
import { strictTextOf } from '../base/bytes.ts';
import { bareType, DESCRIPTOR_TYPE, DescriptorLimit } from './descriptor.ts';

/** Descriptor and object that came in one answer (combined delivery). */
export interface CombinedDelivery {
  readonly descriptor: Uint8Array;
  /** Content-Type of the descriptor's part. */
  readonly descriptorType: string;
  /** Content-ID of the object's part without its brackets; empty when it has none. */
  readonly contentId: string;
  /** MIME type of the object's part; empty when it says none. */
  readonly type: string;
  /** Where the object begins. It has no end of its own but the size that the descriptor says. */
  readonly at: number;
}

/** Octets of what stands before a part and of the header fields of one; senders have a few lines. */
const MAX_HEAD = 8 * 1024;
/** RFC 2046, 5.1.1: 1 to 70 of these, and no blank at the end. */
const BOUNDARY = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/;
/** What an answer has at most beside the object: the descriptor, the heads of both parts and the boundaries. */
export const COMBINED_EXTRA: number = DescriptorLimit.Document + 4 * MAX_HEAD;

/**
 * The boundary of an answer that is a combined delivery: `multipart/*` whose root is a descriptor (RFC 2387, `type`).
 * `undefined`: it is something else. The binary `application/vnd.wap.multipart.related` is not taken.
 */
export function combinedBoundary(contentType: string): string | undefined {
  if (!bareType(contentType).startsWith('multipart/')) return undefined;
  const root = parameter(contentType, 'type');
  const boundary = parameter(contentType, 'boundary');
  if (root === undefined || bareType(root) !== DESCRIPTOR_TYPE) return undefined;
  return boundary !== undefined && BOUNDARY.test(boundary) ? boundary : undefined;
}

/**
 * The first two parts of a combined delivery: the descriptor, then the object. `undefined` when they are not there, are
 * too long, or are encoded as only mail needs it.
 */
export function readCombined(source: ByteSource, boundary: string): CombinedDelivery | undefined {
  const opening = octetsOfText(`--${boundary}\r\n`);
  const start = indexOf(source, opening, 0, MAX_HEAD);
  if (start === undefined) return undefined;
  const first = headAt(source, start + opening.length);
  if (first === undefined || bareType(first.fields.get('content-type')) !== DESCRIPTOR_TYPE) return undefined;
  const between = octetsOfText(`\r\n--${boundary}\r\n`);
  const end = indexOf(source, between, first.at, DescriptorLimit.Document + between.length);
  if (end === undefined) return undefined;
  const second = headAt(source, end + between.length);
  if (second === undefined) return undefined;
  return {
    descriptor: source.subarray(first.at, end),
    descriptorType: first.fields.get('content-type') ?? '',
    contentId: (second.fields.get('content-id') ?? '').replace(/^<|>$/g, ''),
    type: bareType(second.fields.get('content-type')),
    at: second.at,
  };
}

/** The object of a delivery, if it has exactly so many octets: the boundary has to follow them. */
export function combinedObject(
  source: ByteSource,
  { at }: CombinedDelivery,
  boundary: string,
  size: number,
): ByteSource | undefined {
  const closing = octetsOfText(`\r\n--${boundary}`);
  const behind = source.subarray(at + size, at + size + closing.length);
  if (at + size > source.length || !isSame(behind, closing)) return undefined;
  return { length: size, subarray: (from, to) => source.subarray(at + from, at + Math.min(to, size)) };
}

/** Whether an address names this part (RFC 2392). */
export function namesPart(address: string, contentId: string): boolean {
  const match = /^cid:(.+)$/i.exec(address.trim());
  if (match?.[1] === undefined || contentId === '' || address.length > DescriptorLimit.Uri) return false;
  try {
    return decodeURIComponent(match[1]) === contentId;
  } catch {
    return false;
  }
}

interface PartHead {
  /** By name in lower case; the first of a name counts. */
  readonly fields: ReadonlyMap<string, string>;
  /** Where the content begins. */
  readonly at: number;
}

function headAt(source: ByteSource, from: number): PartHead | undefined {
  const blank = octetsOfText('\r\n\r\n');
  // A part without header fields begins with the empty line itself.
  const end = indexOf(source, blank, Math.max(0, from - 2), MAX_HEAD);
  const text = end === undefined ? undefined : strictTextOf(source.subarray(from, Math.max(from, end)));
  if (end === undefined || text === undefined) return undefined;
  const fields = new Map<string, string>();
  // Folded lines go on with a blank (RFC 5322, 2.2.3).
  for (const line of text.replace(/\r\n[ \t]+/g, ' ').split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon).trim().toLowerCase();
    if (colon > 0 && !fields.has(name)) fields.set(name, line.slice(colon + 1).trim());
  }
  const encoding = fields.get('content-transfer-encoding')?.toLowerCase() ?? 'binary';
  if (!['7bit', '8bit', 'binary'].includes(encoding)) return undefined;
  return { fields, at: end + blank.length };
}

function parameter(contentType: string, name: string): string | undefined {
  const found = new RegExp(`;\\s*${name}\\s*=\\s*(?:"([^"]{0,300})"|([^;\\s"]{1,300}))`, 'i').exec(contentType);
  return found?.[1] ?? found?.[2];
}

/** Where octets begin, looked for from one place on and not farther than `within`. */
function indexOf(source: ByteSource, wanted: Uint8Array, from: number, within: number): number | undefined {
  const window = source.subarray(from, from + within + wanted.length);
  for (let at = window.indexOf(wanted[0] ?? 0); at >= 0; at = window.indexOf(wanted[0] ?? 0, at + 1)) {
    if (isSame(window.subarray(at, at + wanted.length), wanted)) return from + at;
  }
  return undefined;
}

function isSame(octets: Uint8Array, wanted: Uint8Array): boolean {
  return octets.length === wanted.length && octets.every((octet, index) => octet === wanted[index]);
}

function octetsOfText(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

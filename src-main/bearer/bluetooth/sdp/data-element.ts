/** Data elements of service records (Bluetooth Core 5.4, volume 3, part B, 3). */

/** One data element; what none of the services here needs is told by its type only. */
export type DataElement =
  | { readonly kind: 'number'; readonly value: number }
  /** 128-bit form in lower case. */
  | { readonly kind: 'uuid'; readonly value: string }
  | { readonly kind: 'text'; readonly octets: Uint8Array }
  /** A sequence, or a choice of which one holds. */
  | { readonly kind: 'sequence' | 'alternative'; readonly elements: readonly DataElement[] }
  | { readonly kind: 'other' };

/** One element on its own and where the next one begins; `undefined`: the octets are none. */
export interface TakenElement {
  readonly element: DataElement;
  readonly end: number;
}

/** Sequences in sequences: a protocol list in a choice of such in a record in the list of records has six. */
const MAX_DEPTH = 10;

// Types, the upper five bits of the first octet (3.2), and size indices, the lower three (3.3).
const UNSIGNED = 1;
const UUID = 3;
const TEXT = 4;
const SEQUENCE = 6;
const ALTERNATIVE = 7;
/** Types above this are reserved. */
const LAST_TYPE = 8;
const NIL = 0;
const FIXED_SIZES = [1, 2, 4, 8, 16];
/** By size index: octets that the length itself takes. */
const LENGTH_OCTETS: Readonly<Record<number, number>> = { 5: 1, 6: 2, 7: 4 };
/** What short UUIDs are completed with (2.5.1). */
const BASE_UUID = '-0000-1000-8000-00805f9b34fb';

/** The element that begins at `at`, whose octets must not go beyond `limit`. */
export function takeElement(octets: Uint8Array, at: number, limit: number, depth = 0): TakenElement | undefined {
  const body = bodyAt(octets, at, limit);
  if (body === undefined || depth > MAX_DEPTH) return undefined;
  const { type, start, end } = body;
  const element = elementOf(octets, { type, start, end }, depth);
  return element === undefined ? undefined : { element, end };
}

/**
 * The elements of the sequence that begins at `at`, each on its own: one that is damaged is `undefined` and leaves the
 * others as they are, unless its length cannot be believed.
 */
export function takeEach(octets: Uint8Array): readonly (DataElement | undefined)[] | undefined {
  const list = bodyAt(octets, 0, octets.length);
  if (list === undefined || list.type !== SEQUENCE) return undefined;
  const each: (DataElement | undefined)[] = [];
  for (let at = list.start; at < list.end; ) {
    const body = bodyAt(octets, at, list.end);
    if (body === undefined) return [...each, undefined];
    each.push(elementOf(octets, body, 1));
    at = body.end;
  }
  return each;
}

/** Records that come one after the other, as the one element that a list of them is. */
export function sequenceOf(elements: Uint8Array): Uint8Array {
  const { length } = elements;
  // A sequence with a length of four octets.
  return Uint8Array.of((SEQUENCE << 3) | 7, ...[24, 16, 8, 0].map((shift) => (length >>> shift) & 0xff), ...elements);
}

interface Body {
  readonly type: number;
  readonly start: number;
  readonly end: number;
}

function bodyAt(octets: Uint8Array, at: number, limit: number): Body | undefined {
  const first = at < limit ? octets[at] : undefined;
  if (first === undefined) return undefined;
  const type = first >> 3;
  const sizeIndex = first & 7;
  if (type > LAST_TYPE) return undefined;
  const lengthOctets = LENGTH_OCTETS[sizeIndex] ?? 0;
  const start = at + 1 + lengthOctets;
  if (start > limit) return undefined;
  const length = lengthOctets === 0 ? fixedSize(type, sizeIndex) : numberIn(octets, at + 1, start);
  return length > limit - start ? undefined : { type, start, end: start + length };
}

function fixedSize(type: number, sizeIndex: number): number {
  return type === NIL ? 0 : (FIXED_SIZES[sizeIndex] ?? 0);
}

function elementOf(octets: Uint8Array, { type, start, end }: Body, depth: number): DataElement | undefined {
  switch (type) {
    case UNSIGNED:
      // Longer ones are no channels, attributes or versions.
      return end - start > 4 ? { kind: 'other' } : { kind: 'number', value: numberIn(octets, start, end) };
    case UUID:
      return uuidOf(octets.subarray(start, end));
    case TEXT:
      return { kind: 'text', octets: octets.subarray(start, end) };
    case SEQUENCE:
    case ALTERNATIVE: {
      const elements = elementsIn(octets, start, end, depth + 1);
      if (elements === undefined) return undefined;
      return { kind: type === SEQUENCE ? 'sequence' : 'alternative', elements };
    }
    default:
      return { kind: 'other' };
  }
}

function elementsIn(octets: Uint8Array, start: number, end: number, depth: number): DataElement[] | undefined {
  const elements: DataElement[] = [];
  for (let at = start; at < end; ) {
    const taken = takeElement(octets, at, end, depth);
    if (taken === undefined) return undefined;
    elements.push(taken.element);
    at = taken.end;
  }
  return elements;
}

function uuidOf(octets: Uint8Array): DataElement | undefined {
  const hex = [...octets].map((octet) => octet.toString(16).padStart(2, '0')).join('');
  if (octets.length === 2 || octets.length === 4) {
    return { kind: 'uuid', value: `${hex.padStart(8, '0')}${BASE_UUID}` };
  }
  if (octets.length !== 16) return undefined;
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)];
  return { kind: 'uuid', value: groups.join('-') };
}

function numberIn(octets: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let at = start; at < end; at += 1) value = value * 256 + (octets[at] ?? 0);
  return value;
}

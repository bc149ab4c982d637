import { type ByteSource, octetsOf } from '../../base/byte-source.ts';
import { textOf } from '../../base/bytes.ts';
import type { NodeFormat } from './node.ts';

const NODE_FORMATS: readonly NodeFormat[] = [
  'b64',
  'bin',
  'bool',
  'chr',
  'int',
  'node',
  'null',
  'xml',
  'date',
  'time',
  'float',
];

/** A Format as it was sent, in any case; `undefined` for one that the standard does not know. */
export function formatNamed(text: string): NodeFormat | undefined {
  const name = text.trim().toLowerCase();
  return NODE_FORMATS.find((format) => format === name);
}

/** A node's Format after it took a value: what came as base64 is kept as octets (DM Tree and Description 1.2, 8.3.7.2). */
export function keptFormat(format: NodeFormat): NodeFormat {
  return format === 'b64' ? 'bin' : format;
}

/** No value of these is longer; a longer one is not looked at. */
const LONGEST_SCALAR = 64;

const BOOL = /^(?:true|false|1|0)$/i;
/** A sign is accepted, although Meta-Information 1.2 knows none. */
const INT = /^[+-]?\d{1,19}$/;
/** 32-bit float of XML Schema; its exponent may have any size. */
const FLOAT = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[Ee][+-]?\d+)?|[+-]?INF|NaN)$/;
/** Calendar dates and times of day of ISO 8601, basic and extended. */
const DATE = /^\d{4}(-?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])$/;
const TIME = /^(?:[01]\d|2[0-4])(:?)[0-5]\d\1(?:[0-5]\d|60)(?:[.,]\d{1,9})?(?:Z|[+-]\d\d(?::?\d\d)?)?$/;

/** Whether octets are a value of a Format; a value that is not there at all always is. */
export function isValueOf(format: NodeFormat, value: ByteSource | undefined): boolean {
  if (value === undefined) return true;
  switch (format) {
    case 'null':
    case 'node':
      return value.length === 0;
    case 'bool':
      return matches(BOOL, value);
    case 'int':
      return matches(INT, value);
    case 'float':
      return matches(FLOAT, value);
    case 'date':
      return matches(DATE, value);
    case 'time':
      return matches(TIME, value);
    default:
      return true;
  }
}

function matches(pattern: RegExp, value: ByteSource): boolean {
  return value.length <= LONGEST_SCALAR && pattern.test(textOf(octetsOf(value)).trim());
}

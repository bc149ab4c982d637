import type { Element } from '../base/element.ts';
import { PcAgentError } from '../base/errors.ts';
import type { Language } from './tokens.ts';

/** A tag that no table knows; it stays in the tree under its `page:token` name. */
export interface UnknownTag {
  readonly page: number;
  readonly token: number;
  /** Where it stood first. */
  readonly offset: number;
}

export interface WbxmlDocument {
  /** Version byte as sent: 0x02 is 1.2. */
  readonly version: number;
  /** 1 means "unknown" (WBXML 1.3, section 7.2). */
  readonly publicId: number | string;
  /** IANA MIBenum; 0 when unknown or, in WBXML 1.0, absent. */
  readonly charset: number;
  readonly language: Language;
  readonly root: Element;
  /** Each unknown page and token once. */
  readonly unknown: readonly UnknownTag[];
}

/** What a document may cost before it is refused. */
export interface WbxmlLimits {
  /** Octets of the document, and of its text when the string table is repeated. Default 16 MiB. */
  readonly bytes: number;
  /**
   * Elements around an element. Default 64: a command in nested groups needs about 10, a TNDS tree one a level and 3 for
   * its properties, and no client's tree is deeper than 32 (DevDetail URI/MaxDepth).
   */
  readonly depth: number;
  /** Elements in the document. Default 100,000. */
  readonly elements: number;
}

export const WBXML_LIMITS: WbxmlLimits = { bytes: 16 * 1024 * 1024, depth: 64, elements: 100_000 };

export function wbxmlError(
  reason: string,
  message: string,
  offset: number,
  details: Readonly<Record<string, unknown>> = {},
): PcAgentError {
  return new PcAgentError(`wbxml/${reason}`, message, { offset, details });
}

/**
 * Reads a multi-byte integer (WBXML 1.3, section 5.1): at most five octets and 32 bits.
 * Two numbers go out in one, because a pair would be allocated for each: see `mbLength`.
 */
export function readMbUint32(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let index = at; ; index += 1) {
    const octet = bytes[index];
    if (octet === undefined) throw wbxmlError('truncated', 'the document ends within an integer', index);
    if (index - at === 5 || value > 0x1ffffff) {
      throw wbxmlError('integer-too-long', 'an integer has more than 32 bits', at);
    }
    value = value * 128 + (octet & 0x7f);
    if (octet < 0x80) return value;
  }
}

/** Octets of the multi-byte integer at `at`; it has been read, so it ends. */
export function mbLength(bytes: Uint8Array, at: number): number {
  let end = at;
  while ((bytes[end] ?? 0) >= 0x80) end += 1;
  return end - at + 1;
}

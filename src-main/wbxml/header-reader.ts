import { mbLength, readMbUint32, wbxmlError } from './document.ts';
import { type TextDecoding, textDecodingOf } from './text.ts';
import { type Language, languageOfPublicId } from './tokens.ts';

/** What stands before the body (WBXML 1.3, section 5.2 to 5.6). */
export interface WbxmlHeader {
  readonly version: number;
  readonly publicId: number | string;
  readonly charset: number;
  readonly decoding: TextDecoding;
  readonly language: Language;
  /** String table; a view. */
  readonly strings: Uint8Array;
  /** Where the string table starts in the document. */
  readonly stringsAt: number;
  /** Where the body starts. */
  readonly bodyAt: number;
}

/** WBXML 1.3; the high half is the major version less one. */
const NEWEST_VERSION = 0x03;

export interface HeaderExpectations {
  /** What the transport says that the document is; for documents that name no public id of ours. Default `syncml`. */
  readonly language?: Language;
  /** The transport's charset parameter, for documents that leave it unknown. Default UTF-8. */
  readonly charset?: string;
}

export function readWbxmlHeader(bytes: Uint8Array, expected: HeaderExpectations = {}): WbxmlHeader {
  const version = bytes[0];
  if (version === undefined) throw wbxmlError('truncated', 'the document is empty', 0);
  if (version > NEWEST_VERSION) {
    throw wbxmlError('bad-version', `0x${version.toString(16)} is not a version of WBXML that we know`, 0, { version });
  }
  let at = 1;
  const number = () => {
    const value = readMbUint32(bytes, at);
    at += mbLength(bytes, at);
    return value;
  };
  const publicNumber = number();
  const publicIdAt = at;
  const publicIndex = publicNumber === 0 ? number() : undefined;
  const charsetAt = at;
  // Charset came with WBXML 1.1.
  const charset = version === 0 ? 0 : number();
  const decoding = textDecodingOf(charset, expected.charset, charsetAt);
  const tableSizeAt = at;
  const tableSize = number();
  if (tableSize > bytes.length - at) {
    throw wbxmlError('truncated', `a string table of ${tableSize} octets does not fit in the document`, tableSizeAt, {
      tableSize,
    });
  }
  const strings = bytes.subarray(at, at + tableSize);
  const publicId = publicIndex === undefined ? publicNumber : publicIdText(strings, publicIndex, publicIdAt);
  return {
    version,
    publicId,
    charset,
    decoding,
    language: languageOfPublicId(publicId) ?? expected.language ?? 'syncml',
    strings,
    stringsAt: at,
    bodyAt: at + tableSize,
  };
}

/** The public id as text: handsets end it with NUL or with the end of the table. */
function publicIdText(strings: Uint8Array, index: number, offset: number): string {
  if (index >= strings.length) {
    throw wbxmlError('string-table', `the public id is at ${index}, outside the string table`, offset, { index });
  }
  const nul = strings.indexOf(0, index);
  const text = strings.subarray(index, nul < 0 ? strings.length : nul);
  let id = '';
  // Formal public ids are ASCII and short (ISO 8879); anything longer is none of ours.
  for (let at = 0; at < text.length && at < 128; at += 1) id += String.fromCharCode(text[at] ?? 0);
  return id;
}

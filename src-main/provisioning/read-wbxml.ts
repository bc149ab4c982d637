import { strictTextOf, textOf } from '../base/bytes.ts';
import { isPcAgentError, type PcAgentError } from '../base/errors.ts';
import { mbLength, readMbUint32 } from '../wbxml/document.ts';
import { TAG_HAS_ATTRIBUTES, TAG_HAS_CONTENT, TAG_TOKEN_MASK, Token } from '../wbxml/tokens.ts';
import type { AttributedElement } from '../xml/attributed.ts';
import { DOCUMENT_LIMITS, documentError } from './document-limits.ts';
import { attributeStart, attributeValue, PROV_PUBLIC_ID, PROV_TAGS } from './tokens.ts';

const FIRST_TAG = 0x05;
/** Token of attribute values; below it are attribute starts (WBXML 1.3, section 5.8.3). */
const FIRST_VALUE = 0x85;
const LITERAL_AC = 0xc4;
const PUBLIC_ID = '-//wapforum//dtd prov 1.0//en';

/**
 * Reads a provisioning document; tags that have no meaning keep their place under a name that nobody asks for, attributes
 * that have none are left out.
 * @throws PcAgentError `provisioning/malformed`, `provisioning/too-large`
 */
export function readProvisioningWbxml(bytes: Uint8Array): AttributedElement {
  if (bytes.length > DOCUMENT_LIMITS.bytes) throw documentError('too-large', 'the document is too large');
  try {
    return new Reader(bytes).read();
  } catch (error) {
    // Integers are read by the codec of SyncML, which speaks of itself.
    if (isPcAgentError(error, 'wbxml')) throw documentError('malformed', error.message, error.offset);
    throw error;
  }
}

/** WBXML 1.3, section 7.1: global tokens lie between those of attribute values too. */
function isValue(token: number): boolean {
  return token >= FIRST_VALUE && (token < Token.Ext0 || token > LITERAL_AC);
}

function isExtension(token: number): boolean {
  const global = token & 0x3f;
  const ofPage = token >= 0x40 && global <= 4;
  return ofPage && token !== Token.StrT && token !== Token.Opaque;
}

class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;
  #elements = 0;
  /** Octets that have become text: a string of the table may be pointed to again and again. */
  #decoded = 0;
  #tagPage = 0;
  #attributePage = 0;
  #table: Uint8Array = new Uint8Array(0);

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  read(): AttributedElement {
    const version = this.#octet();
    if (version < 0x01 || version > 0x03) throw this.#malformed(`WBXML version byte ${version} is not read`);
    const publicId = this.#integer();
    const nameAt = publicId === 0 ? this.#integer() : undefined;
    const charset = this.#integer();
    // 3 is US-ASCII, 106 UTF-8, 0 unknown (IANA MIBenum).
    if (![0, 3, 106].includes(charset)) throw this.#malformed(`charset ${charset} is not read`);
    this.#table = this.#take(this.#integer());
    const known =
      nameAt === undefined
        ? publicId === PROV_PUBLIC_ID || publicId === 1
        : this.#tableText(nameAt).toLowerCase() === PUBLIC_ID;
    if (!known) throw this.#malformed('it is a document of another kind');
    const root = this.#element(this.#tag(), 0);
    if (this.#at < this.#bytes.length) throw this.#malformed('octets follow the end of the document');
    return root;
  }

  /** The next token of a tag, after any change of page. */
  #tag(): number {
    let token = this.#octet();
    while (token === Token.SwitchPage) {
      this.#tagPage = this.#octet();
      token = this.#octet();
    }
    return token;
  }

  #element(token: number, depth: number): AttributedElement {
    if (depth > DOCUMENT_LIMITS.depth) throw this.#malformed('elements are nested too deep');
    this.#elements += 1;
    if (this.#elements > DOCUMENT_LIMITS.elements) throw documentError('too-large', 'there are too many elements');
    const number = token & TAG_TOKEN_MASK;
    if (number < Token.Literal || token === Token.Pi) throw this.#malformed(`token ${token} stands for no element`);
    const page = this.#tagPage;
    const name =
      number === Token.Literal
        ? this.#tableText(this.#integer())
        : ((page <= 1 ? PROV_TAGS[number - FIRST_TAG] : undefined) ?? `${page}:${number}`);
    const attributes = (token & TAG_HAS_ATTRIBUTES) === 0 ? [] : this.#attributes();
    const children = (token & TAG_HAS_CONTENT) === 0 ? [] : this.#children(depth + 1);
    return { name, attributes, children };
  }

  #children(depth: number): AttributedElement[] {
    const children: AttributedElement[] = [];
    for (let token = this.#tag(); token !== Token.End; token = this.#tag()) {
      // Text between elements says nothing.
      if (this.#text(token) === undefined) children.push(this.#element(token, depth));
    }
    return children;
  }

  #attributes(): [string, string][] {
    const attributes: [string, string][] = [];
    let token = this.#attributeToken();
    while (token !== Token.End) {
      if (isValue(token) || isExtension(token)) throw this.#malformed('a value has no attribute');
      const start = attributeStart(this.#attributePage, token);
      const name = token === Token.Literal ? this.#tableText(this.#integer()) : start?.name;
      let value: string | undefined = start?.value ?? '';
      for (token = this.#attributeToken(); token !== Token.End; token = this.#attributeToken()) {
        const part = this.#part(token);
        if (part === undefined) break;
        // What has a part that nobody knows has no value that could be trusted.
        value = value === undefined || part.value === undefined ? undefined : value + part.value;
      }
      if (name !== undefined && value !== undefined) attributes.push([name, value]);
      if (attributes.length > DOCUMENT_LIMITS.attributes)
        throw documentError('too-large', 'there are too many attributes');
    }
    return attributes;
  }

  /** A piece of an attribute's value; `undefined` where the next attribute begins. */
  #part(token: number): { readonly value: string | undefined } | undefined {
    if (isExtension(token)) throw this.#malformed('provisioning has no extension tokens');
    return isValue(token) ? { value: attributeValue(this.#attributePage, token) } : this.#text(token);
  }

  #attributeToken(): number {
    let token = this.#octet();
    while (token === Token.SwitchPage) {
      this.#attributePage = this.#octet();
      token = this.#octet();
    }
    return token;
  }

  /** Text of a token that brings some; `undefined` for any other token. */
  #text(token: number): { readonly value: string } | undefined {
    switch (token) {
      case Token.StrI: {
        const end = this.#bytes.indexOf(0, this.#at);
        if (end < 0) throw this.#malformed('a string does not end');
        const value = this.#decode(this.#bytes.subarray(this.#at, end));
        this.#at = end + 1;
        return { value };
      }
      case Token.StrT:
        return { value: this.#tableText(this.#integer()) };
      case Token.Entity: {
        const point = this.#integer();
        if (point === 0 || point > 0x10ffff) throw this.#malformed('an entity stands for no character');
        return { value: String.fromCodePoint(point).toWellFormed() };
      }
      case Token.Opaque:
        return { value: this.#decode(this.#take(this.#integer())) };
      default:
        return undefined;
    }
  }

  #decode(octets: Uint8Array): string {
    this.#decoded += octets.length;
    if (this.#decoded > DOCUMENT_LIMITS.bytes) throw documentError('too-large', 'the document has too much text');
    // An old handset maker's tool may write Latin-1; a password of that kind is then wrong, and nothing else is.
    return strictTextOf(octets) ?? textOf(octets);
  }

  #tableText(offset: number): string {
    if (offset >= this.#table.length) throw this.#malformed('a string lies outside the string table');
    const end = this.#table.indexOf(0, offset);
    return this.#decode(this.#table.subarray(offset, end < 0 ? this.#table.length : end));
  }

  #integer(): number {
    const value = readMbUint32(this.#bytes, this.#at);
    this.#at += mbLength(this.#bytes, this.#at);
    return value;
  }

  #take(length: number): Uint8Array {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw this.#malformed('it ends within a value');
    const octets = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return octets;
  }

  #octet(): number {
    const octet = this.#bytes[this.#at];
    if (octet === undefined) throw this.#malformed('it ends too early');
    this.#at += 1;
    return octet;
  }

  #malformed(message: string): PcAgentError {
    return documentError('malformed', message, this.#at);
  }
}

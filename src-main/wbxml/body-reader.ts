/**
 * Reads the element stream into a tree (WBXML 1.3, section 5.7 and 5.8). One loop with a stack of its own: nesting
 * costs no call stack, so the depth cap is the only thing that ends it. Written for speed in three places: a leaf with
 * one string never reaches the stack, short strings are gathered without a decoder, opaque data is a view.
 */
import type { Element } from '../base/element.ts';
import { NO_CHILDREN } from '../base/element.ts';
import { type Data, joinData } from './data.ts';
import { mbLength, readMbUint32, type UnknownTag, type WbxmlLimits, wbxmlError } from './document.ts';
import type { WbxmlHeader } from './header-reader.ts';
import { decodeText } from './text.ts';
import {
  FIRST_TAG_TOKEN,
  TAG_HAS_ATTRIBUTES,
  TAG_HAS_CONTENT,
  TAG_TOKEN_MASK,
  Token,
  tagTableOf,
  unknownTagName,
} from './tokens.ts';

interface OpenElement {
  readonly page: number;
  readonly name: string;
  children: Element[];
  content: Data | undefined;
}

/** The shared empty list; it is replaced, never pushed to. */
const EMPTY = NO_CHILDREN as Element[];

/** Above this many octets the platform's decoder is faster than gathering characters. */
const SHORT_STRING = 48;
const LAST_CODE_POINT = 0x10ffff;

export class BodyReader {
  readonly unknown: UnknownTag[] = [];
  private readonly bytes: Uint8Array;
  private readonly header: WbxmlHeader;
  private readonly limits: WbxmlLimits;
  private readonly names: readonly (string | undefined)[];
  private at: number;
  private page: number;
  private elements = 0;
  private expandedText = 0;
  private readonly stack: OpenElement[] = [];
  /** Pieces of the content of an open element, by depth, from the second piece on. */
  private readonly parts: (Data[] | undefined)[] = [];
  private readonly tableTexts = new Map<number, Data>();

  constructor(bytes: Uint8Array, header: WbxmlHeader, limits: WbxmlLimits) {
    this.bytes = bytes;
    this.header = header;
    this.limits = limits;
    this.names = tagTableOf(header.language).names;
    this.at = header.bodyAt;
    // A DDF body should switch to its page first; some go without (TND 1.2, section 8.6).
    this.page = header.language === 'ddf' && bytes[header.bodyAt] !== Token.SwitchPage ? 2 : 0;
  }

  /** The root; the whole document must have been used up. */
  read(): Element {
    const root = this.readRootTag();
    while (this.stack.length > 0) this.readToken();
    while (this.bytes[this.at] === Token.Pi) this.skipInstruction();
    if (this.at < this.bytes.length) {
      const left = this.bytes.length - this.at;
      throw wbxmlError('trailing', `${left} octets follow the end of the document`, this.at, { left });
    }
    return root;
  }

  private readRootTag(): Element {
    for (;;) {
      const byte = this.octet('the document has no root element');
      if (byte === Token.SwitchPage) this.switchPage();
      else if (byte === Token.Pi) this.skipInstruction();
      else if (byte === Token.Literal || (byte & TAG_TOKEN_MASK) >= FIRST_TAG_TOKEN || isLiteral(byte)) {
        return this.openTag(byte);
      } else throw wbxmlError('unexpected-token', `0x${byte.toString(16)} stands where the root should be`, this.at);
    }
  }

  /** One token inside an element. */
  private readToken(): void {
    const byte = this.octet('the document ends within an element');
    switch (byte) {
      case Token.End:
        this.at += 1;
        this.close();
        return;
      case Token.SwitchPage:
        this.switchPage();
        return;
      case Token.StrI:
        this.addContent(this.inlineString());
        return;
      case Token.Opaque:
        this.addContent(this.opaque());
        return;
      case Token.StrT:
        this.addContent(this.tableString());
        return;
      case Token.Entity:
        this.addContent(this.entity());
        return;
      case Token.Pi:
        this.skipInstruction();
        return;
      default:
        if ((byte & TAG_TOKEN_MASK) < FIRST_TAG_TOKEN && !isLiteral(byte)) this.refuseExtension(byte);
        this.openTag(byte);
    }
  }

  private openTag(byte: number): OpenElement {
    const start = this.at;
    this.at = start + 1;
    const token = byte & TAG_TOKEN_MASK;
    const page = this.page;
    const known = page < 3 ? this.names[(page << 6) | token] : undefined;
    const name = known ?? this.otherName(page, token, start);
    if (byte >= TAG_HAS_ATTRIBUTES) this.skipAttributes();
    this.elements += 1;
    if (this.elements > this.limits.elements) {
      throw wbxmlError('too-large', `more than ${this.limits.elements} elements`, start, { cap: this.limits.elements });
    }
    const element: OpenElement = { page, name, children: EMPTY, content: undefined };
    const depth = this.stack.length;
    if (depth > 0) {
      const parent = this.stack[depth - 1] as OpenElement;
      if (parent.children === EMPTY) parent.children = [element];
      else parent.children.push(element);
    }
    if ((byte & TAG_HAS_CONTENT) !== 0) this.enter(element, depth, start);
    return element;
  }

  private enter(element: OpenElement, depth: number, start: number): void {
    if (this.bytes[this.at] === Token.StrI) {
      const text = this.inlineString();
      if (text.length > 0) element.content = text;
      if (this.bytes[this.at] === Token.End) {
        this.at += 1;
        return;
      }
    }
    if (depth >= this.limits.depth) {
      throw wbxmlError('too-deep', `elements are nested deeper than ${this.limits.depth}`, start, {
        cap: this.limits.depth,
      });
    }
    this.stack.push(element);
  }

  private close(): void {
    const element = this.stack.pop() as OpenElement;
    const depth = this.stack.length;
    const parts = this.parts[depth];
    if (parts === undefined) return;
    element.content = joinData(parts);
    this.parts[depth] = undefined;
  }

  private addContent(piece: Data): void {
    if (piece.length === 0) return;
    const depth = this.stack.length - 1;
    const element = this.stack[depth] as OpenElement;
    if (element.content === undefined) {
      element.content = piece;
      return;
    }
    const parts = this.parts[depth];
    if (parts === undefined) this.parts[depth] = [element.content, piece];
    else parts.push(piece);
  }

  /** STR_I: octets up to NUL. */
  private inlineString(): Data {
    const bytes = this.bytes;
    const start = this.at + 1;
    const nul = bytes.indexOf(0, start);
    if (nul < 0) throw wbxmlError('truncated', 'a string does not end', this.at);
    this.at = nul + 1;
    return this.decode(bytes, start, nul);
  }

  private decode(bytes: Uint8Array, start: number, end: number): Data {
    if (end - start <= SHORT_STRING) {
      let text = '';
      let index = start;
      for (; index < end; index += 1) {
        const octet = bytes[index] as number;
        if (octet >= 0x80) break;
        text += String.fromCharCode(octet);
      }
      if (index === end) return text;
    }
    return decodeText(bytes.subarray(start, end), this.header.decoding);
  }

  /** OPAQUE: a view of the message, never a copy. */
  private opaque(): Uint8Array {
    const length = this.integer(1);
    const start = this.at;
    if (length > this.bytes.length - start) {
      throw wbxmlError('truncated', `opaque data of ${length} octets does not fit in the document`, start, { length });
    }
    this.at = start + length;
    return this.bytes.subarray(start, this.at);
  }

  /** STR_T: a string of the table, which may end with NUL or with the table. */
  private tableString(): Data {
    const start = this.at;
    return this.tableText(this.integer(1), start);
  }

  private tableText(index: number, offset: number): Data {
    const { strings } = this.header;
    if (index >= strings.length) {
      throw wbxmlError('string-table', `${index} is outside the string table`, offset, { index, size: strings.length });
    }
    let text = this.tableTexts.get(index);
    if (text === undefined) {
      const nul = strings.indexOf(0, index);
      text = this.decode(strings, index, nul < 0 ? strings.length : nul);
      this.tableTexts.set(index, text);
    }
    // Three octets can stand for the whole table, so repeats count against the size cap too.
    this.expandedText += text.length;
    if (this.expandedText > this.limits.bytes) {
      throw wbxmlError('too-large', `text of more than ${this.limits.bytes} octets`, offset, {
        cap: this.limits.bytes,
      });
    }
    return text;
  }

  private entity(): string {
    const start = this.at;
    const code = this.integer(1);
    if (code > LAST_CODE_POINT || (code >= 0xd800 && code <= 0xdfff)) {
      throw wbxmlError('bad-entity', `${code} is not a Unicode character`, start, { code });
    }
    return String.fromCodePoint(code);
  }

  private switchPage(): void {
    const page = this.bytes[this.at + 1];
    if (page === undefined) throw wbxmlError('truncated', 'the document ends within a page switch', this.at);
    this.page = page;
    this.at += 2;
  }

  /** Name of a literal, or the name that an unknown tag gets. */
  private otherName(page: number, token: number, start: number): string {
    if (token === Token.Literal) {
      const text = this.tableText(this.integer(0), start);
      return typeof text === 'string' ? text : unknownTagName(page, token);
    }
    if (!this.unknown.some((tag) => tag.page === page && tag.token === token)) {
      this.unknown.push({ page, token, offset: start });
    }
    return unknownTagName(page, token);
  }

  /** PI: like an attribute list. Nothing in SyncML uses one. */
  private skipInstruction(): void {
    this.at += 1;
    this.skipAttributes();
  }

  /** SyncML has no attributes; those that a peer sends are passed over. */
  private skipAttributes(): void {
    for (;;) {
      const byte = this.octet('the document ends within an attribute list');
      if (byte === Token.End) {
        this.at += 1;
        return;
      }
      if (byte === Token.SwitchPage) {
        // Attribute pages are counted apart from tag pages.
        this.at += 2;
      } else if (byte === Token.StrI) this.inlineString();
      else if (byte === Token.StrT || byte === Token.Literal) this.tableString();
      else if (byte === Token.Opaque) this.opaque();
      else if (byte === Token.Entity) this.entity();
      else {
        if ((byte & TAG_TOKEN_MASK) < FIRST_TAG_TOKEN) this.refuseExtension(byte);
        this.at += 1;
      }
    }
  }

  private refuseExtension(byte: number): never {
    throw wbxmlError('unsupported', `token 0x${byte.toString(16)} has no meaning in SyncML`, this.at, { token: byte });
  }

  /** The multi-byte integer `skip` octets on; goes past it. */
  private integer(skip: number): number {
    const at = this.at + skip;
    const value = readMbUint32(this.bytes, at);
    this.at = at + mbLength(this.bytes, at);
    return value;
  }

  private octet(missing: string): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw wbxmlError('truncated', missing, this.at);
    return byte;
  }
}

/** LITERAL, LITERAL_C, LITERAL_A, LITERAL_AC. */
function isLiteral(byte: number): boolean {
  return (byte & TAG_TOKEN_MASK) === Token.Literal;
}

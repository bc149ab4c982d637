/**
 * Reads the element stream into a tree (WBXML 1.3, section 5.7 and 5.8). One loop with a stack of its own: nesting
 * costs no call stack, so the depth cap is the only thing that ends it.
 *
 * Written for speed where messages spend their time: children are gathered aside until their parent closes, when
 * their number is known; a leaf with one string never reaches the stack; strings are cut from windows of text (`text-window.ts`);
 * opaque data is a view. All other tokens take the slow road through methods.
 */
import { EMPTY_BYTES } from '../base/bytes.ts';
import { type Element, NO_CHILDREN } from '../base/element.ts';
import { type Data, joinData } from './data.ts';
import { mbLength, readMbUint32, type UnknownTag, type WbxmlLimits, wbxmlError } from './document.ts';
import type { WbxmlHeader } from './header-reader.ts';
import { TextWindow } from './text-window.ts';
import {
  Page,
  TAG_HAS_ATTRIBUTES,
  TAG_HAS_CONTENT,
  TAG_TOKEN_MASK,
  Token,
  tagTableOf,
  unknownTagName,
} from './tokens.ts';

const LAST_CODE_POINT = 0x10ffff;
/** Names as the elements of SyncML have them; a colon would look like the name of an unknown tag. */
const LITERAL_NAME = /^[A-Za-z_][\w.-]{0,99}$/;

/** An element whose end has not come yet. */
export interface OpenElement {
  readonly page: number;
  readonly name: string;
  children: readonly Element[];
  content: Data | undefined;
}

export class BodyReader {
  readonly unknown: UnknownTag[] = [];
  private seenUnknown: Set<number> | undefined;
  protected readonly bytes: Uint8Array;
  protected readonly header: WbxmlHeader;
  protected readonly limits: WbxmlLimits;
  protected readonly names: readonly (string | undefined)[];
  protected readonly texts: TextWindow;
  protected at: number;
  /** Open elements, by depth, and where the children of each start in `made`. */
  protected depth = 0;
  protected readonly stack: OpenElement[] = [];
  protected readonly starts: number[] = [];
  /** Elements that are complete and whose parent is still open. */
  protected readonly made: Element[] = [];
  /** Second and later pieces of the content of an open element, by depth. */
  protected pieces: Data[][] | undefined;
  private tableTexts: Map<number, Data> | undefined;
  private expandedText = 0;

  constructor(bytes: Uint8Array, header: WbxmlHeader, limits: WbxmlLimits) {
    this.bytes = bytes;
    this.header = header;
    this.limits = limits;
    this.names = tagTableOf(header.language).names;
    this.texts = new TextWindow(bytes, header.decoding);
    this.at = header.bodyAt;
  }

  /** The root; the whole document must have been used up. */
  read(): Element {
    this.readElements();
    while (this.bytes[this.at] === Token.Pi) this.skipInstruction();
    if (this.at < this.bytes.length) {
      const left = this.bytes.length - this.at;
      throw wbxmlError('trailing', `${left} octets follow the end of the document`, this.at, { left });
    }
    return this.made[0] as Element;
  }

  /**
   * This loop is what the codec's speed depends on, so it is long and its state is in local variables; fields have it
   * only while a method needs it.
   */
  protected readElements(): void {
    const { bytes, names, made, texts, limits, stack, starts } = this;
    const size = bytes.length;
    const { elements: mostElements, depth: mostDepth } = limits;
    // A DDF body should switch to its page first; some go without (TND 1.2, section 8.6).
    let page: number = this.header.language === 'ddf' && bytes[this.at] !== Token.SwitchPage ? Page.DmDdf : Page.SyncMl;
    let { at } = this;
    let depth = 0;
    let count = 0;
    let elements = 0;
    do {
      const start = at;
      const byte = bytes[start];
      if (byte === undefined) throw wbxmlError('truncated', 'the document ends within an element', start);
      if (byte === Token.End) {
        if (depth === 0) throw wbxmlError('unexpected-token', 'an element ends that has not begun', start);
        at = start + 1;
        depth -= 1;
        const from = starts[depth] as number;
        const element = stack[depth] as OpenElement;
        if (this.pieces !== undefined) this.join(element, this.pieces[depth]);
        if (count === from + 1) element.children = [made[from] as Element];
        else if (count > from) element.children = this.takeMade(from, count);
        made[from] = element;
        count = from + 1;
        continue;
      }
      const token = byte & TAG_TOKEN_MASK;
      if (byte === Token.SwitchPage && start + 1 < size) {
        page = bytes[start + 1] as number;
        at = start + 2;
        continue;
      }
      if (token < Token.Literal) {
        this.at = start;
        this.depth = depth;
        this.readOther(byte);
        at = this.at;
        continue;
      }
      at = start + 1;
      let name = page < 3 ? names[(page << 6) | token] : undefined;
      if (name === undefined || byte >= TAG_HAS_ATTRIBUTES) {
        this.at = at;
        name ??= this.otherName(page, token, start);
        if (byte >= TAG_HAS_ATTRIBUTES) this.skipAttributes();
        at = this.at;
      }
      elements += 1;
      if (elements > mostElements || depth > mostDepth) throw this.beyondCap(elements, start);
      let content: Data | undefined;
      if ((byte & TAG_HAS_CONTENT) !== 0) {
        if (at < size && bytes[at] === Token.StrI) {
          const nul = texts.endOf(at + 1);
          if (nul < 0) throw wbxmlError('truncated', 'a string does not end', at);
          if (nul > at + 1) content = texts.text(at + 1, nul);
          at = nul + 1;
        }
        if (at >= size || bytes[at] !== Token.End) {
          stack[depth] = { page, name, children: NO_CHILDREN, content };
          starts[depth] = count;
          depth += 1;
          continue;
        }
        at += 1;
      }
      made[count] = { page, name, children: NO_CHILDREN, content };
      count += 1;
    } while (depth > 0 || count === 0);
    this.at = at;
  }

  protected join(element: OpenElement, pieces: Data[] | undefined): void {
    if (pieces === undefined || pieces.length === 0) return;
    element.content = joinData([element.content as Data, ...pieces]);
    pieces.length = 0;
  }

  /** The complete elements from `start` on. Array literals have their exact size, unlike an array that is pushed to. */
  protected takeMade(start: number, end: number): readonly Element[] {
    const { made } = this;
    const a = made[start] as Element;
    switch (end - start) {
      case 2:
        return [a, made[start + 1] as Element];
      case 3:
        return [a, made[start + 1] as Element, made[start + 2] as Element];
      case 4:
        return [a, made[start + 1] as Element, made[start + 2] as Element, made[start + 3] as Element];
      default:
        return made.slice(start, end);
    }
  }

  /** Everything that is neither a tag nor END. */
  protected readOther(byte: number): void {
    if (byte === Token.SwitchPage) {
      throw wbxmlError('truncated', 'the document ends within a page switch', this.at);
    }
    if (byte === Token.Pi) {
      this.skipInstruction();
      return;
    }
    if (this.depth === 0) {
      throw wbxmlError('unexpected-token', `0x${byte.toString(16)} stands where the root should be`, this.at);
    }
    switch (byte) {
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
      default:
        this.refuseExtension(byte);
    }
  }

  private addContent(piece: Data): void {
    if (piece.length === 0) return;
    const depth = this.depth - 1;
    const element = this.stack[depth] as OpenElement;
    if (element.content === undefined) {
      element.content = piece;
      return;
    }
    this.pieces ??= [];
    const pieces = this.pieces[depth];
    if (pieces === undefined) this.pieces[depth] = [piece];
    else pieces.push(piece);
  }

  /** STR_I: octets up to NUL. */
  private inlineString(): Data {
    const start = this.at + 1;
    const nul = this.texts.endOf(start);
    if (nul < 0) throw wbxmlError('truncated', 'a string does not end', this.at);
    this.at = nul + 1;
    return this.texts.text(start, nul);
  }

  /** OPAQUE: a view of the message, never a copy. */
  private opaque(): Uint8Array {
    const lengthAt = this.at + 1;
    const length = this.integer(lengthAt);
    const start = this.at;
    if (length > this.bytes.length - start) {
      throw wbxmlError('truncated', `opaque data of ${length} octets does not fit in the document`, lengthAt, {
        length,
      });
    }
    this.at = start + length;
    return length === 0 ? EMPTY_BYTES : this.bytes.subarray(start, this.at);
  }

  /** STR_T: a string of the table, which may end with NUL or with the table. */
  private tableString(): Data {
    const indexAt = this.at + 1;
    return this.tableText(this.integer(indexAt), indexAt);
  }

  private tableText(index: number, offset: number): Data {
    const { strings, stringsAt } = this.header;
    if (index >= strings.length) {
      throw wbxmlError('string-table', `${index} is outside the string table`, offset, { index, size: strings.length });
    }
    this.tableTexts ??= new Map();
    let text = this.tableTexts.get(index);
    if (text === undefined) {
      const nul = strings.indexOf(0, index);
      text = this.texts.text(stringsAt + index, stringsAt + (nul < 0 ? strings.length : nul));
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
    const codeAt = this.at + 1;
    const code = this.integer(codeAt);
    if (code > LAST_CODE_POINT || (code >= 0xd800 && code <= 0xdfff)) {
      throw wbxmlError('bad-entity', `${code} is not a Unicode character`, codeAt, { code });
    }
    return String.fromCodePoint(code);
  }

  /** Name of a literal, or the name that an unknown tag gets. */
  protected otherName(page: number, token: number, start: number): string {
    if (token === Token.Literal) {
      const text = this.tableText(this.integer(this.at), start);
      // What could not be a tag of XML gets no chance to look like one.
      return typeof text === 'string' && LITERAL_NAME.test(text) ? text : unknownTagName(page, token);
    }
    this.seenUnknown ??= new Set();
    const key = (page << 6) | token;
    if (!this.seenUnknown.has(key)) {
      this.seenUnknown.add(key);
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
  protected skipAttributes(): void {
    for (;;) {
      const byte = this.bytes[this.at];
      if (byte === undefined) throw wbxmlError('truncated', 'the document ends within an attribute list', this.at);
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
        if ((byte & TAG_TOKEN_MASK) <= Token.Literal) this.refuseExtension(byte);
        this.at += 1;
      }
    }
  }

  private refuseExtension(byte: number): never {
    throw wbxmlError('unsupported', `token 0x${byte.toString(16)} has no meaning in SyncML`, this.at, { token: byte });
  }

  protected beyondCap(elements: number, offset: number): Error {
    const { elements: most, depth } = this.limits;
    if (elements > most) return wbxmlError('too-large', `more than ${most} elements`, offset, { cap: most });
    return wbxmlError('too-deep', `elements are nested deeper than ${depth}`, offset, { cap: depth });
  }

  /** The multi-byte integer at `at`; goes past it. */
  private integer(at: number): number {
    const value = readMbUint32(this.bytes, at);
    this.at = at + mbLength(this.bytes, at);
    return value;
  }
}

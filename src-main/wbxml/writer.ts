/**
 * Writes a tree as WBXML 1.2 without string table: STR_I for text, OPAQUE for octets and for text with NUL, page
 * switches only when the next tag needs one.
 */
import { utf8 } from '../base/bytes.ts';
import type { Element } from '../base/element.ts';
import { PcAgentError } from '../base/errors.ts';
import type { Data } from './data.ts';
import {
  type Language,
  PUBLIC_ID,
  parseUnknownTagName,
  TAG_HAS_CONTENT,
  type TagTable,
  Token,
  tagTableOf,
} from './tokens.ts';

/** WBXML 1.2, the version that DM clients of 1.1.2 read as well. */
const VERSION = 0x02;
/** UTF-8 (IANA MIBenum 106). */
const CHARSET = 0x6a;
/** Deeper trees are not ours: the reader's cap is the same. */
const MAX_DEPTH = 64;
const FIRST_BUFFER = 16 * 1024;
/** A larger buffer than this is given back after the message that needed it. */
const KEPT_BUFFER = 1024 * 1024;
/** Room for an element with a short text: page switch, tag, STR_I, text, NUL and END; or for all of an opaque value but the octets. */
const ELEMENT_ROOM = 80;
/** Up to here a loop over the characters is faster than a call of the platform's encoder. */
const SHORT_TEXT = 64;

const NO_TOKENS: Readonly<Record<string, number>> = Object.freeze(Object.create(null));

const encoder = new TextEncoder();

/** A writer with a buffer that it uses again for the next document. */
export class WbxmlWriter {
  private buffer = new Uint8Array(FIRST_BUFFER);
  private page = 0;
  private table: TagTable['tokens'] = [];
  /** The tokens of the page in force. */
  private tokens: Readonly<Record<string, number>> = NO_TOKENS;

  /** The document as a view of the writer's buffer: good until the writer is used again. */
  write(root: Element, language: Language): Uint8Array {
    this.start(language);
    const end = this.list([root], this.header(language), 0);
    return this.buffer.subarray(0, end);
  }

  /** Octets that `element` adds behind a tag of page 0, a switch back to page 0 included. */
  lengthOf(element: Element): number {
    this.start('syncml');
    const end = this.list([element], 0, 0);
    return this.page === 0 ? end : end + 2;
  }

  private start(language: Language): void {
    if (this.buffer.length > KEPT_BUFFER) this.buffer = new Uint8Array(FIRST_BUFFER);
    this.page = 0;
    this.table = tagTableOf(language).tokens;
    this.tokens = this.table[0] ?? NO_TOKENS;
  }

  private header(language: Language): number {
    const { buffer } = this;
    const publicId = PUBLIC_ID[language];
    buffer[0] = VERSION;
    if (typeof publicId === 'number') {
      const at = this.integer(publicId, 1);
      buffer[at] = CHARSET;
      buffer[at + 1] = 0;
      return at + 2;
    }
    // No number is registered for it: index 0 of a string table that holds the id and its NUL.
    const id = utf8(publicId);
    buffer.set([0, 0, CHARSET], 1);
    const at = this.integer(id.length + 1, 4);
    buffer.set(id, at);
    buffer[at + id.length] = 0;
    return at + id.length + 1;
  }

  /** Writes elements at `at`; where they end. Leaves, which are most of them, are written without a further call. */
  private list(elements: readonly Element[], at: number, depth: number): number {
    if (depth > MAX_DEPTH) throw writeError('too-deep', `elements are nested deeper than ${MAX_DEPTH}`, elements[0]);
    for (let index = 0; index < elements.length; index += 1) {
      const element = elements[index] as Element;
      const { children, content } = element;
      if (at + ELEMENT_ROOM > this.buffer.length) this.grow(at + ELEMENT_ROOM);
      const { buffer } = this;
      const { page } = element;
      if (page !== this.page) {
        buffer[at] = Token.SwitchPage;
        buffer[at + 1] = page;
        this.page = page;
        this.tokens = this.table[page] ?? NO_TOKENS;
        at += 2;
      }
      const token = this.tokens[element.name] ?? unknownToken(element);
      if (children.length === 0) {
        if (content === undefined || content.length === 0) buffer[at++] = token;
        else {
          buffer[at++] = token | TAG_HAS_CONTENT;
          at = this.data(content, at);
          this.buffer[at++] = Token.End;
        }
        continue;
      }
      buffer[at++] = token | TAG_HAS_CONTENT;
      if (content !== undefined && content.length > 0) at = this.data(content, at);
      at = this.list(children, at, depth + 1);
      if (at >= this.buffer.length) this.grow(at + 1);
      this.buffer[at++] = Token.End;
    }
    return at;
  }

  /** Content at `at`; where it ends. Room is left behind it for END. */
  private data(content: Data, at: number): number {
    if (typeof content !== 'string') return this.opaque(content, at);
    const { length } = content;
    if (length > SHORT_TEXT) return this.text(content, at);
    const { buffer } = this;
    const start = at + 1;
    for (let index = 0; index < length; index += 1) {
      const code = content.charCodeAt(index);
      if (code === 0 || code >= 0x80) return this.text(content, at);
      buffer[start + index] = code;
    }
    buffer[at] = Token.StrI;
    buffer[start + length] = 0;
    return start + length + 1;
  }

  private text(text: string, at: number): number {
    // NUL ends a STR_I.
    if (text.includes('\0')) return this.opaque(utf8(text), at);
    // UTF-8 needs at most three octets for a UTF-16 unit.
    const most = at + text.length * 3 + ELEMENT_ROOM;
    if (most > this.buffer.length) this.grow(most);
    const { buffer } = this;
    buffer[at] = Token.StrI;
    const end = at + 1 + encoder.encodeInto(text, buffer.subarray(at + 1)).written;
    buffer[end] = 0;
    return end + 1;
  }

  private opaque(octets: Uint8Array, at: number): number {
    const most = at + octets.length + ELEMENT_ROOM;
    if (most > this.buffer.length) this.grow(most);
    this.buffer[at] = Token.Opaque;
    const start = this.integer(octets.length, at + 1);
    this.buffer.set(octets, start);
    return start + octets.length;
  }

  /** mb_u_int32 (WBXML 1.3, section 5.1). */
  private integer(value: number, at: number): number {
    let shift = 0;
    while (value >= 2 ** (shift + 7)) shift += 7;
    for (; shift > 0; shift -= 7) this.buffer[at++] = (Math.floor(value / 2 ** shift) & 0x7f) | 0x80;
    this.buffer[at] = value & 0x7f;
    return at + 1;
  }

  private grow(needed: number): void {
    const larger = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    larger.set(this.buffer);
    this.buffer = larger;
  }
}

/** Token of a nameless tag, from its name in the tree. */
function unknownToken(element: Element): number {
  const tag = parseUnknownTagName(element.name);
  if (tag === undefined || tag.page !== element.page) {
    throw writeError('unknown-tag', `no code page has a tag ${element.name}`, element);
  }
  return tag.token;
}

function writeError(reason: string, message: string, element: Element | undefined): PcAgentError {
  return new PcAgentError(`wbxml/${reason}`, message, { details: { element: element?.name, page: element?.page } });
}

const writer = new WbxmlWriter();

/** Tables that a tree is written with: by its root. */
export function languageOfRoot(root: Element): Language {
  if (root.name === 'MgmtTree') return 'ddf';
  return root.name === 'DevInf' ? 'devinf' : 'syncml';
}

/**
 * The document in octets of its own.
 * @throws PcAgentError `wbxml/unknown-tag` for an element that no code page names; `wbxml/too-deep`.
 */
export function writeWbxml(root: Element, language: Language = languageOfRoot(root)): Uint8Array {
  return writer.write(root, language).slice();
}

/** How many octets `element` adds to a SyncML document, two more at most where a page switch can be saved. */
export function wbxmlLength(element: Element): number {
  return writer.lengthOf(element);
}

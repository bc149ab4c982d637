/**
 * Writes a tree as WBXML 1.2 without string table: STR_I for text, OPAQUE for octets, page switches only when the next
 * tag needs one. One buffer is used again and again, so a message costs one copy of its own size.
 */
import { utf8 } from '../base/bytes.ts';
import type { Element } from '../base/element.ts';
import { PcAgentError } from '../base/errors.ts';
import type { Data } from './data.ts';
import { type Language, PUBLIC_ID, parseUnknownTagName, TAG_HAS_CONTENT, Token, tagTableOf } from './tokens.ts';

/** WBXML 1.2, the version that DM clients of 1.1.2 read as well. */
const VERSION = 0x02;
/** UTF-8 (IANA MIBenum 106). */
const CHARSET = 0x6a;
/** Deeper trees are not ours: the reader's cap is the same. */
const MAX_DEPTH = 64;

const encoder = new TextEncoder();

class WbxmlWriter {
  private buffer = new Uint8Array(16 * 1024);
  private at = 0;
  private page = 0;
  private tokens: readonly ReadonlyMap<string, number>[] = [];

  document(root: Element, language: Language): Uint8Array {
    this.start(language);
    this.room(64);
    this.buffer[this.at++] = VERSION;
    const publicId = PUBLIC_ID[language];
    if (typeof publicId === 'number') {
      this.integer(publicId);
      this.buffer[this.at++] = CHARSET;
      this.buffer[this.at++] = 0;
    } else {
      // No number is registered for it: index 0 of a string table that holds the id and its NUL.
      this.buffer[this.at++] = 0;
      this.buffer[this.at++] = 0;
      this.buffer[this.at++] = CHARSET;
      const id = utf8(publicId);
      this.integer(id.length + 1);
      this.octets(id);
      this.buffer[this.at++] = 0;
    }
    this.element(root, 0);
    return this.take();
  }

  /** Upper bound of what `element` adds after a tag of page 0: the switch back to page 0 is counted. */
  fragmentLength(element: Element): number {
    this.start('syncml');
    this.element(element, 0);
    const length = this.at + (this.page === 0 ? 0 : 2);
    this.release();
    return length;
  }

  private start(language: Language): void {
    this.at = 0;
    this.page = 0;
    this.tokens = tagTableOf(language).tokens;
  }

  private take(): Uint8Array {
    const bytes = this.buffer.slice(0, this.at);
    this.release();
    return bytes;
  }

  /** One huge message must not keep its buffer for ever. */
  private release(): void {
    if (this.buffer.length > 1024 * 1024) this.buffer = new Uint8Array(16 * 1024);
  }

  private element(element: Element, depth: number): void {
    if (depth >= MAX_DEPTH) throw writeError('too-deep', `elements are nested deeper than ${MAX_DEPTH}`, element);
    let { page } = element;
    let token = this.tokens[page]?.get(element.name);
    if (token === undefined) {
      const unknown = parseUnknownTagName(element.name);
      if (unknown === undefined) throw writeError('unknown-tag', `there is no tag ${element.name}`, element);
      token = unknown.token;
      page = unknown.page;
    }
    this.room(4);
    if (page !== this.page) {
      this.buffer[this.at++] = Token.SwitchPage;
      this.buffer[this.at++] = page;
      this.page = page;
    }
    const { children, content } = element;
    if (children.length === 0 && (content === undefined || content.length === 0)) {
      this.buffer[this.at++] = token;
      return;
    }
    this.buffer[this.at++] = token | TAG_HAS_CONTENT;
    if (content !== undefined && content.length > 0) this.data(content);
    for (let index = 0; index < children.length; index += 1) this.element(children[index] as Element, depth + 1);
    this.room(1);
    this.buffer[this.at++] = Token.End;
  }

  private data(content: Data): void {
    if (typeof content !== 'string') this.opaque(content);
    else if (content.includes('\0')) this.opaque(utf8(content));
    else this.text(content);
  }

  private text(text: string): void {
    // UTF-8 needs at most three octets for a UTF-16 unit.
    this.room(text.length * 3 + 2);
    const { buffer } = this;
    let { at } = this;
    buffer[at++] = Token.StrI;
    const start = at;
    if (text.length <= 64) {
      for (let index = 0; index < text.length; index += 1) {
        const code = text.charCodeAt(index);
        if (code >= 0x80) break;
        buffer[at++] = code;
      }
    }
    if (at - start < text.length) at = start + encoder.encodeInto(text, buffer.subarray(start)).written;
    buffer[at++] = 0;
    this.at = at;
  }

  private opaque(octets: Uint8Array): void {
    this.room(octets.length + 6);
    this.buffer[this.at++] = Token.Opaque;
    this.integer(octets.length);
    this.octets(octets);
  }

  private octets(octets: Uint8Array): void {
    this.buffer.set(octets, this.at);
    this.at += octets.length;
  }

  private integer(value: number): void {
    let shift = 0;
    while (value >= 2 ** (shift + 7)) shift += 7;
    for (; shift > 0; shift -= 7) this.buffer[this.at++] = (Math.floor(value / 2 ** shift) & 0x7f) | 0x80;
    this.buffer[this.at++] = value & 0x7f;
  }

  private room(count: number): void {
    const needed = this.at + count;
    if (needed <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    larger.set(this.buffer.subarray(0, this.at));
    this.buffer = larger;
  }
}

function writeError(reason: string, message: string, element: Element): PcAgentError {
  return new PcAgentError(`wbxml/${reason}`, message, { details: { element: element.name, page: element.page } });
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
  return writer.document(root, language);
}

/** How many octets `element` adds to a SyncML document, two more at most where a page switch can be saved. */
export function wbxmlLength(element: Element): number {
  return writer.fragmentLength(element);
}

import { concatBytes, utf8 } from '../base/bytes.ts';
import { TAG_HAS_ATTRIBUTES, TAG_HAS_CONTENT, Token } from '../wbxml/tokens.ts';
import type { AttributedElement } from '../xml/attributed.ts';
import { documentError } from './document-limits.ts';
import { ATTRIBUTE_STARTS, ATTRIBUTE_VALUES, PROV_PUBLIC_ID, PROV_TAGS } from './tokens.ts';

/** WBXML 1.3, the public identifier, UTF-8, and no string table. */
const HEADER = Uint8Array.of(0x03, PROV_PUBLIC_ID, 0x6a, 0x00);
const FIRST_TAG = 0x05;

/** The document in WBXML. @throws PcAgentError `provisioning/malformed` for an element that provisioning has not. */
export function writeProvisioningWbxml(root: AttributedElement): Uint8Array {
  const writer = new Writer();
  writer.element(root);
  return concatBytes([HEADER, ...writer.parts]);
}

class Writer {
  readonly parts: Uint8Array[] = [];
  /** Of attributes; tags stay on page 0. */
  #page = 0;

  element({ name, attributes, children }: AttributedElement): void {
    const tag = PROV_TAGS.indexOf(name);
    if (tag < 0) throw documentError('malformed', 'a provisioning document has no such element');
    const has = (attributes.length > 0 ? TAG_HAS_ATTRIBUTES : 0) | (children.length > 0 ? TAG_HAS_CONTENT : 0);
    this.#octets((FIRST_TAG + tag) | has);
    for (const [attribute, value] of attributes) this.#attribute(attribute, value);
    if (attributes.length > 0) this.#octets(Token.End);
    for (const child of children) this.element(child);
    if (children.length > 0) this.#octets(Token.End);
  }

  #attribute(name: string, value: string): void {
    const start =
      ATTRIBUTE_STARTS.find((each) => each.name === name && each.value === value) ??
      ATTRIBUTE_STARTS.find((each) => each.name === name && each.value === undefined);
    if (start === undefined) throw documentError('malformed', 'a provisioning document has no such attribute');
    this.#token(start.page, start.token);
    if (start.value !== undefined || value === '') return;
    const known = ATTRIBUTE_VALUES.find(({ text }) => text === value);
    if (known === undefined) this.#string(value);
    else this.#token(known.page, known.token);
  }

  #string(value: string): void {
    // NUL ends an inline string, and no value of provisioning may hold one.
    if (value.includes('\0')) throw documentError('malformed', 'a value may not hold a NUL');
    this.#octets(Token.StrI);
    this.parts.push(utf8(value));
    this.#octets(0);
  }

  #token(page: number, token: number): void {
    if (page !== this.#page) this.#octets(Token.SwitchPage, page);
    this.#page = page;
    this.#octets(token);
  }

  #octets(...octets: number[]): void {
    this.parts.push(Uint8Array.from(octets));
  }
}

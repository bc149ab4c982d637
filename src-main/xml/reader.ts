import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { fromBase64 } from '../base/base64.ts';
import { type Element, NO_CHILDREN } from '../base/element.ts';
import type { PcAgentError } from '../base/errors.ts';
import { Annotation, Namespace, XML_LIMITS, type XmlLimits, xmlError } from './document.ts';
import { decodeXmlText, type XmlText } from './text.ts';

export interface XmlReadOptions {
  readonly limits?: Partial<XmlLimits>;
  /** The transport's charset parameter; it beats the XML declaration. */
  readonly charset?: string;
  /** Take back what `writeXml` annotated (`syncml encode`); off for anything that comes from a peer. */
  readonly annotations?: boolean;
}

/** How much goes to the parser at a time, so that a cap ends the work early. */
const SLICE = 64 * 1024;

const PAGE_SYNCML = 0;
const PAGE_METINF = 1;
const PAGE_DM_DDF = 2;

const PAGE_OF_NAMESPACE: ReadonlyMap<string, number> = new Map([
  [Namespace.SyncMl, PAGE_SYNCML],
  [Namespace.MetInf, PAGE_METINF],
  [Namespace.DmDdf, PAGE_DM_DDF],
]);

interface OpenElement {
  readonly page: number;
  readonly name: string;
  readonly octets: boolean;
  readonly children: Element[];
  readonly texts: string[];
  length: number;
}

/**
 * Reads an XML document into the same tree that WBXML gives. Names count, namespaces do not: a child of Meta is MetInf
 * and what is below MgmtTree is DDF, declared or not. Nothing is ever fetched.
 * @throws PcAgentError `xml/*` with the offset.
 */
export function readXml(bytes: Uint8Array, options: XmlReadOptions = {}): Element {
  const limits = { ...XML_LIMITS, ...options.limits };
  if (bytes.length > limits.bytes) {
    throw xmlError('too-large', `a document of ${bytes.length} octets; the cap is ${limits.bytes}`, limits.bytes, {
      cap: limits.bytes,
    });
  }
  return new TreeReader(decodeXmlText(bytes, options.charset), limits, options.annotations === true).read();
}

class TreeReader {
  private readonly source: XmlText;
  private readonly limits: XmlLimits;
  private readonly annotations: boolean;
  private readonly parser = new SaxesParser({ xmlns: false, position: true });
  private readonly stack: OpenElement[] = [];
  private root: Element | undefined;
  private elements = 0;
  private attributes = 0;
  private ended = false;

  constructor(source: XmlText, limits: XmlLimits, annotations: boolean) {
    this.source = source;
    this.limits = limits;
    this.annotations = annotations;
  }

  read(): Element {
    const { parser } = this;
    parser.on('error', (error) => {
      throw this.error(this.ended ? 'truncated' : 'malformed', withoutPosition(error.message));
    });
    parser.on('doctype', (text) => this.checkDoctype(text));
    parser.on('attribute', () => this.countAttribute());
    parser.on('opentag', (tag) => this.open(tag));
    parser.on('closetag', () => this.close());
    parser.on('text', (text) => this.addText(text));
    parser.on('cdata', (text) => this.addText(text));
    const { text } = this.source;
    for (let at = 0; at < text.length; at += SLICE) parser.write(text.slice(at, at + SLICE));
    this.ended = true;
    parser.close();
    if (this.root === undefined) throw this.error('truncated', 'the document has no root element');
    return this.root;
  }

  /** The official DOCTYPE carries a processing instruction inside; entities of a document's own are never needed. */
  private checkDoctype(text: string): void {
    if (/<!ENTITY/i.test(text)) throw this.error('entity-declaration', 'a document may not declare entities');
  }

  private open(tag: SaxesTagPlain): void {
    this.attributes = 0;
    this.elements += 1;
    if (this.elements > this.limits.elements) {
      throw this.error('too-large', `more than ${this.limits.elements} elements`, { cap: this.limits.elements });
    }
    if (this.stack.length > this.limits.depth) {
      throw this.error('too-deep', `elements are nested deeper than ${this.limits.depth}`, { cap: this.limits.depth });
    }
    const parent = this.stack.at(-1);
    const annotated = this.annotations && tag.name === Annotation.Tag ? this.annotatedTag(tag) : undefined;
    const name = annotated?.name ?? tag.name.slice(tag.name.lastIndexOf(':') + 1);
    this.stack.push({
      page: annotated?.page ?? this.declaredPage(tag) ?? pageOf(name, parent),
      name,
      octets: this.annotations && tag.attributes[Annotation.Octets] === 'base64',
      children: [],
      texts: [],
      length: 0,
    });
  }

  private annotatedTag(tag: SaxesTagPlain): { readonly page: number; readonly name: string } {
    const { page = '', token = '' } = tag.attributes;
    if (!/^[0-9a-f]{1,2}$/.test(page) || !/^[0-9a-f]{2}$/.test(token)) {
      throw this.error('malformed', `${Annotation.Tag} needs page and token in hex`);
    }
    return { page: Number.parseInt(page, 16), name: `${page}:${token}` };
  }

  private countAttribute(): void {
    this.attributes += 1;
    if (this.attributes > this.limits.attributes) {
      throw this.error('too-large', `an element with more than ${this.limits.attributes} attributes`, {
        cap: this.limits.attributes,
      });
    }
  }

  /** In annotated XML, which is ours, the namespace says where a child of a nameless tag belongs. */
  private declaredPage(tag: SaxesTagPlain): number | undefined {
    return this.annotations ? PAGE_OF_NAMESPACE.get(tag.attributes.xmlns ?? '') : undefined;
  }

  private addText(text: string): void {
    const element = this.stack.at(-1);
    if (element === undefined || text.length === 0) return;
    element.texts.push(text);
    element.length += text.length;
    if (element.length > this.limits.text) {
      throw this.error('too-large', `an element with more than ${this.limits.text} characters`, {
        cap: this.limits.text,
      });
    }
  }

  private close(): void {
    const open = this.stack.pop();
    if (open === undefined) throw this.error('malformed', 'an end tag without a start tag');
    const { page, name, children } = open;
    const element: Element = {
      page,
      name,
      children: children.length === 0 ? NO_CHILDREN : children,
      content: this.contentOf(open),
    };
    const parent = this.stack.at(-1);
    if (parent === undefined) this.root = element;
    else parent.children.push(element);
  }

  /** White space between elements says nothing; in a leaf it is the value. */
  private contentOf(open: OpenElement): string | Uint8Array | undefined {
    const text = open.texts.length === 1 ? (open.texts[0] ?? '') : open.texts.join('');
    if (text === '' || (open.children.length > 0 && /^[ \t\r\n]*$/.test(text))) return undefined;
    if (!open.octets) return text;
    const octets = fromBase64(text);
    if (octets === undefined) throw this.error('malformed', `${open.name} is marked as base64 and is not`);
    return octets;
  }

  private error(reason: string, message: string, details: Readonly<Record<string, unknown>> = {}): PcAgentError {
    const position = Math.min(this.parser.position, this.source.text.length);
    return xmlError(reason, message, this.source.offsetOf(position), details);
  }
}

/** Which code page an element belongs to, by what it stands in. */
function pageOf(name: string, parent: OpenElement | undefined): number {
  if (name === 'MgmtTree') return PAGE_DM_DDF;
  if (parent === undefined) return PAGE_SYNCML;
  return parent.page === PAGE_SYNCML && parent.name === 'Meta' ? PAGE_METINF : parent.page;
}

/** saxes puts line and column before its messages; ours carry the offset. */
function withoutPosition(message: string): string {
  return message.replace(/^(?:[^:\s]*:)?\d+:\d+: /, '');
}

import { XMLBuilder } from 'fast-xml-parser';
import { toBase64 } from '../base/base64.ts';
import { strictTextOf, utf8 } from '../base/bytes.ts';
import type { Element } from '../base/element.ts';
import { isXmlText } from './characters.ts';
import { Annotation, Namespace, XML_LIMITS, xmlError } from './document.ts';

export interface XmlWriteOptions {
  /** One element a line, for people. Default: no white space between elements. */
  readonly indent?: boolean;
  /**
   * Write octets that are not text, and tags without a name, with annotations of ours instead of refusing them. For
   * people and for `syncml encode`, never for a peer.
   */
  readonly annotations?: boolean;
}

/** A node as fast-xml-parser's builder takes it with `preserveOrder`. */
type OrderedNode = Readonly<Record<string, unknown>>;

const BUILDER = {
  preserveOrder: true,
  ignoreAttributes: false,
  suppressEmptyNode: true,
  suppressBooleanAttributes: false,
  // The reader's cap, and one for the builder's own count of the text node.
  maxNestedTags: 80,
  entities: [
    { regex: /&/g, val: '&amp;' },
    { regex: /</g, val: '&lt;' },
    { regex: />/g, val: '&gt;' },
    { regex: /"/g, val: '&quot;' },
    // A bare carriage return would be read as a line feed (XML 1.0, section 2.11).
    { regex: /\r/g, val: '&#13;' },
  ],
};

const PROLOGUE: OrderedNode = { '?xml': [{ '#text': '' }], ':@': { '@_version': '1.0', '@_encoding': 'UTF-8' } };

/**
 * The document as UTF-8 text without byte order mark.
 * @throws PcAgentError `xml/not-text` for octets or characters that XML cannot hold; `xml/unknown-tag` for a tag that
 *   has no name.
 */
export function writeXml(root: Element, options: XmlWriteOptions = {}): string {
  const text = build([PROLOGUE, toNode(root, undefined, options, 0)], options);
  return options.indent === true ? `${text.trimStart()}\n` : text;
}

/** One element without prologue, as it stands inside a SyncML document. */
export function writeXmlFragment(element: Element, options: XmlWriteOptions = {}): string {
  return build([toNode(element, INSIDE_SYNCML, options, 0)], options);
}

const INSIDE_SYNCML: Element = { page: 0, name: 'SyncBody', children: [], content: undefined };

function build(nodes: readonly OrderedNode[], options: XmlWriteOptions): string {
  return new XMLBuilder({ ...BUILDER, format: options.indent === true, indentBy: '  ' }).build(nodes);
}

function toNode(element: Element, parent: Element | undefined, options: XmlWriteOptions, depth: number): OrderedNode {
  // The reader's cap; a deeper tree is not ours.
  if (depth > XML_LIMITS.depth)
    throw xmlError('too-deep', `elements are nested deeper than ${XML_LIMITS.depth}`, undefined, {
      cap: XML_LIMITS.depth,
    });
  const attributes: Record<string, string> = {};
  const namespace = namespaceOf(element, parent);
  if (namespace !== undefined) attributes['@_xmlns'] = namespace;
  const name = tagName(element, attributes, options);
  const content: OrderedNode[] = [];
  const text = textContent(element, attributes, options);
  if (text !== '') content.push({ '#text': text });
  for (const child of element.children) content.push(toNode(child, element, options, depth + 1));
  return Object.keys(attributes).length === 0 ? { [name]: content } : { [name]: content, ':@': attributes };
}

/** Declared where the code page changes: on the root, on each child of Meta, on MgmtTree. */
function namespaceOf(element: Element, parent: Element | undefined): string | undefined {
  if (parent !== undefined && parent.page === element.page) return undefined;
  switch (element.page) {
    case 0:
      return element.name === 'DevInf' && parent === undefined ? Namespace.DevInf : Namespace.SyncMl;
    case 1:
      return Namespace.MetInf;
    case 2:
      return Namespace.DmDdf;
    default:
      return undefined;
  }
}

function tagName(element: Element, attributes: Record<string, string>, options: XmlWriteOptions): string {
  const [page, token] = element.name.split(':');
  if (token === undefined || page === undefined) return element.name;
  if (options.annotations !== true) {
    throw xmlError('unknown-tag', `tag ${element.name} has no name in XML`, undefined, { element: element.name });
  }
  attributes['@_xmlns:wbxml'] = Namespace.Annotation;
  attributes['@_page'] = page;
  attributes['@_token'] = token;
  return Annotation.Tag;
}

function textContent(element: Element, attributes: Record<string, string>, options: XmlWriteOptions): string {
  const { content } = element;
  if (content === undefined) return '';
  const text = typeof content === 'string' ? content : strictTextOf(content);
  if (text !== undefined && isXmlText(text)) return text;
  if (options.annotations !== true) {
    throw xmlError('not-text', `the content of ${element.name} cannot stand in XML: it needs base64`, undefined, {
      element: element.name,
    });
  }
  attributes['@_xmlns:wbxml'] = Namespace.Annotation;
  attributes[`@_${Annotation.Octets}`] = 'base64';
  return toBase64(typeof content === 'string' ? utf8(content) : content);
}

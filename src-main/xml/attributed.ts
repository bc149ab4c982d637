import { SaxesParser } from 'saxes';
import { utf8 } from '../base/bytes.ts';
import { type XmlLimits, xmlError } from './document.ts';
import { decodeXmlText } from './text.ts';

/** An element of a document that says everything in attributes, as provisioning documents do. */
export interface AttributedElement {
  readonly name: string;
  /** In document order; a name that comes twice stays twice. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children: readonly AttributedElement[];
}

interface Open {
  readonly name: string;
  readonly attributes: [string, string][];
  readonly children: AttributedElement[];
}

/**
 * Reads elements and attributes; text between them is left out. Nothing is ever fetched and no entity may be declared.
 * @throws PcAgentError `xml/*` with the offset.
 */
export function readAttributedXml(bytes: Uint8Array, limits: Omit<XmlLimits, 'text'>): AttributedElement {
  if (bytes.length > limits.bytes) {
    throw xmlError('too-large', `a document of ${bytes.length} octets; the cap is ${limits.bytes}`, limits.bytes);
  }
  const source = decodeXmlText(bytes, undefined);
  const parser = new SaxesParser({ xmlns: false, position: true });
  const stack: Open[] = [];
  let root: AttributedElement | undefined;
  let elements = 0;
  let ended = false;
  const fail = (reason: string, message: string) => {
    const at = source.offsetOf(Math.min(parser.position, source.text.length));
    return xmlError(reason, message, at);
  };
  parser.on('error', (error) => {
    throw fail(ended ? 'truncated' : 'malformed', error.message.replace(/^(?:[^:\s]*:)?\d+:\d+: /, ''));
  });
  parser.on('doctype', (text) => {
    if (/<!ENTITY/i.test(text)) throw fail('entity-declaration', 'a document may not declare entities');
  });
  parser.on('opentag', (tag) => {
    elements += 1;
    const attributes = Object.entries(tag.attributes);
    if (elements > limits.elements || attributes.length > limits.attributes) {
      throw fail('too-large', 'more elements or attributes than any document of this kind needs');
    }
    if (stack.length > limits.depth) throw fail('too-deep', `elements are nested deeper than ${limits.depth}`);
    stack.push({ name: tag.name, attributes, children: [] });
  });
  parser.on('closetag', () => {
    const element = stack.pop();
    if (element === undefined) throw fail('malformed', 'an end tag without a start tag');
    const parent = stack.at(-1);
    if (parent === undefined) root = element;
    else parent.children.push(element);
  });
  parser.write(source.text);
  ended = true;
  parser.close();
  if (root === undefined) throw fail('truncated', 'the document has no root element');
  return root;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** The document as UTF-8. Characters that XML cannot hold become U+FFFD; line breaks stay what they are. */
export function writeAttributedXml(root: AttributedElement, doctype: string): Uint8Array {
  return utf8(`<?xml version="1.0" encoding="UTF-8"?>\n${doctype}\n${elementText(root, '')}`);
}

function elementText(element: AttributedElement, indent: string): string {
  const attributes = element.attributes.map(([name, value]) => ` ${name}="${attributeText(value)}"`).join('');
  const start = `${indent}<${element.name}${attributes}`;
  if (element.children.length === 0) return `${start}/>\n`;
  const children = element.children.map((child) => elementText(child, `${indent}  `)).join('');
  return `${start}>\n${children}${indent}</${element.name}>\n`;
}

function attributeText(value: string): string {
  return value
    .toWellFormed()
    .replace(NOT_XML, '\uFFFD')
    .replace(/[&<>"]/g, (character) => ESCAPES[character] ?? '')
    .replace(/[\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML excludes.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

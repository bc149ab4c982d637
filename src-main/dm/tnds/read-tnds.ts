import { fromBase64 } from '../../base/base64.ts';
import { type ByteSource, octetsOf } from '../../base/byte-source.ts';
import { EMPTY_BYTES, textOf, utf8 } from '../../base/bytes.ts';
import type { Element } from '../../base/element.ts';
import { isPcAgentError } from '../../base/errors.ts';
import { Status } from '../../syncml/status.ts';
import { readWbxml } from '../../wbxml/reader.ts';
import { withoutNonXml } from '../../xml/characters.ts';
import { readXml } from '../../xml/reader.ts';
import { writeXmlFragment } from '../../xml/writer.ts';
import { MAX_TNDS, TNDS_PROPERTIES, type TndsNode, type TndsProperty, type TndsTree } from './tnds.ts';

/** How a serialized tree came: as elements of the message, or as a document of its own in XML or WBXML. */
export interface TndsContent {
  readonly value: ByteSource | undefined;
  readonly markup?: readonly Element[];
}

/**
 * Reads a serialized tree. A Status code for what is none: 412 nothing there, 413 too large, 415 of another version or
 * not a tree, 400 not even a document.
 */
export function readTnds(content: TndsContent): TndsTree | number {
  const { value, markup } = content;
  const inline = markup !== undefined && markup.length > 0;
  if (!inline && (value === undefined || value.length === 0)) return Status.IncompleteCommand;
  if (!inline && (value?.length ?? 0) > MAX_TNDS) return Status.RequestEntityTooLarge;
  try {
    return treeOf(inline ? markup[0] : rootOf(octetsOf(value ?? EMPTY_BYTES)));
  } catch (error) {
    if (!isPcAgentError(error, 'xml') && !isPcAgentError(error, 'wbxml')) throw error;
    return /\/too-(?:large|deep)$/.test(error.code) ? Status.RequestEntityTooLarge : Status.BadRequest;
  }
}

function rootOf(octets: Uint8Array): Element {
  return isXml(octets) ? readXml(octets) : readWbxml(octets, { language: 'ddf' }).root;
}

/** A WBXML document begins with a version below 4; XML with `<`, white space or a byte order mark. */
function isXml(octets: Uint8Array): boolean {
  return (octets[0] ?? 0) > 0x08;
}

function treeOf(root: Element | undefined): TndsTree | number {
  if (root?.name !== 'MgmtTree') return Status.UnsupportedMediaType;
  const version = textIn(root, 'VerDTD');
  if (version !== undefined && version !== '' && version !== '1.2') return Status.UnsupportedMediaType;
  const nodes: TndsNode[] = [];
  for (const element of root.children) {
    if (element.name !== 'Node') continue;
    const node = nodeOf(element);
    if (typeof node === 'number') return node;
    nodes.push(node);
  }
  return nodes.length === 0 ? Status.IncompleteCommand : { nodes };
}

/** The readers' cap on depth bounds the recursion. */
function nodeOf(element: Element): TndsNode | number {
  const children: TndsNode[] = [];
  for (const child of element.children) {
    if (child.name !== 'Node') continue;
    const node = nodeOf(child);
    if (typeof node === 'number') return node;
    children.push(node);
  }
  const about = childNamed(element, 'RTProperties');
  const format = about === undefined ? undefined : formatIn(about);
  const type = about === undefined ? undefined : typeIn(about);
  const valueElement = childNamed(element, 'Value');
  const value = valueElement === undefined ? undefined : octetsIn(valueElement, format);
  if (typeof value === 'number') return value;
  return {
    name: textIn(element, 'NodeName'),
    path: textIn(element, 'Path'),
    format: format === 'b64' ? 'bin' : format,
    type,
    properties: about === undefined ? {} : propertiesIn(about),
    value,
    children,
  };
}

function formatIn(about: Element): string | undefined {
  const format = childNamed(about, 'Format');
  // As text, too: a document by hand may name it so.
  return format?.children[0]?.name ?? (format === undefined ? undefined : textOfElement(format).trim() || undefined);
}

function typeIn(about: Element): string | undefined {
  const type = childNamed(about, 'Type');
  if (type === undefined) return undefined;
  const text = textOfElement(type.children[0] ?? type).trim();
  return text === '' ? undefined : text;
}

function propertiesIn(about: Element): Readonly<Partial<Record<TndsProperty, string>>> {
  const properties: Partial<Record<TndsProperty, string>> = {};
  for (const name of TNDS_PROPERTIES) {
    const text = textIn(about, name);
    if (text !== undefined) properties[name] = text;
  }
  return properties;
}

/** Octets of a Value: what is binary is base64 text in XML, and may be raw octets in WBXML. */
function octetsIn(element: Element, format: string | undefined): Uint8Array | number {
  if (element.children.length > 0) return utf8(element.children.map((child) => writeXmlFragment(child)).join(''));
  const { content } = element;
  if (content === undefined) return EMPTY_BYTES;
  if (format !== 'b64' && format !== 'bin') return typeof content === 'string' ? utf8(content) : content;
  if (typeof content !== 'string' && format === 'bin') return content;
  const decoded = fromBase64(typeof content === 'string' ? content : textOf(content));
  if (decoded !== undefined) return decoded;
  if (typeof content !== 'string') return content;
  return format === 'bin' ? utf8(content) : Status.BadRequest;
}

function childNamed(element: Element, name: string): Element | undefined {
  return element.children.find((child) => child.name === name);
}

/** Text without the white space around it, which libwbxml drops and people add. */
function textIn(element: Element, name: string): string | undefined {
  const child = childNamed(element, name);
  return child === undefined ? undefined : textOfElement(child).trim();
}

function textOfElement({ content }: Element): string {
  return content === undefined ? '' : withoutNonXml(typeof content === 'string' ? content : textOf(content));
}

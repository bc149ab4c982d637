import { toBase64 } from '../../base/base64.ts';
import { octetsOf } from '../../base/byte-source.ts';
import { strictTextOf, utf8 } from '../../base/bytes.ts';
import { type Element, NO_CHILDREN } from '../../base/element.ts';
import type { Encoding } from '../../syncml/model.ts';
import { Page } from '../../wbxml/tokens.ts';
import { writeWbxml } from '../../wbxml/writer.ts';
import { isXmlText } from '../../xml/characters.ts';
import { writeXmlFragment } from '../../xml/writer.ts';
import type { TndsNode, TndsTree } from './tnds.ts';

const VERSION = '1.2';

/** MIME types of a serialized tree (DM TND Serialization 1.2, appendix). */
export const TNDS_TYPE = {
  xml: 'application/vnd.syncml.dmtnds+xml',
  wbxml: 'application/vnd.syncml.dmtnds+wbxml',
} as const satisfies Readonly<Record<Encoding, string>>;

/** A serialized tree as the Data of an Item: XML text without prologue, or a WBXML document of its own. */
export function encodeTnds(tree: TndsTree, encoding: Encoding): Uint8Array {
  const root = parent('MgmtTree', [leaf('VerDTD', VERSION), ...tree.nodes.map((node) => nodeElement(node, encoding))]);
  return encoding === 'xml' ? utf8(writeXmlFragment(root)) : writeWbxml(root, 'ddf');
}

/** The writers' cap on depth bounds the recursion: a tree beyond it is refused by them. */
function nodeElement(node: TndsNode, encoding: Encoding): Element {
  const value = node.value === undefined ? undefined : carriedValue(node, encoding);
  const children: Element[] = [leaf('NodeName', node.name ?? '')];
  if (node.path !== undefined) children.push(leaf('Path', node.path));
  children.push(propertiesElement(node, value?.format ?? node.format));
  if (value !== undefined) children.push(leaf('Value', value.content));
  for (const child of node.children) children.push(nodeElement(child, encoding));
  return parent('Node', children);
}

/** Always there: the text calls it mandatory, though published examples leave it out. */
function propertiesElement(node: TndsNode, format: string | undefined): Element {
  const { ACL, Name, Size, Title, TStamp, VerNo } = node.properties;
  const interior = node.format === 'node' || node.children.length > 0;
  return parent('RTProperties', [
    ...one('ACL', ACL),
    ...(format === undefined ? [] : [parent('Format', [leaf(format)])]),
    ...one('Name', Name),
    ...one('Size', Size),
    ...one('Title', Title),
    ...one('TStamp', TStamp),
    ...(node.type === undefined ? [] : [parent('Type', [leaf(interior ? 'DDFName' : 'MIME', node.type)])]),
    ...one('VerNo', VerNo),
  ]);
}

function carriedValue(
  node: TndsNode,
  encoding: Encoding,
): { format: string | undefined; content: string | Uint8Array } {
  const octets = octetsOf(node.value ?? new Uint8Array(0));
  if (node.format !== 'bin' && node.format !== 'b64') {
    const text = strictTextOf(octets);
    if (text !== undefined && isXmlText(text)) return { format: node.format, content: text };
  }
  // Octets stand raw in WBXML and as base64 in XML, whose Format then says so (DM Tree and Description 1.2, 8.3.7.2).
  const format = node.format === undefined ? undefined : encoding === 'xml' ? 'b64' : 'bin';
  return { format, content: encoding === 'xml' ? toBase64(octets) : octets };
}

function one(name: string, text: string | undefined): readonly Element[] {
  return text === undefined ? [] : [leaf(name, text)];
}

function leaf(name: string, content?: string | Uint8Array): Element {
  return {
    page: Page.DmDdf,
    name,
    children: NO_CHILDREN,
    content: content === undefined || content.length === 0 ? undefined : content,
  };
}

function parent(name: string, children: readonly Element[]): Element {
  return { page: Page.DmDdf, name, children, content: undefined };
}

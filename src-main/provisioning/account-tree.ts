/** An account as a serialized tree (DM TND Serialization 1.2, section 9) and back, for the DM profile of bootstrap. */

import { fromBase64 } from '../base/base64.ts';
import { octetsOf } from '../base/byte-source.ts';
import { EMPTY_BYTES, textOf, utf8 } from '../base/bytes.ts';
import { type Element, NO_CHILDREN } from '../base/element.ts';
import type { ObjectNode } from '../dm/objects/object-node.ts';
import type { NodeSpec } from '../dm/tree/node.ts';
import { Page } from '../wbxml/tokens.ts';
import { DOCUMENT_LIMITS, documentError } from './document-limits.ts';

function element(name: string, children: readonly Element[] = NO_CHILDREN, content?: string | Uint8Array): Element {
  return { page: Page.DmDdf, name, children, content };
}

const text = (name: string, value: string): Element => element(name, NO_CHILDREN, value === '' ? undefined : value);

/** The tree of an object under a name. */
export function objectTree(name: string, spec: NodeSpec): Element {
  return element('MgmtTree', [text('VerDTD', '1.2'), objectElement(name, spec)]);
}

function objectElement(name: string, { format, type, value, children }: NodeSpec): Element {
  const kind = format === 'node' ? text('DDFName', type ?? '') : text('MIME', type ?? 'text/plain');
  const properties = element('RTProperties', [element('Format', [element(format)]), element('Type', [kind])]);
  const inner = Object.entries(children ?? {}).map(([child, its]) => objectElement(child, its));
  const own = value === undefined ? [] : [element('Value', NO_CHILDREN, valueContent(value))];
  return element('Node', [text('NodeName', name), properties, ...own, ...inner]);
}

/** Text as text, octets as OPAQUE; an empty value is an empty element. */
function valueContent(value: NonNullable<NodeSpec['value']>): string | Uint8Array | undefined {
  if (value.length === 0) return undefined;
  return typeof value === 'string' ? value : octetsOf(value);
}

/**
 * The objects of a serialized tree, each node of its first level.
 * @throws PcAgentError `provisioning/malformed`, `provisioning/too-large`
 */
export function objectsInTree(root: Element): readonly ObjectNode[] {
  if (root.name !== 'MgmtTree') throw documentError('malformed', 'it holds no serialized tree');
  const counter = { nodes: 0 };
  return childrenOf(root, 'Node').map((node) => objectNode(node, counter, 0));
}

function objectNode(node: Element, counter: { nodes: number }, depth: number): ObjectNode {
  counter.nodes += 1;
  if (counter.nodes > DOCUMENT_LIMITS.elements || depth > DOCUMENT_LIMITS.depth) {
    throw documentError('too-large', 'the serialized tree is too large or too deep');
  }
  const [properties] = childrenOf(node, 'RTProperties');
  const [format] = childrenOf(properties, 'Format');
  const [type] = childrenOf(properties, 'Type');
  const children = new Map<string, ObjectNode>();
  for (const child of childrenOf(node, 'Node')) {
    const inner = objectNode(child, counter, depth + 1);
    // Of two of the same name the first counts: the second could only be there to mislead.
    if (!children.has(inner.name)) children.set(inner.name, inner);
  }
  return {
    name: contentText(childrenOf(node, 'NodeName')[0]),
    type: type === undefined ? undefined : contentText(type.children[0]),
    value: octetsIn(childrenOf(node, 'Value')[0], format?.children[0]?.name),
    children,
  };
}

/** Binary values are OPAQUE octets, or base64 text whatever the format is called (TND 1.2, 8.3.7.2). */
function octetsIn(value: Element | undefined, format: string | undefined): Uint8Array | undefined {
  if (value === undefined) return undefined;
  const { content } = value;
  if (content === undefined) return EMPTY_BYTES;
  const isText = typeof content === 'string';
  if (format === 'b64' || (format === 'bin' && isText)) {
    return fromBase64(isText ? content : textOf(content)) ?? (isText ? utf8(content) : content);
  }
  return isText ? utf8(content) : content;
}

function childrenOf(parent: Element | undefined, name: string): readonly Element[] {
  return parent?.children.filter((child) => child.name === name) ?? [];
}

function contentText(leaf: Element | undefined): string {
  const { content } = leaf ?? {};
  return content === undefined ? '' : typeof content === 'string' ? content.trim() : textOf(content).trim();
}

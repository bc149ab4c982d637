import { MAX_TNDS, TNDS_PROPERTIES, type TndsNode, type TndsProperty, type TndsTree } from '../tnds/tnds.ts';
import type { TreeNode } from './node.ts';
import { PROPERTIES, type Property, propertyNamed, propertyText } from './property.ts';

/** What of a node a serialized tree tells. */
export type TndsPart = Property | 'Value';

const ALL: readonly TndsPart[] = [...PROPERTIES, 'Value'];

/**
 * Parts that a `?list=TNDS…` asks for: all, the named ones after `+`, or all but those after `-`. `undefined` when it is
 * no such query, names something unknown, or mixes the signs (DM Tree and Description 1.2, 8.4).
 */
export function tndsParts(query: string): ReadonlySet<TndsPart> | undefined {
  const match = /^TNDS((?:([+-])[A-Za-z]+(?:\2[A-Za-z]+)*)?)$/i.exec(query);
  if (match === null) return undefined;
  const sign = match[2];
  if (sign === undefined) return new Set(ALL);
  const named = new Set<TndsPart>();
  for (const name of (match[1] ?? '').slice(1).split(sign)) {
    const part = name.toLowerCase() === 'value' ? 'Value' : propertyNamed(name);
    if (part === undefined) return undefined;
    named.add(part);
  }
  return sign === '+' ? named : new Set(ALL.filter((part) => !named.has(part)));
}

/** What a subtree's octets may take besides its values: names, properties and tags of a node. */
const NODE_ROOM = 64;

/**
 * A subtree as it is serialized, without nodes that may not be read and what is below them; `undefined` when it is too
 * large to be held whole.
 */
export function serializeSubtree(
  top: TreeNode,
  parts: ReadonlySet<TndsPart>,
  readable: (node: TreeNode) => boolean,
): TndsTree | undefined {
  let room = MAX_TNDS;
  const serialize = (node: TreeNode): TndsNode => {
    const value = parts.has('Value') && node.format !== 'node' ? node.value : undefined;
    room -= NODE_ROOM + node.name.length + (value?.length ?? 0);
    const children: TndsNode[] = [];
    for (const child of node.children.values()) {
      if (room < 0) break;
      if (readable(child)) children.push(serialize(child));
    }
    return {
      // The root is the target itself; its name is no segment.
      name: node.parent === undefined ? '' : node.name,
      path: undefined,
      format: parts.has('Format') ? node.format : undefined,
      type: parts.has('Type') ? propertyText(node, 'Type') : undefined,
      properties: propertiesOf(node, parts),
      value,
      children,
    };
  };
  const nodes = [serialize(top)];
  return room < 0 ? undefined : { nodes };
}

function propertiesOf(node: TreeNode, parts: ReadonlySet<TndsPart>): TndsNode['properties'] {
  const properties: Partial<Record<TndsProperty, string>> = {};
  for (const name of TNDS_PROPERTIES) {
    const text = parts.has(name) ? propertyText(node, name) : undefined;
    // An empty ACL or Title is none.
    if (text !== undefined && (text !== '' || name === 'Name')) properties[name] = text;
  }
  return properties;
}

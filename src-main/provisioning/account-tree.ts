/** An object as a serialized tree and back, for the DM profile of bootstrap. */
import { utf8 } from '../base/bytes.ts';
import type { ObjectNode } from '../dm/objects/object-node.ts';
import type { TndsNode } from '../dm/tnds/tnds.ts';
import type { NodeSpec } from '../dm/tree/node.ts';

/** The tree of an object under a name. */
export function objectTree(name: string, { format, type, value, children, acl }: NodeSpec): TndsNode {
  return {
    name,
    path: undefined,
    format,
    type: format === 'node' ? (type ?? '') : (type ?? 'text/plain'),
    properties: acl === undefined ? {} : { ACL: acl },
    value: typeof value === 'string' ? utf8(value) : value,
    children: Object.entries(children ?? {}).map(([child, its]) => objectTree(child, its)),
  };
}

export function objectOfTree(node: TndsNode): ObjectNode {
  const children = new Map<string, ObjectNode>();
  for (const child of node.children) {
    const name = child.name ?? '';
    // Of two of the same name the first counts: the second could only be there to mislead.
    if (!children.has(name)) children.set(name, objectOfTree(child));
  }
  return { name: node.name ?? '', type: node.type, value: node.value, children };
}

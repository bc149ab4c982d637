import { octetsOf } from '../../../src-main/base/byte-source.ts';
import { textOf, utf8 } from '../../../src-main/base/bytes.ts';
import { ManagementTree } from '../../../src-main/dm/tree/management-tree.ts';
import type { AccessType, NodeSpec } from '../../../src-main/dm/tree/node.ts';
import { queryTree } from '../../../src-main/dm/tree/query.ts';
import type { TreeOptions } from '../../../src-main/dm/tree/tree-core.ts';

const ANY: readonly AccessType[] = ['Add', 'Delete', 'Exec', 'Get', 'Replace'];
export const EVERYBODY = 'Add=*&Delete=*&Exec=*&Get=*&Replace=*';

const anything = (name: string): NodeSpec | undefined => {
  if (name === 'never') return undefined;
  return name.startsWith('n') ? free() : { format: 'chr', access: ANY };
};

/** An interior node that takes leaves of any name, and nodes whose name begins with n. */
export function free(spec: Partial<NodeSpec> = {}): NodeSpec {
  return { format: 'node', access: ANY, allowed: anything, ...spec };
}

export const leaf = (value: string, spec: Partial<NodeSpec> = {}): NodeSpec => ({
  format: 'chr',
  value,
  access: ANY,
  ...spec,
});

export function treeOf(spec: Partial<NodeSpec>, options: TreeOptions = {}): ManagementTree {
  return new ManagementTree(free({ acl: EVERYBODY, ...spec }), options);
}

export const text = (value: string, format: string | undefined = 'chr', type?: string) => ({
  format,
  type,
  value: utf8(value),
});
export const NODE = { format: 'node', type: undefined, value: undefined };

/** What a Get gives: a code, or URI, Format, Type and text of each item. */
export function got(tree: ManagementTree, target: string, authority = 'srv', encoding: 'xml' | 'wbxml' = 'xml') {
  const answer = queryTree(tree, target, authority, encoding);
  if (answer.kind === 'refused') return answer.code;
  return answer.items.map(({ uri, format, type, value }) => [
    uri,
    format,
    type,
    value === undefined ? undefined : textOf(octetsOf(value)),
  ]);
}

/** A property's text, or the code that refuses it. */
export function property(tree: ManagementTree, uri: string, name: string, authority = 'srv'): string | number {
  const answer = got(tree, `${uri}?prop=${name}`, authority);
  return typeof answer === 'number' ? answer : String(answer[0]?.[3]);
}

import type { ByteSource } from '../../base/byte-source.ts';
import { utf8 } from '../../base/bytes.ts';
import type { Encoding } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { allows, type ManagementTree } from './management-tree.ts';
import type { TreeNode } from './node.ts';

/** One Item of a Results. */
export interface QueriedNode {
  readonly uri: string;
  readonly format: string;
  readonly type: string | undefined;
  /** `undefined`: the item has no Data (structure only, or a node without value). */
  readonly value: ByteSource | undefined;
}

export type QueryAnswer =
  | { readonly kind: 'found'; readonly items: readonly QueriedNode[] }
  | { readonly kind: 'refused'; readonly code: number };

const refused = (code: number): QueryAnswer => ({ kind: 'refused', code });

/** Answers Get on `<uri>`, `<uri>?prop=…` and `<uri>?list=…` (DM Tree and Description 1.2, 8.3 and 8.4). */
export function queryTree(tree: ManagementTree, target: string, _authority: string, _encoding: Encoding): QueryAnswer {
  const mark = target.indexOf('?');
  const uri = mark < 0 ? target : target.slice(0, mark);
  const node = tree.find(uri);
  if (typeof node === 'number') return refused(node);
  if (mark >= 0) return answerQuery(node, uri, target.slice(mark + 1));
  if (!allows(node, 'Get')) return refused(Status.CommandNotAllowed);
  return { kind: 'found', items: [answerOf(node, uri)] };
}

function answerQuery(node: TreeNode, uri: string, query: string): QueryAnswer {
  const equals = query.indexOf('=');
  const name = query.slice(0, equals).toLowerCase();
  const value = query.slice(equals + 1);
  if (name === 'prop') return property(node, uri, value);
  if (name !== 'list') return refused(Status.OptionalFeatureNotSupported);
  if (value !== 'Struct' && value !== 'StructData') return refused(Status.OptionalFeatureNotSupported);
  if (!allows(node, 'Get')) return refused(Status.CommandNotAllowed);
  const items: QueriedNode[] = [];
  collect(node, uri, value === 'StructData', items);
  return { kind: 'found', items };
}

function collect(node: TreeNode, uri: string, withData: boolean, items: QueriedNode[]): void {
  // A leaf without Get may be listed by name only; an operation node has no value to give.
  const value = withData && node.format !== 'node' && allows(node, 'Get') ? node.value : undefined;
  items.push({ uri, format: node.format, type: node.type, value });
  for (const child of node.children.values()) collect(child, `${uri}/${child.name}`, withData, items);
}

function answerOf(node: TreeNode, uri: string): QueriedNode {
  if (node.format === 'node') {
    const names = [...node.children.keys()].join('/');
    return { uri, format: 'node', type: 'text/plain', value: utf8(names) };
  }
  return { uri, format: node.format, type: node.type ?? 'text/plain', value: node.value };
}

function property(node: TreeNode, uri: string, name: string): QueryAnswer {
  const text = propertyText(node, name);
  if (text === undefined) return refused(Status.OptionalFeatureNotSupported);
  return {
    kind: 'found',
    items: [{ uri: `${uri}?prop=${name}`, format: 'chr', type: 'text/plain', value: utf8(text) }],
  };
}

function propertyText(node: TreeNode, name: string): string | undefined {
  switch (name) {
    case 'Format':
      return node.format;
    case 'Name':
      return node.name;
    case 'Type':
      return node.type ?? (node.format === 'node' ? '' : 'text/plain');
    case 'Size':
      return node.format === 'node' ? undefined : String(node.value?.length ?? 0);
    default:
      return undefined;
  }
}

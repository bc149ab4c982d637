import type { ByteSource } from '../../base/byte-source.ts';
import { utf8 } from '../../base/bytes.ts';
import type { Encoding } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { encodeTnds, TNDS_TYPE } from '../tnds/write-tnds.ts';
import { permits } from './acl.ts';
import type { ManagementTree } from './management-tree.ts';
import { type Authority, allows, nodesBelow, type TreeNode } from './node.ts';
import { propertyNamed, propertyText } from './property.ts';
import { serializeSubtree, type TndsPart, tndsParts } from './serialize.ts';

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
const found = (...items: readonly QueriedNode[]): QueryAnswer => ({ kind: 'found', items });

/** Answers Get on `<uri>`, `<uri>?prop=…` and `<uri>?list=…` (DM Tree and Description 1.2, 8.3 and 8.4). */
export function queryTree(tree: ManagementTree, target: string, authority: Authority, encoding: Encoding): QueryAnswer {
  const mark = target.indexOf('?');
  const uri = mark < 0 ? target : target.slice(0, mark);
  const node = tree.find(uri);
  if (typeof node === 'number') return refused(node === Status.NotFound && isInInbox(tree, uri) ? 405 : node);
  if (mark < 0) {
    const code = whyUnreadable(node, authority);
    return code === undefined ? found(answerOf(node, uri)) : refused(code);
  }
  const query = target.slice(mark + 1);
  const equals = query.indexOf('=');
  const keyword = query.slice(0, equals).toLowerCase();
  const value = query.slice(equals + 1);
  if (keyword === 'prop') return property(node, uri, value, authority);
  if (keyword === 'list') return list(node, uri, value, authority, encoding);
  return refused(Status.OptionalFeatureNotSupported);
}

/** Nothing is ever read from an inbox: what is put there moves on (DM Standardized Objects 1.2, 7.1.3.4). */
function isInInbox(tree: ManagementTree, uri: string): boolean {
  for (let end = uri.lastIndexOf('/'); end > 0; end = uri.lastIndexOf('/', end - 1)) {
    const above = tree.find(uri.slice(0, end));
    if (typeof above !== 'number') return above.spec.place !== undefined;
  }
  return false;
}

/** 405 when nobody can read the node, 425 when this server may not. */
function whyUnreadable(node: TreeNode, authority: Authority): number | undefined {
  if (authority !== undefined && !allows(node, 'Get')) return Status.CommandNotAllowed;
  return permits(node, 'Get', authority) ? undefined : Status.PermissionDenied;
}

function list(node: TreeNode, uri: string, value: string, authority: Authority, encoding: Encoding): QueryAnswer {
  const wanted = value.toLowerCase();
  const parts = tndsParts(value);
  if (wanted !== 'struct' && wanted !== 'structdata' && parts === undefined) {
    return refused(Status.OptionalFeatureNotSupported);
  }
  const code = whyUnreadable(node, authority);
  if (code !== undefined) return refused(code);
  if (parts !== undefined) return serialized(node, uri, parts, authority, encoding);
  return found(...listed(node, uri, wanted === 'structdata', authority));
}

/** The nodes of a subtree that the server may read, parents first. */
function listed(top: TreeNode, uri: string, withData: boolean, authority: Authority): readonly QueriedNode[] {
  const items: QueriedNode[] = [];
  const uris = new Map<TreeNode, string>();
  for (const node of nodesBelow(top)) {
    const above = node === top || node.parent === undefined ? undefined : uris.get(node.parent);
    const own = above === undefined ? uri : `${above}/${node.name}`;
    if (node.children.size > 0) uris.set(node, own);
    if (whyUnreadable(node, authority) !== undefined) continue;
    const value = withData && node.format !== 'node' ? node.value : undefined;
    items.push({ uri: own, format: node.format, type: node.type, value });
  }
  return items;
}

function serialized(
  node: TreeNode,
  uri: string,
  parts: ReadonlySet<TndsPart>,
  authority: Authority,
  encoding: Encoding,
): QueryAnswer {
  const tree = serializeSubtree(node, parts, (below) => whyUnreadable(below, authority) === undefined);
  if (tree === undefined) return refused(Status.RequestEntityTooLarge);
  const value = encodeTnds(tree, encoding);
  return found({ uri, format: encoding === 'xml' ? 'xml' : 'bin', type: TNDS_TYPE[encoding], value });
}

function answerOf(node: TreeNode, uri: string): QueriedNode {
  if (node.format === 'node') {
    const names = Array.from(node.children.values(), ({ name }) => name).join('/');
    return { uri, format: 'node', type: 'text/plain', value: utf8(names) };
  }
  return { uri, format: node.format, type: node.type ?? 'text/plain', value: node.value };
}

function property(node: TreeNode, uri: string, wanted: string, authority: Authority): QueryAnswer {
  const name = propertyNamed(wanted);
  const text = name === undefined ? undefined : propertyText(node, name);
  if (name === undefined || text === undefined) return refused(Status.OptionalFeatureNotSupported);
  if (!permits(node, 'Get', authority)) return refused(Status.PermissionDenied);
  return found({ uri: `${uri}?prop=${name}`, format: 'chr', type: 'text/plain', value: utf8(text) });
}

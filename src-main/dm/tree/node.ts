import type { ByteSource } from '../../base/byte-source.ts';
import { utf8 } from '../../base/bytes.ts';
import { type Acl, parseAcl } from './acl.ts';
import { keyOf } from './uri.ts';

/** Access types of a node (DM Tree and Description 1.2, 7.7.4.1). */
export type AccessType = 'Add' | 'Delete' | 'Exec' | 'Get' | 'Replace';

/** `Format` property of a node; `node` is an interior one. */
export type NodeFormat = 'b64' | 'bin' | 'bool' | 'chr' | 'int' | 'node' | 'null' | 'xml' | 'date' | 'time' | 'float';

/** Who commands: the ServerID of the authenticated server; `undefined` is the device itself, past ACLs and access types. */
export type Authority = string | undefined;

export interface ExecCall {
  /** URI as it was sent. */
  readonly uri: string;
  readonly correlator: string | undefined;
  readonly argument: Uint8Array | undefined;
  readonly authority: Authority;
}

/** What an inbox is told of an object that was put into it. */
export interface InboxObject {
  /** Management object identifier. */
  readonly type: string;
  /** The name that the server wishes for it. */
  readonly name: string | undefined;
  /** Text of a leaf of the object, by its path below it. */
  text(path: string): string | undefined;
}

/** Where an object goes that was put into an inbox. */
export interface InboxPlace {
  /** URI of its node: new, or replaced when it is there. */
  readonly uri: string;
  /** ACL of the node, should the object bring none. */
  readonly acl?: string;
}

/** How a node is made: given at the start for built-in nodes, by a parent's `allowed` for those that a server adds. */
export interface NodeSpec {
  readonly format: NodeFormat;
  /** MIME type of a leaf, management object identifier of an interior node. */
  readonly type?: string;
  readonly value?: string | ByteSource;
  readonly access?: readonly AccessType[];
  /** Its own ACL from the factory; without one it takes the nearest ancestor's. */
  readonly acl?: string;
  /** Its ACL is no server's to change (405). */
  readonly keepsAcl?: boolean;
  readonly title?: string;
  /** Cannot be added, deleted or renamed by a server; its Format and Type are fixed. */
  readonly permanent?: boolean;
  readonly children?: Readonly<Record<string, NodeSpec>>;
  /** What a server may add below this node; `undefined` for a name that is not allowed. */
  readonly allowed?: (name: string) => NodeSpec | undefined;
  /** Answers an Exec with a Status code. */
  readonly exec?: (call: ExecCall) => number;
  /** Takes back an Exec that was accepted and has not begun, since the Atomic that it is in fails; false when it cannot. */
  readonly takeBack?: (call: ExecCall) => boolean;
  /** Status of a server's Replace of the value that the device cannot take at the moment. */
  readonly refuses?: () => number | undefined;
  /** The value has changed, also back: a change was undone. */
  readonly onValue?: () => void;
  /**
   * Makes the node an inbox: where an object that is added to it goes; `undefined` for an object that the device does
   * not take (DM Standardized Objects 1.2, 7.1.3.4).
   */
  readonly place?: (object: InboxObject) => InboxPlace | undefined;
  /** Whether a server may add the leaf with this value; 403 otherwise. Default: with any that fits it. */
  readonly admits?: (value: ByteSource | undefined) => boolean;
}

export interface TreeNode {
  name: string;
  spec: NodeSpec;
  format: NodeFormat;
  type: string | undefined;
  value: ByteSource | undefined;
  /** Its own ACL; `undefined` when that is empty. */
  acl: Acl | undefined;
  title: string;
  /** TStamp in milliseconds of the epoch. */
  changed: number;
  /** VerNo: 0 to FFFF. */
  version: number;
  /** `spec`: made with the tree or with its parent, and made again at the next start. */
  origin: 'spec' | 'server';
  /** Its value is another one than its spec gave. */
  written: boolean;
  parent: TreeNode | undefined;
  /** By `keyOf` their names. */
  readonly children: Map<string, TreeNode>;
}

/** A node and what its spec puts below it. */
export function makeNode(name: string, spec: NodeSpec, now: number, origin: TreeNode['origin'] = 'spec'): TreeNode {
  const acl = spec.acl === undefined ? undefined : parseAcl(spec.acl);
  if (spec.acl !== undefined && acl === undefined) throw new TypeError(`${spec.acl} is no ACL`);
  const node: TreeNode = {
    name,
    spec,
    format: spec.format,
    type: spec.type,
    value: typeof spec.value === 'string' ? utf8(spec.value) : spec.value,
    acl,
    title: spec.title ?? '',
    changed: now,
    version: 0,
    origin,
    written: false,
    parent: undefined,
    children: new Map(),
  };
  for (const [childName, childSpec] of Object.entries(spec.children ?? {})) {
    const child = makeNode(childName, childSpec, now);
    child.parent = node;
    node.children.set(keyOf(childName), child);
  }
  return node;
}

export function allows({ spec }: Pick<TreeNode, 'spec'>, access: AccessType): boolean {
  return spec.access?.includes(access) ?? access === 'Get';
}

/** A node and everything below it, parents first; no recursion, since a tree may be as deep as it likes. */
export function* nodesBelow(top: TreeNode): Generator<TreeNode, void, void> {
  const waiting = [top];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    yield node;
    const children = [...node.children.values()];
    for (let index = children.length - 1; index >= 0; index -= 1) waiting.push(children[index] as TreeNode);
  }
}

/** URI of a node from the root: `./a/b`. */
export function uriOf(node: TreeNode): string {
  const names: string[] = [];
  for (let at = node; at.parent !== undefined; at = at.parent) names.push(at.name);
  return ['.', ...names.reverse()].join('/');
}

import { type ByteSource, octetsOf } from '../../base/byte-source.ts';
import { textOf, utf8 } from '../../base/bytes.ts';
import { isTnds } from '../tnds/tnds.ts';
import { FACTORY_ACL, parseAcl, withoutIdentifier } from './acl.ts';
import { addNode, copyNode, deleteNode, execNode, failingAncestor, replaceNode } from './change-node.ts';
import type { NodeContent } from './content.ts';
import { type Authority, type NodeSpec, nodesBelow, type TreeNode } from './node.ts';
import { addSubtrees, replaceSubtrees } from './plant.ts';
import { replaceProperty } from './property.ts';
import { type NodeState, type TreeChange, TreeCore, type TreeOptions, type UndoLog } from './tree-core.ts';
import { keyOf } from './uri.ts';

export type { NodeContent } from './content.ts';
export type { TreeOptions, UndoLog } from './tree-core.ts';
export { segmentsOf, URI_LIMITS } from './uri.ts';

/**
 * The handset's management tree. Each operation answers with a Status code of DM Representation 1.2; the order of checks
 * is syntax 414, existence 404 and 418, access 405, ACL 425, format 415, size 413 and 420. Who commands is named last:
 * a server by its ServerID; without one it is the device itself, past ACLs and access types.
 */
export class ManagementTree {
  readonly #core: TreeCore;

  constructor(spec: NodeSpec, options: TreeOptions = {}) {
    this.#core = new TreeCore(spec, options);
  }

  get root(): TreeNode {
    return this.#core.root;
  }

  /** The node at a URI such as `./DevInfo/DevId`, or the Status code that says why there is none. */
  find(uri: string): TreeNode | number {
    return this.#core.find(uri);
  }

  /** A leaf's value as text; `undefined` when there is no such leaf or no value. */
  text(uri: string): string | undefined {
    const node = this.find(uri);
    return typeof node === 'number' || node.value === undefined ? undefined : textOf(octetsOf(node.value));
  }

  /** Sets a leaf from the device's own side, past ACLs and access types. */
  set(uri: string, value: string | ByteSource): void {
    const node = this.find(uri);
    if (typeof node === 'number') throw new TypeError(`no node ${uri}`);
    const { format, type } = node;
    this.#core.setContent(node, { format, type, value: typeof value === 'string' ? utf8(value) : value });
  }

  /** Puts a node in from the device's own side, which does so again at its next start. */
  put(parentUri: string, name: string, spec: NodeSpec): TreeNode {
    const parent = this.find(parentUri);
    if (typeof parent === 'number') throw new TypeError(`no node ${parentUri}`);
    const node = this.#core.make(name, spec, 'spec');
    this.#core.attach(parent, node);
    return node;
  }

  /** Takes a node away from the device's own side. */
  drop(uri: string): void {
    const node = this.find(uri);
    if (typeof node !== 'number' && node !== this.root) this.#core.detach(node, false);
  }

  /** Adds a node, or the nodes of a serialized tree: all of them or none. Missing parents are made where they may be. */
  add(uri: string, content: NodeContent, authority: Authority): number {
    if (isTnds(content)) return addSubtrees(this.#core, uri, content, authority);
    return addNode(this.#core, uri, content, authority);
  }

  /** The missing parent that an Add fails for; its Status names it (DM Representation 1.2, 4.1.6.1). */
  failingParent(uri: string): string | undefined {
    return failingAncestor(this.#core, uri);
  }

  /** Replaces a leaf's value, or a subtree by a serialized tree: wholly or not at all. */
  replace(uri: string, content: NodeContent, authority: Authority): number {
    if (isTnds(content)) return replaceSubtrees(this.#core, uri, content, authority);
    return replaceNode(this.#core, uri, content, authority);
  }

  /** Changes a property of a node; `uri` is without query (DM Tree and Description 1.2, 8.3). */
  replaceProperty(uri: string, property: string, value: string, authority: Authority): number {
    return replaceProperty(this.#core, uri, property, value, authority);
  }

  delete(uri: string, authority: Authority): number {
    return deleteNode(this.#core, uri, authority);
  }

  /** Copies a leaf to a leaf, which may be new (DM Representation 1.2, 4.1.6.4). */
  copy(source: string, target: string, authority: Authority): number {
    return copyNode(this.#core, source, target, authority);
  }

  exec(uri: string, correlator: string | undefined, argument: ByteSource | undefined, authority: Authority): number {
    const octets = argument === undefined ? undefined : octetsOf(argument);
    return execNode(this.#core, { uri, correlator, argument: octets, authority });
  }

  /** Takes a server's identifier out of every ACL: its account is gone (DM Tree and Description 1.2, 8.3.7.1). */
  forgetServer(serverId: string): void {
    for (const node of nodesBelow(this.root)) {
      if (node.acl === undefined) continue;
      const acl = withoutIdentifier(node.acl, serverId);
      if (acl === node.acl) continue;
      // An ACL that is left empty would hand the node to the parent's; the root must have one.
      this.#core.setAcl(node, node === this.root && acl.size === 0 ? parseAcl(FACTORY_ACL) : acl);
    }
  }

  /** Notes all changes from now on, so that they can be taken back. There is one log at a time. */
  startUndo(): UndoLog {
    return this.#core.startUndo();
  }

  /** Changes may still be taken back, so that none of them counts yet. */
  get undoing(): boolean {
    return this.#core.undoing;
  }

  /** Tells one Atomic from another; `undefined` outside of all. */
  get undoGroup(): object | undefined {
    return this.#core.undoGroup;
  }

  /** Whoever keeps the tree is told of every change from now on. */
  onChange(listener: (change: TreeChange) => void): void {
    this.#core.listen(listener);
  }

  /** Makes a node what it was when it was kept, below a parent that is there; false when nothing allows the node now. */
  restore(uri: string, state: NodeState): boolean {
    const acl = parseAcl(state.acl);
    const found = this.find(uri);
    if (acl === undefined || (typeof found === 'number' && state.origin === 'spec')) return false;
    const node = typeof found === 'number' ? this.#remake(uri) : found;
    if (node === undefined) return false;
    this.#core.restore(node, state, acl.size === 0 ? undefined : acl);
    return true;
  }

  #remake(uri: string): TreeNode | undefined {
    const slash = uri.lastIndexOf('/');
    const name = uri.slice(slash + 1);
    const parent = this.find(uri.slice(0, slash));
    const spec = typeof parent === 'number' ? undefined : parent.spec.allowed?.(name);
    if (spec === undefined || typeof parent === 'number') return undefined;
    const node = this.#core.make(name, spec, 'server');
    this.#core.attach(parent, node);
    return parent.children.get(keyOf(name));
  }
}

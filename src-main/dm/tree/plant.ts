import { octetsOf } from '../../base/byte-source.ts';
import { equalBytes, textOf } from '../../base/bytes.ts';
import { isSuccess, Status } from '../../syncml/status.ts';
import { readTnds } from '../tnds/read-tnds.ts';
import type { TndsNode, TndsTree } from '../tnds/tnds.ts';
import { aclText, mayChangeAcl, parseAcl, permits } from './acl.ts';
import { addNode, deleteFound, replaceValue } from './change-node.ts';
import type { NodeContent } from './content.ts';
import { keptFormat } from './format.ts';
import { type Authority, allows, type InboxObject, type TreeNode, uriOf } from './node.ts';
import { aclFor, setTitle } from './property.ts';
import type { TreeCore } from './tree-core.ts';
import { faultOfName, keyOf, segmentsOf } from './uri.ts';

/** Adds the nodes of a serialized tree: all of them or none, with one code (DM TND Serialization 1.2, 9). */
export function addSubtrees(core: TreeCore, uri: string, content: NodeContent, authority: Authority): number {
  return plant(core, uri, content, authority, (target, node, planter) => planter.add(target, node));
}

/** Replaces subtrees: what the document does not name is deleted, what is new is added; all or nothing. */
export function replaceSubtrees(core: TreeCore, uri: string, content: NodeContent, authority: Authority): number {
  const node = core.find(uri);
  if (typeof node === 'number') return node;
  return plant(core, uri, content, authority, (target, root, planter) => planter.put(target, root));
}

function plant(
  core: TreeCore,
  uri: string,
  content: NodeContent,
  authority: Authority,
  run: (target: string, node: TndsNode, planter: Planter) => number,
): number {
  const segments = segmentsOf(uri);
  if (typeof segments === 'number') return segments;
  const tree = readTnds(content);
  if (typeof tree === 'number') return tree;
  const planter = new Planter(core, authority);
  const inbox = inboxAt(core, segments);
  return core.transact(() => {
    if (inbox !== undefined) return fillInbox(core, inbox, tree, authority);
    for (const node of tree.nodes) {
      const target = targetOf(core, segments, node);
      const code = target === undefined ? Status.BadRequest : run(target, node, planter);
      if (!isSuccess(code)) return code;
    }
    return Status.Ok;
  });
}

/** The inbox that a target is, or is directly below. */
function inboxAt(core: TreeCore, segments: readonly string[]): TreeNode | undefined {
  for (const parents of [segments, segments.slice(0, -1)]) {
    const node = core.find(['.', ...parents].join('/'));
    if (typeof node !== 'number' && node.spec.place !== undefined) return node;
  }
  return undefined;
}

/**
 * What is added to an inbox goes where the device says, and nobody needs a right there but to replace what is there
 * already: else an account would be anybody's who may add to the inbox.
 */
function fillInbox(core: TreeCore, inbox: TreeNode, tree: TndsTree, authority: Authority): number {
  if (!permits(inbox, 'Add', authority)) return Status.PermissionDenied;
  const planter = new Planter(core, undefined);
  for (const node of tree.nodes) {
    const place = inbox.spec.place?.(inboxObject(node));
    if (place === undefined) return Status.UnsupportedMediaType;
    const there = core.find(place.uri);
    if (typeof there !== 'number' && !permits(there, 'Replace', authority)) return Status.PermissionDenied;
    const code = planter.put(place.uri, node);
    if (!isSuccess(code)) return code;
    const made = core.find(place.uri);
    if (typeof made !== 'number' && made.acl === undefined) core.setAcl(made, parseAcl(place.acl ?? ''));
  }
  return Status.Ok;
}

function inboxObject(node: TndsNode): InboxObject {
  return {
    type: node.type ?? '',
    name: node.name === '' ? undefined : node.name,
    text: (path) => {
      let at: TndsNode | undefined = node;
      for (const name of path.split('/')) at = at?.children.find((child) => child.name === name);
      return at?.value === undefined ? undefined : textOf(octetsOf(at.value));
    },
  };
}

/**
 * URI of a topmost node. Its Path names the parent, from the command's target; an empty NodeName is the target itself,
 * and so is the target's own name where nothing of that name is below it: both are how peers write it.
 */
function targetOf(core: TreeCore, segments: readonly string[], { name, path, type }: TndsNode): string | undefined {
  // Only an inbox can tell from the Type where a node without NodeName goes.
  if (name === undefined && type !== undefined && type !== '' && path === undefined && segments.length === 0) {
    return undefined;
  }
  const steps = (path ?? '').split('/').filter((step) => step !== '' && step !== '.');
  const parent = [...segments, ...steps];
  if (name === undefined || name === '') return ['.', ...parent].join('/');
  if (steps.length === 0 && keyOf(name) === keyOf(segments.at(-1) ?? '/')) {
    const below = core.find(['.', ...parent, name].join('/'));
    if (typeof below === 'number') return ['.', ...parent].join('/');
  }
  return ['.', ...parent, name].join('/');
}

/** Puts what a serialized tree says into the tree, for one authority; what it began is taken back by its caller. */
class Planter {
  readonly #core: TreeCore;
  readonly #authority: Authority;

  constructor(core: TreeCore, authority: Authority) {
    this.#core = core;
    this.#authority = authority;
  }

  /** Replaces the subtree, or adds it where there is none. */
  put(uri: string, node: TndsNode): number {
    const found = this.#core.find(uri);
    return typeof found === 'number' ? this.add(uri, node) : this.#merge(found, node, true);
  }

  add(uri: string, node: TndsNode): number {
    const format = formatOf(node);
    const value = format === 'node' ? undefined : node.value;
    const code = addNode(this.#core, uri, { format, type: node.type, value }, this.#authority);
    if (!isSuccess(code)) return code;
    const made = this.#core.find(uri);
    if (typeof made === 'number') return made;
    const below = this.#addBelow(made, node);
    return isSuccess(below) ? this.#describe(made, node, true) : below;
  }

  #addBelow(parent: TreeNode, node: TndsNode): number {
    if (namesTwice(node)) return Status.BadRequest;
    for (const child of node.children) {
      const name = child.name ?? '';
      const fault = faultOfName(name);
      if (fault !== undefined) return fault === Status.UriTooLong ? fault : Status.BadRequest;
      const there = parent.children.get(keyOf(name));
      // What the device puts into a new object by itself may be named in the document all the same.
      const code = there === undefined ? this.add(`${uriOf(parent)}/${name}`, child) : this.#merge(there, child, false);
      if (!isSuccess(code)) return code;
    }
    return Status.Ok;
  }

  #merge(existing: TreeNode, node: TndsNode, replaces: boolean): number {
    if ((existing.format === 'node') !== isInterior(node, existing)) return Status.UnsupportedMediaType;
    if (existing.format !== 'node') return this.#mergeLeaf(existing, node);
    if (!permits(existing, 'Replace', this.#authority)) {
      if (existing.parent === undefined || !permits(existing.parent, 'Replace', this.#authority)) {
        return Status.PermissionDenied;
      }
    }
    if (namesTwice(node)) return Status.BadRequest;
    if (replaces) {
      const code = this.#deleteUnnamed(existing, node);
      if (!isSuccess(code)) return code;
    }
    for (const child of node.children) {
      const name = child.name ?? '';
      const there = existing.children.get(keyOf(name));
      const fault = faultOfName(name);
      if (fault !== undefined) return fault === Status.UriTooLong ? fault : Status.BadRequest;
      const code =
        there === undefined ? this.add(`${uriOf(existing)}/${name}`, child) : this.#merge(there, child, replaces);
      if (!isSuccess(code)) return code;
    }
    return this.#describe(existing, node, false);
  }

  /**
   * Children that the document does not name are deleted. The device's own, permanent or without Delete among their
   * access types, stay: no server can take them away, and a server that leaves them out does not mean them. What a
   * server has added goes with the right to delete it, also where it has no access type of that name.
   */
  #deleteUnnamed(existing: TreeNode, node: TndsNode): number {
    const named = new Set(node.children.map((child) => keyOf(child.name ?? '')));
    for (const [key, child] of [...existing.children]) {
      if (named.has(key) || child.spec.permanent === true) continue;
      if (child.origin === 'spec' && !allows(child, 'Delete')) continue;
      if (!permits(child, 'Delete', this.#authority)) return Status.PermissionDenied;
      const code = deleteFound(this.#core, child, allows(child, 'Delete') ? this.#authority : undefined);
      if (!isSuccess(code)) return code;
    }
    return Status.Ok;
  }

  #mergeLeaf(leaf: TreeNode, node: TndsNode): number {
    const same = isSameValue(leaf, node) && (node.format === undefined || keptFormat(leaf.format) === node.format);
    if (!same) {
      const content = { format: node.format, type: node.type, value: node.value };
      const code = replaceValue(this.#core, leaf, content, this.#authority);
      if (!isSuccess(code)) return code;
    }
    return this.#describe(leaf, node, false);
  }

  /** ACL and Title; a node's maker may set them at once, except the ACL of a leaf in a parent that is not its own. */
  #describe(made: TreeNode, node: TndsNode, isNew: boolean): number {
    const { ACL, Title } = node.properties;
    if (Title !== undefined && Title !== made.title) {
      if (!isNew && !permits(made, 'Replace', this.#authority)) return Status.PermissionDenied;
      const code = setTitle(this.#core, made, Title);
      if (!isSuccess(code)) return code;
    }
    // An empty ACL is none, and says nothing.
    if (ACL === undefined || ACL === '') return Status.Ok;
    const acl = aclFor(made, ACL);
    if (typeof acl === 'number') return acl;
    if (aclText(acl) === (made.acl === undefined ? '' : aclText(made.acl))) return Status.Ok;
    const isOwnInterior = isNew && made.format === 'node';
    if (!isOwnInterior && !mayChangeAcl(made, this.#authority)) return Status.PermissionDenied;
    this.#core.setAcl(made, acl);
    return Status.Ok;
  }
}

/** Format of a node, where the document gives none: a node with children is an interior one. */
function formatOf(node: TndsNode): string | undefined {
  return node.format ?? (node.children.length > 0 ? 'node' : undefined);
}

function isInterior(node: TndsNode, existing: TreeNode): boolean {
  const format = formatOf(node);
  return format === undefined ? existing.format === 'node' && node.value === undefined : format === 'node';
}

function isSameValue(leaf: TreeNode, { value }: TndsNode): boolean {
  if (leaf.value === undefined || value === undefined) return leaf.value === value;
  return leaf.value.length === value.length && equalBytes(octetsOf(leaf.value), octetsOf(value));
}

/** Of two leaves of one name the second could only be there to mislead who looked at the first. */
function namesTwice({ children }: TndsNode): boolean {
  const leaves = children.filter((child) => formatOf(child) !== 'node');
  return new Set(leaves.map(({ name }) => keyOf(name ?? ''))).size < leaves.length;
}

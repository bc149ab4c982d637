import { Status } from '../../syncml/status.ts';
import { creatorAcl, permits } from './acl.ts';
import type { NodeContent } from './content.ts';
import { formatNamed, isValueOf, keptFormat } from './format.ts';
import { type Authority, allows, type ExecCall, type NodeFormat, type NodeSpec, type TreeNode } from './node.ts';
import type { TreeCore } from './tree-core.ts';
import { keyOf, segmentsOf } from './uri.ts';

/** Where a new node goes. */
interface NewPlace {
  /** The nearest ancestor that is there. */
  readonly parent: TreeNode;
  /** Ancestors to be made, the uppermost first (DM Representation 1.2, 4.1.6.1 lets a device make them). */
  readonly between: readonly { readonly name: string; readonly spec: NodeSpec }[];
  readonly name: string;
  readonly spec: NodeSpec;
}

/** Why there is no place: the code, and the ancestor that is to blame where one is. */
interface NoPlace {
  readonly code: number;
  readonly ancestor?: string;
}

/** Adds a node, and those above it that are missing. */
export function addNode(core: TreeCore, uri: string, content: NodeContent, authority: Authority): number {
  const place = placeFor(core, uri);
  if ('code' in place) return place.code;
  if (!permits(place.parent, 'Add', authority)) return Status.PermissionDenied;
  const checked = checkContent(content, place.spec.format);
  if (checked === undefined) return Status.UnsupportedMediaType;
  if (authority !== undefined && place.spec.admits?.(content.value) === false) return Status.Forbidden;
  if (tooLarge(core, content) || !core.hasRoomFor(place.between.length + 1)) return Status.DeviceFull;
  return core.transact(() => {
    let at = place.parent;
    for (const { name, spec } of place.between) at = attachNew(core, at, name, spec, authority);
    attachNew(core, at, place.name, place.spec, authority, (made) => {
      if (content.type !== undefined) made.type = content.type;
      if (checked !== 'node') Object.assign(made, { format: keptFormat(checked), value: content.value, written: true });
    });
    return Status.Ok;
  });
}

/** URI of the ancestor whose making is what an Add fails for; `undefined` when it fails for another reason or not. */
export function failingAncestor(core: TreeCore, uri: string): string | undefined {
  const place = placeFor(core, uri);
  return 'code' in place ? place.ancestor : undefined;
}

function placeFor(core: TreeCore, uri: string): NewPlace | NoPlace {
  const segments = segmentsOf(uri);
  if (typeof segments === 'number') return { code: segments };
  const name = segments.at(-1);
  if (name === undefined) return { code: Status.CommandNotAllowed };
  let parent = core.root;
  let depth = 0;
  for (; depth < segments.length; depth += 1) {
    const child = parent.children.get(keyOf(segments[depth] ?? ''));
    if (child === undefined) break;
    parent = child;
  }
  if (depth === segments.length) return { code: Status.AlreadyExists };
  const between: { readonly name: string; readonly spec: NodeSpec }[] = [];
  let above: NodeSpec | undefined = parent.format === 'node' ? parent.spec : undefined;
  for (const missing of segments.slice(depth, -1)) {
    // What the parent brings with it is there as soon as it is.
    above = between.length > 0 ? (above?.children?.[missing] ?? above?.allowed?.(missing)) : above?.allowed?.(missing);
    if (above?.format !== 'node') {
      return { code: Status.NotFound, ancestor: ['.', ...segments.slice(0, depth + between.length + 1)].join('/') };
    }
    between.push({ name: missing, spec: above });
  }
  if (between.length > 0 && above?.children?.[name] !== undefined) return { code: Status.AlreadyExists };
  const spec = above?.allowed?.(name);
  return spec === undefined ? { code: Status.CommandNotAllowed } : { parent, between, name, spec };
}

function attachNew(
  core: TreeCore,
  parent: TreeNode,
  name: string,
  spec: NodeSpec,
  authority: Authority,
  fill?: (node: TreeNode) => void,
): TreeNode {
  const there = parent.children.get(keyOf(name));
  if (there !== undefined) return there;
  const node = core.make(name, spec, 'server');
  fill?.(node);
  if (node.format === 'node' && authority !== undefined && !permits(parent, 'Replace', authority)) {
    node.acl ??= creatorAcl(parent, authority);
  }
  core.attach(parent, node);
  return node;
}

/** Replaces a leaf's value, and its Format and Type when the Meta gives others. */
export function replaceNode(core: TreeCore, uri: string, content: NodeContent, authority: Authority): number {
  const node = core.find(uri);
  return typeof node === 'number' ? node : replaceValue(core, node, content, authority);
}

export function replaceValue(core: TreeCore, node: TreeNode, content: NodeContent, authority: Authority): number {
  if (node.format === 'node') return Status.CommandNotAllowed;
  if (authority !== undefined && !allows(node, 'Replace')) return Status.CommandNotAllowed;
  if (!permits(node, 'Replace', authority)) return Status.PermissionDenied;
  const checked = checkContent(content, node.format);
  if (checked === undefined) return Status.UnsupportedMediaType;
  const type = content.type ?? node.type;
  const format = content.format === undefined ? node.format : keptFormat(checked);
  // Type and Format of a permanent node are fixed (DM Tree and Description 1.2, 8.2.3).
  if (node.spec.permanent === true && (format !== keptFormat(node.format) || !isSameType(type, node.type))) {
    return Status.UnsupportedMediaType;
  }
  const refusal = authority === undefined ? undefined : node.spec.refuses?.();
  if (refusal !== undefined) return refusal;
  if (tooLarge(core, content)) return Status.DeviceFull;
  core.setContent(node, { format, type, value: content.value });
  return Status.Ok;
}

export function deleteNode(core: TreeCore, uri: string, authority: Authority): number {
  const node = core.find(uri);
  return typeof node === 'number' ? node : deleteFound(core, node, authority);
}

export function deleteFound(core: TreeCore, node: TreeNode, authority: Authority): number {
  if (node.parent === undefined || node.spec.permanent === true) return Status.CommandNotAllowed;
  if (authority !== undefined && !allows(node, 'Delete')) return Status.CommandNotAllowed;
  if (!permits(node, 'Delete', authority)) return Status.PermissionDenied;
  core.detach(node);
  return Status.Ok;
}

/** Copies a leaf's value to a leaf: with the rights of a Get and of an Add or a Replace (DM Representation 1.2, 4.1.6.4). */
export function copyNode(core: TreeCore, source: string, target: string, authority: Authority): number {
  const from = core.find(source);
  if (typeof from === 'number') return from;
  const to = core.find(target);
  if (typeof to === 'number' && to !== Status.NotFound) return to;
  // Only a leaf can be copied, and only to a leaf.
  if (from.format === 'node' || (typeof to !== 'number' && to.format === 'node')) return Status.Forbidden;
  if (authority !== undefined && !allows(from, 'Get')) return Status.CommandNotAllowed;
  if (!permits(from, 'Get', authority)) return Status.PermissionDenied;
  const content = { format: from.format, type: from.type, value: from.value };
  return typeof to === 'number'
    ? addNode(core, target, content, authority)
    : replaceValue(core, to, content, authority);
}

export function execNode(core: TreeCore, call: ExecCall): number {
  const node = core.find(call.uri);
  if (typeof node === 'number') return node;
  if (node.spec.exec === undefined) return Status.CommandNotAllowed;
  if (!permits(node, 'Exec', call.authority)) return Status.PermissionDenied;
  // What is done cannot be rolled back, unless the node knows how.
  core.noteExec(() => node.spec.takeBack?.(call) ?? false);
  return node.spec.exec(call);
}

/** The Format that the value comes with, or `undefined` when it is unknown, no fit for the node, or not the value's. */
function checkContent(content: NodeContent, expected: NodeFormat): NodeFormat | undefined {
  // Without a Format it is chr by rule; a peer that leaves it out means what the node is.
  const format = content.format === undefined ? expected : formatNamed(content.format);
  if (format === undefined || (format === 'node') !== (expected === 'node')) return undefined;
  return isValueOf(format, content.value) ? format : undefined;
}

function tooLarge(core: TreeCore, content: NodeContent): boolean {
  return content.value !== undefined && content.value.length > core.maxValue;
}

function isSameType(a: string | undefined, b: string | undefined): boolean {
  return (a ?? 'text/plain').toLowerCase() === (b ?? 'text/plain').toLowerCase();
}

import { type ByteSource, octetsOf } from '../../base/byte-source.ts';
import { utf8 } from '../../base/bytes.ts';
import { Status } from '../../syncml/status.ts';
import type { AccessType, NodeFormat, NodeSpec, TreeNode } from './node.ts';
import { NODE_FORMATS } from './node.ts';

/** Limits of `./DevDetail/URI`; a URI beyond them gets 414. */
export const URI_LIMITS = { maxDepth: 16, maxTotalLength: 1024, maxSegmentLength: 127 } as const;

/** What a command carries for a node: raw octets (base64 already taken off), with the Meta of its item. */
export interface NodeContent {
  readonly format: string | undefined;
  readonly type: string | undefined;
  readonly value: ByteSource | undefined;
}

export interface TreeOptions {
  /** Most octets of one value; more gets 420. */
  readonly maxValue?: number;
}

/** What was changed since it was begun, so that an Atomic can be rolled back. */
export interface UndoLog {
  /** A place to go back to. */
  mark(): number;
  /** Takes back what came after a mark; false when something of it cannot be taken back. */
  undoTo(mark: number): boolean;
  /** Changes are noted no longer. */
  end(): void;
}

const DEFAULT_MAX_VALUE = 256 * 1024 * 1024;

/**
 * The handset's management tree in memory. Each operation answers with a Status code of DM Representation 1.2;
 * the order of checks is syntax 414, existence 404 and 418, access 405, format 415, size 420.
 */
export class ManagementTree {
  readonly root: TreeNode;
  readonly #maxValue: number;

  constructor(spec: NodeSpec, options: TreeOptions = {}) {
    this.root = nodeFrom('.', spec);
    this.#maxValue = options.maxValue ?? DEFAULT_MAX_VALUE;
  }

  /** The node at a URI such as `./DevInfo/DevId`, or the Status code that says why there is none. */
  find(uri: string): TreeNode | number {
    const segments = segmentsOf(uri);
    if (typeof segments === 'number') return segments;
    let node = this.root;
    for (const segment of segments) {
      const child = node.children.get(segment);
      if (child === undefined) return Status.NotFound;
      node = child;
    }
    return node;
  }

  /** A leaf's value as text; `undefined` when there is no such leaf or no value. */
  text(uri: string): string | undefined {
    const node = this.find(uri);
    return typeof node === 'number' || node.value === undefined
      ? undefined
      : new TextDecoder().decode(octetsOf(node.value));
  }

  /** Sets a leaf from the device's own side, past the access types. */
  set(uri: string, value: string | ByteSource): void {
    const node = this.find(uri);
    if (typeof node === 'number') throw new TypeError(`no node ${uri}`);
    node.value = typeof value === 'string' ? utf8(value) : value;
  }

  /** Puts a node in from the device's own side. */
  put(parentUri: string, name: string, spec: NodeSpec): TreeNode {
    const parent = this.find(parentUri);
    if (typeof parent === 'number') throw new TypeError(`no node ${parentUri}`);
    const node = nodeFrom(name, spec);
    parent.children.set(name, node);
    return node;
  }

  /** Takes a node away from the device's own side. */
  drop(uri: string): void {
    const place = this.#place(uri);
    if (typeof place !== 'number') place.parent.children.delete(place.name);
  }

  add(uri: string, content: NodeContent, _authority: string): number {
    const place = this.#place(uri);
    if (typeof place === 'number') return place;
    if (place.parent.children.has(place.name)) return Status.AlreadyExists;
    const spec = place.parent.format === 'node' ? place.parent.spec.allowed?.(place.name) : undefined;
    if (spec === undefined) return Status.CommandNotAllowed;
    const format = formatOf(content.format);
    if (format === undefined) return Status.UnsupportedMediaType;
    if ((spec.format === 'node') !== (format === 'node')) return Status.UnsupportedMediaType;
    if (this.#tooLarge(content.value)) return Status.DeviceFull;
    const node = nodeFrom(place.name, spec);
    if (content.type !== undefined) node.type = content.type;
    if (format !== 'node') {
      node.format = format === 'b64' ? 'bin' : spec.format;
      node.value = content.value;
    }
    place.parent.children.set(place.name, node);
    return Status.Ok;
  }

  replace(uri: string, content: NodeContent, _authority: string): number {
    const node = this.find(uri);
    if (typeof node === 'number') return node;
    if (node.format === 'node' || !allows(node, 'Replace')) return Status.CommandNotAllowed;
    if (content.format !== undefined) {
      const format = formatOf(content.format);
      if (format === undefined || format === 'node') return Status.UnsupportedMediaType;
    }
    if (this.#tooLarge(content.value)) return Status.DeviceFull;
    if (content.type !== undefined) node.type = content.type;
    node.value = content.value;
    return Status.Ok;
  }

  delete(uri: string, _authority: string): number {
    const node = this.find(uri);
    if (typeof node === 'number') return node;
    if (node === this.root || node.spec.permanent === true || !allows(node, 'Delete')) return Status.CommandNotAllowed;
    this.drop(uri);
    return Status.Ok;
  }

  exec(uri: string, correlator: string | undefined, argument: ByteSource | undefined, _authority: string): number {
    const node = this.find(uri);
    if (typeof node === 'number') return node;
    if (node.spec.exec === undefined) return Status.CommandNotAllowed;
    return node.spec.exec({ uri, correlator, argument: argument === undefined ? undefined : octetsOf(argument) });
  }

  /** Changes a property of a node (DM Tree and Description 1.2, 8.3). */
  replaceProperty(uri: string, _property: string, _value: string, _authority: string): number {
    const node = this.find(uri);
    return typeof node === 'number' ? node : Status.CommandNotAllowed;
  }

  /** Copies a leaf's value to another leaf (DM Representation 1.2, 4.1.6.4). */
  copy(source: string, _target: string, _authority: string): number {
    const node = this.find(source);
    return typeof node === 'number' ? node : Status.OptionalFeatureNotSupported;
  }

  /** Notes all changes from now on, until `end`. */
  startUndo(): UndoLog {
    return { mark: () => 0, undoTo: () => false, end: () => {} };
  }

  #tooLarge(value: ByteSource | undefined): boolean {
    return value !== undefined && value.length > this.#maxValue;
  }

  #place(uri: string): { readonly parent: TreeNode; readonly name: string } | number {
    const segments = segmentsOf(uri);
    if (typeof segments === 'number') return segments;
    const name = segments.at(-1);
    if (name === undefined) return Status.CommandNotAllowed;
    const parent = this.find(['.', ...segments.slice(0, -1)].join('/'));
    return typeof parent === 'number' ? parent : { parent, name };
  }
}

export function allows(node: TreeNode, access: AccessType): boolean {
  return node.spec.access?.includes(access) ?? access === 'Get';
}

/** Segments below the root; `./a/b`, `a/b` and `.` are well-formed (DM Tree and Description 1.2, 8.1). */
export function segmentsOf(uri: string): readonly string[] | number {
  if (uri.length > URI_LIMITS.maxTotalLength) return Status.UriTooLong;
  if (uri === '.') return [];
  if (uri === '' || uri.startsWith('/') || uri.endsWith('/')) return Status.NotFound;
  const segments = (uri.startsWith('./') ? uri.slice(2) : uri).split('/');
  if (segments.length > URI_LIMITS.maxDepth) return Status.UriTooLong;
  for (const segment of segments) {
    if (segment === '' || segment === '.' || segment === '..') return Status.NotFound;
    if (segment.length > URI_LIMITS.maxSegmentLength) return Status.UriTooLong;
  }
  return segments;
}

function formatOf(text: string | undefined): NodeFormat | undefined {
  const name = (text ?? 'chr').trim().toLowerCase();
  return NODE_FORMATS.find((format) => format === name);
}

function nodeFrom(name: string, spec: NodeSpec): TreeNode {
  const children = new Map<string, TreeNode>();
  for (const [childName, child] of Object.entries(spec.children ?? {})) {
    children.set(childName, nodeFrom(childName, child));
  }
  const value = typeof spec.value === 'string' ? utf8(spec.value) : spec.value;
  return { name, spec, format: spec.format, type: spec.type, value, children };
}

import type { ByteSource } from '../../base/byte-source.ts';
import { isSuccess, Status } from '../../syncml/status.ts';
import { type Acl, aclText, FACTORY_ACL } from './acl.ts';
import { ChangeLog } from './change-log.ts';
import { makeNode, type NodeFormat, type NodeSpec, nodesBelow, type TreeNode, uriOf } from './node.ts';
import { keyOf, segmentsOf } from './uri.ts';

/** What a node is, as far as its spec does not say it. */
export interface NodeState {
  readonly origin: TreeNode['origin'];
  /** Absent while the value is the one of the spec. */
  readonly content?: {
    readonly format: NodeFormat;
    readonly type: string | undefined;
    readonly value: ByteSource | undefined;
  };
  /** Empty for none. */
  readonly acl: string;
  readonly title: string;
  readonly changed: number;
  readonly version: number;
}

/** A change of the tree, for whoever keeps it. */
export type TreeChange =
  /** Nothing that was known of this node and of what is below it holds any longer. */
  | { readonly kind: 'fresh'; readonly uri: string }
  | { readonly kind: 'state'; readonly uri: string; readonly state: NodeState }
  /** `origin` of a node that the specs would make again, unless the device itself took it away. */
  | { readonly kind: 'gone'; readonly uri: string; readonly remade: boolean };

export interface TreeOptions {
  /** Most octets of one value; more gets 420. A function is asked each time. */
  readonly maxValue?: number | (() => number);
  /** Most nodes; an Add beyond gets 420. */
  readonly maxNodes?: number;
  /** Milliseconds of the epoch, for TStamp. */
  readonly now?: () => number;
}

/** What was changed since it was begun, so that an Atomic can be rolled back. */
export interface UndoLog {
  /** A place to go back to. */
  mark(): number;
  /** Takes back what came after a mark; false when something of it cannot be taken back. */
  undoTo(mark: number): boolean;
  /** What is changed until `resume` is somebody else's: it is not taken back. */
  pause(): void;
  resume(): void;
  /** Changes are noted no longer. */
  end(): void;
}

const DEFAULT_MAX_VALUE = 256 * 1024 * 1024;
const DEFAULT_MAX_NODES = 250_000;

/** The nodes, and the few ways in which they change: each is noted for undoing and told to whoever keeps the tree. */
export class TreeCore {
  readonly root: TreeNode;
  readonly #maxValue: number | (() => number);
  readonly #maxNodes: number;
  readonly #now: () => number;
  #count: number;
  #log: ChangeLog | undefined;
  /** The log that has not ended, also while it is paused. */
  #open: ChangeLog | undefined;
  #listener: ((change: TreeChange) => void) | undefined;

  constructor(spec: NodeSpec, options: TreeOptions) {
    this.#maxValue = options.maxValue ?? DEFAULT_MAX_VALUE;
    this.#maxNodes = options.maxNodes ?? DEFAULT_MAX_NODES;
    this.#now = options.now ?? Date.now;
    this.root = makeNode('.', { ...spec, acl: spec.acl ?? FACTORY_ACL }, this.#now());
    this.#count = countOf(this.root);
  }

  get maxValue(): number {
    return typeof this.#maxValue === 'number' ? this.#maxValue : this.#maxValue();
  }

  find(uri: string): TreeNode | number {
    const segments = segmentsOf(uri);
    if (typeof segments === 'number') return segments;
    let node = this.root;
    for (const segment of segments) {
      const child = node.children.get(keyOf(segment));
      if (child === undefined) return Status.NotFound;
      node = child;
    }
    return node;
  }

  make(name: string, spec: NodeSpec, origin: TreeNode['origin']): TreeNode {
    return makeNode(name, spec, this.#now(), origin);
  }

  hasRoomFor(nodes: number): boolean {
    return this.#count + nodes <= this.#maxNodes;
  }

  attach(parent: TreeNode, node: TreeNode): void {
    const key = keyOf(node.name);
    const before = parent.children.get(key);
    if (before !== undefined) this.#remove(before, false);
    parent.children.set(key, node);
    node.parent = parent;
    this.#count += countOf(node);
    this.#note(() => {
      this.#takeOut(node, false);
      return true;
    });
    this.#tellAttached(node);
    this.#touch(parent);
  }

  /** @param remade the specs would make it again at the next start, and shall not. */
  detach(node: TreeNode, remade = node.origin === 'spec'): void {
    this.#remove(node, remade);
    if (node.parent !== undefined) this.#touch(node.parent);
  }

  #remove(node: TreeNode, remade: boolean): void {
    const { parent } = node;
    if (parent === undefined) throw new TypeError('the root stays');
    const order = this.#log?.orderOf(parent) ?? [];
    this.#note(() => {
      parent.children.set(keyOf(node.name), node);
      // Where each stood before: a roll back leaves the order of names as it was.
      for (const child of order) {
        const key = keyOf(child.name);
        if (parent.children.delete(key)) parent.children.set(key, child);
      }
      node.parent = parent;
      this.#count += countOf(node);
      this.#tellAttached(node);
      return true;
    });
    this.#takeOut(node, remade);
  }

  setContent(node: TreeNode, content: Required<NodeState>['content']): void {
    const told = (): boolean => {
      node.spec.onValue?.();
      return true;
    };
    // Noted first, so that it is undone last: when the value is there again.
    if (node.spec.onValue !== undefined) this.#note(told);
    this.#alter(node, () => {
      node.format = content.format;
      node.type = content.type;
      node.value = content.value;
      node.written = true;
    });
    told();
  }

  setAcl(node: TreeNode, acl: Acl | undefined): void {
    this.#alter(node, () => {
      node.acl = acl === undefined || acl.size === 0 ? undefined : acl;
    });
  }

  setTitle(node: TreeNode, title: string): void {
    this.#alter(node, () => {
      node.title = title;
    });
  }

  /** Gives a node another name, and the behaviour that the parent's spec has for it. */
  rename(node: TreeNode, name: string, spec: NodeSpec): void {
    const { parent } = node;
    if (parent === undefined) throw new TypeError('the root has no name');
    this.#remove(node, node.origin === 'spec');
    this.#alter(node, () => {
      node.name = name;
      node.origin = 'server';
      node.written = true;
      respecify(node, spec);
    });
    this.attach(parent, node);
  }

  /** Makes a node what it was when its state was told. */
  restore(node: TreeNode, state: NodeState, acl: Acl | undefined): void {
    if (state.content !== undefined) Object.assign(node, state.content, { written: true });
    Object.assign(node, { acl, title: state.title, changed: state.changed, version: state.version });
  }

  /** All or nothing: a code that is no success takes back what `run` has changed. */
  transact(run: () => number): number {
    const outer = this.#log;
    const log = new ChangeLog(outer);
    this.#log = log;
    let code: number = Status.CommandFailed;
    try {
      code = run();
    } finally {
      this.#log = undefined;
      if (!isSuccess(code)) log.undoTo(0);
      else outer?.append(log);
      this.#log = outer;
    }
    return code;
  }

  startUndo(): UndoLog {
    const log = new ChangeLog();
    this.#log = log;
    this.#open = log;
    return {
      mark: () => log.length,
      undoTo: (mark) => {
        this.#log = undefined;
        const undone = log.undoTo(mark);
        this.#log = log;
        return undone;
      },
      pause: () => {
        this.#log = undefined;
      },
      resume: () => {
        this.#log = log;
      },
      end: () => {
        if (this.#log === log) this.#log = undefined;
        if (this.#open === log) this.#open = undefined;
      },
    };
  }

  /** Changes may still be taken back: a person is asked inside an Atomic, say. */
  get undoing(): boolean {
    return this.#open !== undefined;
  }

  /** Tells one Atomic from another: what is changed with the same one stands or falls together. */
  get undoGroup(): object | undefined {
    return this.#open;
  }

  /** Something was executed; `takeBack` says whether that could be taken back. */
  noteExec(takeBack: () => boolean): void {
    this.#note(takeBack);
  }

  /** One listener at most is told of every change from now on. */
  listen(listener: (change: TreeChange) => void): void {
    this.#listener = listener;
  }

  #note(undoing: () => boolean): void {
    this.#log?.note(undoing);
  }

  #alter(node: TreeNode, change: () => void): void {
    const { children, ...before } = node;
    this.#note(() => {
      // A renamed node's children go back to the behaviour that they had.
      if (node.spec !== before.spec) respecify(node, before.spec);
      Object.assign(node, before);
      this.#tellState(node);
      return true;
    });
    change();
    this.#stamp(node);
    this.#tellState(node);
  }

  /** A child list is an interior node's value: it has changed. */
  #touch(node: TreeNode): void {
    const { changed, version } = node;
    this.#note(() => {
      Object.assign(node, { changed, version });
      this.#tellState(node);
      return true;
    });
    this.#stamp(node);
    this.#tellState(node);
  }

  #stamp(node: TreeNode): void {
    node.changed = this.#now();
    node.version = (node.version + 1) & 0xffff;
  }

  #takeOut(node: TreeNode, remade: boolean): void {
    const uri = uriOf(node);
    node.parent?.children.delete(keyOf(node.name));
    this.#count -= countOf(node);
    this.#listener?.({ kind: 'gone', uri, remade });
  }

  #tellAttached(top: TreeNode): void {
    if (this.#listener === undefined) return;
    this.#listener({ kind: 'fresh', uri: uriOf(top) });
    for (const node of nodesBelow(top)) if (node.origin === 'server' || node.version > 0) this.#tellState(node);
  }

  #tellState(node: TreeNode): void {
    if (this.#listener === undefined || (node.parent === undefined && node !== this.root)) return;
    const { origin, format, type, value, acl, title, changed, version } = node;
    const kept = origin === 'server' || node.written;
    this.#listener({
      kind: 'state',
      uri: uriOf(node),
      state: {
        origin,
        ...(kept ? { content: { format, type, value } } : {}),
        acl: acl === undefined ? '' : aclText(acl),
        title,
        changed,
        version,
      },
    });
  }
}

function countOf(top: TreeNode): number {
  let count = 0;
  for (const _node of nodesBelow(top)) count += 1;
  return count;
}

/** Gives a node, and what its spec has put below it, another spec. */
function respecify(top: TreeNode, spec: NodeSpec): void {
  top.spec = spec;
  for (const child of top.children.values()) {
    const childSpec = spec.children?.[child.name] ?? spec.allowed?.(child.name);
    if (childSpec !== undefined) respecify(child, childSpec);
  }
}

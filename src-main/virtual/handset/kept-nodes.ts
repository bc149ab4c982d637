import type { NodeState, TreeChange } from '../../dm/tree/tree-core.ts';
import { keyOf } from '../../dm/tree/uri.ts';

interface KeptNode {
  name: string;
  state: NodeState | undefined;
  /** The device would make it at its start, and a server has deleted it. */
  gone: boolean;
  /** It was gone before. */
  wasGone: boolean;
  readonly children: Map<string, KeptNode>;
}

/** What a management tree is beyond what the device makes of itself: the last word on every node that was changed. */
export class KeptNodes {
  readonly #root: KeptNode = keptNode('.');
  /** Changed since `takeChanges`: nodes whose past is void, and nodes with another state. */
  #reset = new Set<string>();
  #changed = new Set<string>();

  apply(change: TreeChange): void {
    const { uri } = change;
    if (change.kind === 'state') {
      this.#at(uri, true).state = change.state;
      this.#changed.add(uri);
      return;
    }
    const { parent, key, name } = this.#place(uri);
    const before = parent.children.get(key);
    parent.children.delete(key);
    if (change.kind === 'gone') {
      if (change.remade || isInstead(before)) parent.children.set(key, { ...keptNode(name), gone: true });
    } else if (before?.gone === true || isInstead(before)) {
      parent.children.set(key, { ...keptNode(name), wasGone: true });
    }
    // Last, also when it was there: an ancestor's reset in between has voided it.
    this.#reset.delete(uri);
    this.#reset.add(uri);
  }

  get isChanged(): boolean {
    return this.#reset.size > 0 || this.#changed.size > 0;
  }

  /** The shortest list of changes that leads from what was taken last to what is now; parents come first. */
  takeChanges(): readonly TreeChange[] {
    const changes: TreeChange[] = [];
    for (const uri of this.#reset) {
      const node = this.#find(uri);
      changes.push(
        node?.gone === true || isInstead(node) ? { kind: 'gone', uri, remade: true } : { kind: 'fresh', uri },
      );
    }
    for (const uri of byDepth(this.#changed)) {
      const { state, name } = this.#find(uri) ?? {};
      // Under a spelling of its name that it has no longer it would get that back.
      if (state !== undefined && uri.slice(uri.lastIndexOf('/') + 1) === name)
        changes.push({ kind: 'state', uri, state });
    }
    this.#reset = new Set();
    this.#changed = new Set();
    return changes;
  }

  /** Everything, parents first. */
  *all(): Generator<Exclude<TreeChange, { kind: 'fresh' }>, void, void> {
    const waiting: { readonly node: KeptNode; readonly uri: string }[] = [{ node: this.#root, uri: '.' }];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const { node, uri } = at;
      if (node.gone || isInstead(node)) yield { kind: 'gone', uri, remade: true };
      if (node.state !== undefined) yield { kind: 'state', uri, state: node.state };
      for (const child of [...node.children.values()].reverse()) {
        waiting.push({ node: child, uri: `${uri}/${child.name}` });
      }
    }
  }

  #place(uri: string): { readonly parent: KeptNode; readonly key: string; readonly name: string } {
    const slash = uri.lastIndexOf('/');
    const name = uri.slice(slash + 1);
    return { parent: this.#at(uri.slice(0, slash), false), key: keyOf(name), name };
  }

  #find(uri: string): KeptNode | undefined {
    let node: KeptNode | undefined = this.#root;
    for (const name of uri.split('/').slice(1)) node = node?.children.get(keyOf(name));
    return node;
  }

  #at(uri: string, alive: boolean): KeptNode {
    let node = this.#root;
    for (const name of uri.split('/').slice(1)) {
      const key = keyOf(name);
      let child = node.children.get(key);
      if (child === undefined) {
        child = keptNode(name);
        node.children.set(key, child);
      }
      node = child;
    }
    if (alive && node.gone) Object.assign(node, { gone: false, wasGone: true });
    return node;
  }
}

function keptNode(name: string): KeptNode {
  return { name, state: undefined, gone: false, wasGone: false, children: new Map() };
}

/** A server has deleted the node that the device makes, and added another in its place. */
function isInstead(node: KeptNode | undefined): boolean {
  return node?.wasGone === true && node.state?.origin === 'server';
}

function byDepth(uris: Iterable<string>): readonly string[] {
  return Array.from(uris, (uri) => ({ uri, depth: uri.split('/').length }))
    .sort((a, b) => a.depth - b.depth)
    .map(({ uri }) => uri);
}

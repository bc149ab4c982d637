import type { TreeNode } from './node.ts';

/** Changes in their order, each with what takes it back: false when nothing can. */
export class ChangeLog {
  readonly #undoings: (() => boolean)[] = [];
  /** Parents whose order of children is noted: once is enough, and a list for each child that goes would be too much. */
  readonly #ordered: Set<TreeNode>;

  /** @param outer the log of which this one will be a part. */
  constructor(outer?: ChangeLog) {
    this.#ordered = outer === undefined ? new Set() : outer.#ordered;
  }

  get length(): number {
    return this.#undoings.length;
  }

  note(undoing: () => boolean): void {
    this.#undoings.push(undoing);
  }

  /** The children of a node as they stand before the first of them goes; `undefined` when that is noted already. */
  orderOf(parent: TreeNode): readonly TreeNode[] | undefined {
    if (this.#ordered.has(parent)) return undefined;
    this.#ordered.add(parent);
    return [...parent.children.values()];
  }

  /** Makes the changes of another log a part of this one. */
  append(inner: ChangeLog): void {
    for (const undoing of inner.#undoings) this.#undoings.push(undoing);
  }

  /** Takes back what came after a mark; false when something of it cannot be taken back. */
  undoTo(mark: number): boolean {
    let undone = true;
    while (this.#undoings.length > mark) undone = (this.#undoings.pop()?.() ?? true) && undone;
    this.#ordered.clear();
    return undone;
  }
}

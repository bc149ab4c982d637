import type { ManagementTree } from '../../dm/tree/management-tree.ts';
import { nextStatus } from '../state-tables.ts';

/** A `Status` node that moves by its table; a node that is gone moves no more. */
export class StatusLeaf {
  readonly #tree: ManagementTree;
  readonly #uri: string;

  constructor(tree: ManagementTree, uri: string) {
    this.#tree = tree;
    this.#uri = uri;
  }

  get value(): number {
    return Number(this.#tree.text(this.#uri) ?? Number.NaN);
  }

  /** False when the event cannot happen now. */
  move<Event extends string>(table: Parameters<typeof nextStatus<number, Event>>[0], event: Event): boolean {
    const next = nextStatus(table, this.value, event);
    if (next === undefined) return false;
    this.#tree.set(this.#uri, String(next));
    return true;
  }
}

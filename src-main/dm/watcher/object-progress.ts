import type { Command, Item, Meta } from '../../syncml/model.ts';
import { uriOf } from './secret-nodes.ts';
import { dataLength } from './summarise.ts';

/** How far the large object of one direction has come, in octets as carried. */
export interface ObjectProgress {
  readonly uri: string;
  readonly done: number;
  /** Meta/Size of the first chunk (DM Protocol 1.2, 2.2). */
  readonly total: number;
}

interface OpenObject {
  readonly uri: string;
  readonly done: number;
  readonly total: number | undefined;
}

/**
 * Follows the chunks of one direction. An object that was announced without its size is followed but not reported,
 * since nothing can be said of it.
 */
export class ObjectTracker {
  #open: OpenObject | undefined;

  /** A chunk came and its object is not complete. */
  get open(): boolean {
    return this.#open !== undefined;
  }

  /** Takes the commands of one message. @returns the object that moved on, when there is one. */
  observe(commands: readonly Command[]): ObjectProgress | undefined {
    let moved: ObjectProgress | undefined;
    for (const command of commands) {
      switch (command.kind) {
        case 'Atomic':
        case 'Sequence':
          moved = this.observe(command.commands) ?? moved;
          break;
        case 'Add':
        case 'Replace':
        case 'Exec':
        case 'Alert':
          moved = this.#observeItems(command.items, command.meta) ?? moved;
          break;
        case 'Results':
          moved = this.#observeItems(command.items, command.meta, command.targetRef ?? command.sourceRef) ?? moved;
          break;
        default:
          break;
      }
    }
    return moved;
  }

  #observeItems(items: readonly Item[], meta: Meta | undefined, refersTo = ''): ObjectProgress | undefined {
    let moved: ObjectProgress | undefined;
    for (const item of items) {
      const uri = uriOf(item) ?? refersTo;
      const more = item.moreData === true;
      const before = this.#open?.uri === uri ? this.#open : undefined;
      if (before === undefined && !more) continue;
      const total = before?.total ?? item.meta?.size ?? meta?.size;
      const done = (before?.done ?? 0) + (item.data === undefined ? 0 : dataLength(item.data));
      this.#open = more ? { uri, done, total } : undefined;
      if (total !== undefined && Number.isSafeInteger(total) && total > 0) {
        moved = { uri, done: Math.min(done, total), total };
      }
    }
    return moved;
  }
}

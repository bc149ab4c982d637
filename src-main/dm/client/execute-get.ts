import type { ByteSource } from '../../base/byte-source.ts';
import { carriedBytes } from '../../syncml/item-data.ts';
import type { Encoding, Item, ItemsCommand } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { carry } from '../carry.ts';
import { sourceCarrier } from '../large-object/carrier.ts';
import type { OutgoingCommand } from '../outgoing.ts';
import { type QueriedNode, queryTree } from '../tree/query.ts';
import { runItems } from './execute-items.ts';
import type { Execution, ExecutionContext } from './execution.ts';

/** Items of one Results: a list of many nodes is spread over several (DM Tree and Description 1.2, 8.4). */
const ITEMS = 32;

/** An Item of a Results, and its value when that is read as it is sent. */
interface ResultItem {
  readonly item: Item;
  readonly large?: ByteSource;
  /** Octets of the value as carried, and how many of them are held until they are sent. */
  readonly size: number;
  readonly held: number;
}

/** A Get, with the Results of what was found. */
export function executeGet(command: ItemsCommand, context: ExecutionContext): Execution {
  const found: OutgoingCommand[] = [];
  const statuses = runItems(command, context, (item) => {
    const uri = item.target?.uri;
    if (uri === undefined) return Status.IncompleteCommand;
    const answer = queryTree(context.tree, uri, context.authority, context.encoding);
    if (answer.kind === 'refused') return answer.code;
    // No value is carried before it is known that there is room: to make text of it, or base64, takes time.
    const least = answer.items.map(({ value }) => ({ held: held(value), size: value?.length ?? 0 }));
    if (!takesAll(least, context)) return Status.RequestEntityTooLarge;
    const items = answer.items.map((node) => resultItem(node, context.encoding));
    if (!takesAll(items, context)) return Status.RequestEntityTooLarge;
    context.resultRoom.left -= items.reduce((sum, item) => sum + item.held, 0);
    for (const results of resultsOf(command, context.msgRef, items)) found.push(results);
    return Status.Ok;
  });
  return { answers: [...statuses, ...found], stop: 'nothing' };
}

function resultItem({ uri, format, type, value }: QueriedNode, encoding: Encoding): ResultItem {
  const meta = { format, ...(type === undefined ? {} : { type }) };
  const plain: Item = { source: { uri }, meta };
  if (value === undefined) return { item: plain, size: 0, held: 0 };
  // What is kept elsewhere stays there until it goes.
  if (!(value instanceof Uint8Array)) {
    return { item: plain, large: value, size: sourceCarrier(value, encoding).length, held: 0 };
  }
  const carried = carry(value, format, encoding);
  const item: Item = { ...plain, meta: { ...meta, format: carried.format }, data: carried.data };
  const size = carriedBytes(item)?.length ?? 0;
  return { item, size, held: size };
}

function held(value: ByteSource | undefined): number {
  return value instanceof Uint8Array ? value.length : 0;
}

/**
 * The server takes each object, and all of them together can be held until they are sent: a message of many Gets of a
 * large value would else come to any number of octets.
 */
function takesAll(items: readonly Pick<ResultItem, 'size' | 'held'>[], context: ExecutionContext): boolean {
  const { maxResult, resultRoom } = context;
  if (maxResult !== undefined && items.some(({ size }) => size > maxResult)) return false;
  const isFirst = resultRoom.left === resultRoom.most;
  return isFirst || items.reduce((sum, item) => sum + item.held, 0) <= resultRoom.left;
}

/** Values that are read as they are sent go in a Results of their own. */
function* resultsOf(command: ItemsCommand, msgRef: number, items: readonly ResultItem[]): Generator<OutgoingCommand> {
  const results = (some: readonly Item[]): OutgoingCommand => ({
    kind: 'Results',
    cmdId: '',
    msgRef,
    cmdRef: command.cmdId,
    items: some,
  });
  let group: Item[] = [];
  for (const { item, large } of items) {
    if (large !== undefined || group.length === ITEMS) {
      if (group.length > 0) yield results(group);
      group = [];
    }
    if (large === undefined) group.push(item);
    else yield { ...results([item]), large };
  }
  if (group.length > 0) yield results(group);
}

import { type ByteSource, octetsOf } from '../../base/byte-source.ts';
import { textOf } from '../../base/bytes.ts';
import { effectiveMeta, itemBytes } from '../../syncml/item-data.ts';
import type { ExecCommand, Item, ItemsCommand, StatusCommand } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { itemUri } from '../large-object/assembler.ts';
import { commandStatus } from '../session-wire.ts';
import { breakObject, type ExecutionContext, readable, wasExecuted } from './execution.ts';

/** - `each`: an item that fails does not stop the others
 *  - `all`: it does, as in an Atomic: the rest is not executed */
export type ItemsMode = 'each' | 'all';

/**
 * Runs a command item by item: one Status when all came to the same, else one for each item, which names it
 * (DM Representation 1.2, 4.1.5.4).
 */
export function runItems(
  command: ItemsCommand | ExecCommand,
  context: ExecutionContext,
  run: (item: Item) => number,
  mode: ItemsMode = 'each',
): readonly StatusCommand[] {
  const { items } = command;
  if (items.length === 0) return [commandStatus(context.msgRef, command, Status.IncompleteCommand)];
  let failed = false;
  const codes = items.map((item) => {
    const code = failed && mode === 'all' ? Status.NotExecuted : readable(() => run(item));
    failed ||= !wasExecuted(code);
    return code;
  });
  const status = (code: number, item: Item | undefined): StatusCommand => {
    const plain = commandStatus(context.msgRef, command, code);
    return item === undefined
      ? plain
      : { ...plain, ...refsOf(command, item), ...culprit(command, item, code, context) };
  };
  const [first = Status.CommandFailed] = codes;
  if (codes.every((code) => code === first)) return [status(first, items.length === 1 ? items[0] : undefined)];
  return items.map((item, index) => status(codes[index] ?? Status.CommandFailed, item));
}

/** An Add that fails for a parent that is missing and cannot be made names it (DM Representation 1.2, 4.1.6.1). */
function culprit(
  command: ItemsCommand | ExecCommand,
  item: Item,
  code: number,
  { tree }: ExecutionContext,
): Partial<Pick<StatusCommand, 'items'>> {
  if (command.kind !== 'Add' || wasExecuted(code) || item.target === undefined) return {};
  const uri =
    code === Status.NotExecuted || code === Status.ChunkAccepted ? undefined : tree.failingParent(item.target.uri);
  return uri === undefined ? {} : { items: [{ target: { uri } }] };
}

function refsOf(command: ItemsCommand | ExecCommand, item: Item): Pick<StatusCommand, 'targetRefs' | 'sourceRefs'> {
  const target = command.kind === 'Copy' ? (item.target?.uri ?? '') : itemUri(item);
  const source = command.kind === 'Copy' ? (item.source?.uri ?? '') : '';
  return { targetRefs: target === '' ? [] : [target], sourceRefs: source === '' ? [] : [source] };
}

/** Add, Replace and Delete of one item; in an Atomic a part of a value is refused. */
export function changeNode(command: ItemsCommand, item: Item, context: ExecutionContext, mode: ItemsMode): number {
  // A command goes whole into one message, an Atomic with all that is in it (DM Protocol 1.2, 2.1.1).
  if (mode === 'all' && item.moreData === true) return Status.CommandFailed;
  if (context.assembler.breaksOff(command.kind, item)) breakObject(context);
  const outcome = context.assembler.take(command.kind, item, command.meta);
  if (outcome.kind === 'refused') return outcome.code;
  if (outcome.kind === 'more') {
    context.onProgress({ uri: itemUri(item), done: outcome.received, total: outcome.total });
    return Status.ChunkAccepted;
  }
  const whole = outcome.item;
  const uri = whole.target?.uri;
  if (uri === undefined) return Status.IncompleteCommand;
  const meta = effectiveMeta(whole, command.meta);
  if (meta.size !== undefined) context.onProgress({ uri, done: meta.size, total: meta.size });
  const { markup } = whole;
  // A serialized tree that stands in the message as elements may hold octets that no XML text could.
  const value = outcome.stored ?? (markup?.[0]?.name === 'MgmtTree' ? undefined : itemBytes(whole, command.meta));
  const content = { format: meta.format, type: meta.type, value, ...(markup === undefined ? {} : { markup }) };
  const { tree, authority } = context;
  const mark = uri.indexOf('?');
  if (mark < 0) {
    if (command.kind === 'Delete') return tree.delete(uri, authority);
    return command.kind === 'Add' ? tree.add(uri, content, authority) : tree.replace(uri, content, authority);
  }
  return changeProperty(command, uri.slice(0, mark), uri.slice(mark + 1), value, context);
}

/** Properties are there with their node: they can only be replaced (DM Tree and Description 1.2, 8.3). */
function changeProperty(
  command: ItemsCommand,
  uri: string,
  query: string,
  value: ByteSource | undefined,
  { tree, authority }: ExecutionContext,
): number {
  const node = tree.find(uri);
  if (typeof node === 'number') return node;
  const property = /^prop=(.*)$/i.exec(query)?.[1];
  if (command.kind !== 'Replace' || property === undefined) return Status.CommandNotAllowed;
  return tree.replaceProperty(uri, property, value === undefined ? '' : textOf(octetsOf(value)), authority);
}

/** Copies a leaf to a leaf. */
export function copyNode(item: Item, { tree, authority }: ExecutionContext): number {
  const source = item.source?.uri;
  const target = item.target?.uri;
  if (source === undefined || target === undefined) return Status.IncompleteCommand;
  if (source.includes('?') || target.includes('?')) return Status.CommandNotAllowed;
  return tree.copy(source, target, authority);
}

/** Executes a node; its argument may come in chunks. */
export function execNode(command: ExecCommand, item: Item, context: ExecutionContext): number {
  if (context.assembler.breaksOff(command.kind, item)) breakObject(context);
  const outcome = context.assembler.take(command.kind, item, command.meta);
  if (outcome.kind === 'refused') return outcome.code;
  if (outcome.kind === 'more') return Status.ChunkAccepted;
  const uri = outcome.item.target?.uri;
  if (uri === undefined) return Status.IncompleteCommand;
  const argument = outcome.stored ?? itemBytes(outcome.item, command.meta);
  return context.tree.exec(uri, command.correlator, argument, context.authority);
}

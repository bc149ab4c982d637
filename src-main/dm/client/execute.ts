import { type ByteSource, octetsOf } from '../../base/byte-source.ts';
import { assertNever, isPcAgentError } from '../../base/errors.ts';
import { Alert } from '../../syncml/alert.ts';
import { carriedBytes, effectiveMeta, itemBytes } from '../../syncml/item-data.ts';
import type { Command, Encoding, ExecCommand, Item, ItemsCommand, ResultsCommand } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { carry } from '../carry.ts';
import { itemUri, type LargeObjectAssembler } from '../large-object/assembler.ts';
import { commandStatus } from '../session-wire.ts';
import type { ManagementTree } from '../tree/management-tree.ts';
import { queryTree } from '../tree/query.ts';

export interface ExecutionContext {
  readonly tree: ManagementTree;
  /** ServerID of the authenticated server. */
  readonly authority: string;
  readonly assembler: LargeObjectAssembler;
  readonly encoding: Encoding;
  /** MsgID of the message that holds the commands. */
  readonly msgRef: number;
  /** Largest object that the server takes; a larger value gets 413 and no Results. */
  readonly maxResult: number | undefined;
  /** Told how far a large object has come. */
  readonly onProgress: (progress: { uri: string; done: number; total: number }) => void;
  /** Told the URI of a large object that another command has cut short (Alert 1225 is due). */
  readonly onBroken: (uri: string) => void;
}

/** Status of a command, or Statuses of its items when they differ, followed by its Results. */
export function executeCommand(command: Command, context: ExecutionContext): Command[] {
  // Every command has an id from 1; without it no Status could name it (spec sheet syncml-representation, section 3).
  if (command.kind !== 'Status' && Number(command.cmdId) === 0) {
    return [commandStatus(context.msgRef, command, Status.BadRequest)];
  }
  if (cutsShort(command)) breakObject(context);
  switch (command.kind) {
    case 'Add':
    case 'Replace':
    case 'Delete':
      return statuses(command, context, (item) => changeNode(command, item, context));
    case 'Get':
      return get(command, context);
    case 'Exec':
      return statuses(command, context, (item) => execNode(command, item, context));
    case 'Sequence': {
      const own = commandStatus(context.msgRef, command, Status.Ok);
      return [own, ...command.commands.flatMap((child) => executeCommand(child, context))];
    }
    case 'Atomic':
      // An optional feature (DM Representation 1.2, figure 4.1.2): refused as a whole, its children not executed.
      return [
        commandStatus(context.msgRef, command, Status.OptionalFeatureNotSupported),
        ...command.commands.map((child) => commandStatus(context.msgRef, child, Status.NotExecuted)),
      ];
    case 'Copy':
      return [commandStatus(context.msgRef, command, Status.OptionalFeatureNotSupported)];
    case 'Alert':
      return [commandStatus(context.msgRef, command, alertCode(command.code))];
    case 'Unknown':
      return [commandStatus(context.msgRef, command, Status.BadRequest)];
    case 'Results':
      // Only a client sends Results (DM Protocol 1.2, 2.3).
      return [commandStatus(context.msgRef, command, Status.CommandNotAllowed)];
    case 'Status':
      return [];
    default:
      return assertNever(command);
  }
}

function alertCode(code: number): number {
  switch (code) {
    case Alert.NextMessage:
    case Alert.SessionAbort:
    case Alert.NoEndOfData:
      return Status.Ok;
    default:
      // A client without a user in front of it answers user-interaction alerts so (DM Protocol 1.2, 2.5).
      return Status.OptionalFeatureNotSupported;
  }
}

function statuses(
  command: ItemsCommand | ExecCommand,
  context: ExecutionContext,
  run: (item: Item) => number,
): Command[] {
  if (command.items.length === 0) return [commandStatus(context.msgRef, command, Status.IncompleteCommand)];
  const codes = command.items.map((item) => ({ uri: itemUri(item), code: readable(() => run(item)) }));
  const first = codes[0];
  if (first !== undefined && codes.every((entry) => entry.code === first.code)) {
    const ref = codes.length === 1 && first.uri !== '' ? first.uri : undefined;
    return [commandStatus(context.msgRef, command, first.code, ref)];
  }
  return codes.map((entry) => commandStatus(context.msgRef, command, entry.code, entry.uri));
}

/** A value that cannot be read (base64 that is none) is a malformed command, not the end of the session. */
function readable(run: () => number): number {
  try {
    return run();
  } catch (error) {
    if (isPcAgentError(error, 'syncml')) return Status.BadRequest;
    throw error;
  }
}

/** Commands that cannot go on with a large object; items of Add and Replace are looked at one by one. */
function cutsShort(command: Command): boolean {
  switch (command.kind) {
    case 'Delete':
    case 'Copy':
    case 'Get':
    case 'Exec':
    case 'Atomic':
      return true;
    default:
      return false;
  }
}

function breakObject(context: ExecutionContext): void {
  const uri = context.assembler.abandon();
  if (uri !== undefined) context.onBroken(uri);
}

function changeNode(command: ItemsCommand, item: Item, context: ExecutionContext): number {
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
  const property = uri.indexOf('?');
  if (property >= 0) {
    // No property of a node can be changed here (DM Tree and Description 1.2, 8.3).
    const node = context.tree.find(uri.slice(0, property));
    return typeof node === 'number' ? node : Status.CommandNotAllowed;
  }
  if (command.kind === 'Delete') return context.tree.delete(uri, context.authority);
  const value = itemBytes(whole, command.meta);
  const content = { format: meta.format, type: meta.type, value };
  return command.kind === 'Add'
    ? context.tree.add(uri, content, context.authority)
    : context.tree.replace(uri, content, context.authority);
}

function execNode(command: ExecCommand, item: Item, context: ExecutionContext): number {
  const uri = item.target?.uri;
  if (uri === undefined) return Status.IncompleteCommand;
  return context.tree.exec(uri, command.correlator, itemBytes(item, command.meta), context.authority);
}

function get(command: ItemsCommand, context: ExecutionContext): Command[] {
  const found: Command[] = [];
  const answers = statuses(command, context, (item) => {
    const uri = item.target?.uri;
    if (uri === undefined) return Status.IncompleteCommand;
    const answer = queryTree(context.tree, uri, context.authority, context.encoding);
    if (answer.kind === 'refused') return answer.code;
    const items = answer.items.map((node) => resultItem(node, context.encoding));
    const { maxResult } = context;
    if (maxResult !== undefined && items.some((entry) => (carriedBytes(entry)?.length ?? 0) > maxResult)) {
      return Status.RequestEntityTooLarge;
    }
    found.push(results(command, context.msgRef, items));
    return Status.Ok;
  });
  return [...answers, ...found];
}

function resultItem(
  node: { uri: string; format: string; type: string | undefined; value: ByteSource | undefined },
  encoding: Encoding,
): Item {
  const carried = node.value === undefined ? undefined : carry(octetsOf(node.value), node.format, encoding);
  return {
    source: { uri: node.uri },
    meta: { format: carried?.format ?? node.format, ...(node.type === undefined ? {} : { type: node.type }) },
    ...(carried === undefined ? {} : { data: carried.data }),
  };
}

function results(command: ItemsCommand, msgRef: number, items: readonly Item[]): ResultsCommand {
  return { kind: 'Results', cmdId: '', msgRef, cmdRef: command.cmdId, items };
}

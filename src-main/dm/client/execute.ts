import { assertNever, isPcAgentError } from '../../base/errors.ts';
import { Alert } from '../../syncml/alert.ts';
import type { AlertCommand, Command } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { commandStatus } from '../session-wire.ts';
import { isUserAlert } from '../user-question.ts';
import { askUser } from './ask-user.ts';
import { executeGet } from './execute-get.ts';
import { executeAtomic, executeSequence } from './execute-group.ts';
import { changeNode, copyNode, execNode, runItems } from './execute-items.ts';
import {
  type Asking,
  breakObject,
  childrenNotExecuted,
  type Execution,
  type ExecutionContext,
  only,
} from './execution.ts';

/** Commands of data sync, and of the common DTD, that DM does not use (DM Representation 1.2, 4.1.6). */
const DATA_SYNC: ReadonlySet<string> = new Set(['Map', 'Move', 'Put', 'Search', 'Sync']);

/** Executes a command of the server: Status of it, or Statuses of its items when they differ, followed by its Results. */
export function* executeCommand(command: Command, context: ExecutionContext): Asking<Execution> {
  if (command.kind === 'Status') return { answers: [], stop: 'nothing' };
  if (!isFirstOfItsId(command, context)) {
    const own = commandStatus(context.msgRef, command, Status.BadRequest);
    return { answers: [own, ...childrenNotExecuted(command, context.msgRef)], stop: 'nothing' };
  }
  if (cutsShort(command)) breakObject(context);
  const mode = context.atomic === true ? 'all' : 'each';
  switch (command.kind) {
    case 'Add':
    case 'Replace':
    case 'Delete':
      return done(runItems(command, context, (item) => changeNode(command, item, context, mode), mode));
    case 'Copy':
      return done(runItems(command, context, (item) => copyNode(item, context), mode));
    case 'Get':
      return executeGet(command, context);
    case 'Exec':
      return done(runItems(command, context, (item) => execNode(command, item, context)));
    case 'Sequence':
      return yield* executeSequence(command, context, executeCommand);
    case 'Atomic':
      return yield* executeAtomic(command, context, executeCommand);
    case 'Alert':
      return yield* executeAlert(command, context);
    case 'Unknown':
      return only(
        command,
        DATA_SYNC.has(command.name) ? Status.OptionalFeatureNotSupported : Status.BadRequest,
        context,
      );
    case 'Results':
      // Only a client sends Results (DM Protocol 1.2, 2.3).
      return only(command, Status.CommandNotAllowed, context);
    default:
      return assertNever(command);
  }
}

function done(answers: Execution['answers']): Execution {
  return { answers, stop: 'nothing' };
}

/**
 * Every command has an id from 1 that no other of its message has: without it no Status could name it (spec sheet
 * syncml-representation, section 3).
 */
function isFirstOfItsId(command: Command, { cmdIds }: ExecutionContext): boolean {
  const id = command.cmdId.trim();
  const plain = /^0*\d+$/.test(id) ? id.replace(/^0+/, '') : id;
  if (plain === '' || cmdIds.has(plain)) return false;
  cmdIds.add(plain);
  return true;
}

function* executeAlert(command: AlertCommand, context: ExecutionContext): Asking<Execution> {
  const { code } = command;
  // A client without a user in front of it answers so (DM Protocol 1.2, 2.5).
  if (isUserAlert(code) && !context.asksUser) return only(command, Status.OptionalFeatureNotSupported, context);
  try {
    if (isUserAlert(code)) return yield* askUser(command, context.msgRef);
  } catch (error) {
    // The text was said to be base64 and is none.
    if (!isPcAgentError(error, 'syncml')) throw error;
    return only(command, Status.BadRequest, context);
  }
  return only(command, alertCode(code), context);
}

function alertCode(code: number): number {
  switch (code) {
    case Alert.NextMessage:
    case Alert.SessionAbort:
    case Alert.NoEndOfData:
      return Status.Ok;
    case Alert.ServerInitiatedMgmt:
    case Alert.ClientInitiatedMgmt:
    case Alert.ClientEvent:
    case Alert.Generic:
      // These are a client's to send (DM Representation 1.2, 4.2).
      return Status.CommandNotAllowed;
    case 0:
      return Status.IncompleteCommand;
    default:
      return Number.isNaN(code) ? Status.BadRequest : Status.OptionalFeatureNotSupported;
  }
}

/** Commands that cannot go on with a large object; items of Add, Replace and Exec are looked at one by one. */
function cutsShort(command: Command): boolean {
  switch (command.kind) {
    case 'Delete':
    case 'Copy':
    case 'Get':
    case 'Atomic':
      return true;
    default:
      return false;
  }
}

import { assertNever } from '../../base/errors.ts';
import { Alert } from '../../syncml/alert.ts';
import type { AlertCommand, Command, StatusCommand } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { commandStatus } from '../session-wire.ts';
import { readQuestion, type UserAnswer, type UserQuestion } from '../user-question.ts';
import { type ExecutionContext, executeCommand } from './execute.ts';

/** A course of execution that stops where a person has to be asked, and goes on with the answer. */
export type Asking<T> = Generator<UserQuestion, T, UserAnswer>;

/** What a person's answer ends: nothing, the Sequence that the question stands in, or all of the message. */
type Stop = 'nothing' | 'sequence' | 'message';

export interface Execution {
  /** Statuses and Results. */
  readonly answers: readonly Command[];
  readonly stop: Stop;
}

/** Executes a command of the server on a handset whose user can be asked (DM Protocol 1.2, 2.5). */
export function* executeAsking(command: Command, context: ExecutionContext): Asking<Execution> {
  if (!asks(command)) return { answers: executeCommand(command, context), stop: 'nothing' };
  if (command.kind === 'Alert') return yield* ask(command, context.msgRef);
  const answers: Command[] = [commandStatus(context.msgRef, command, Status.Ok)];
  let stop: Stop = 'nothing';
  for (const child of command.commands) {
    if (stop === 'nothing') {
      const executed: Execution = yield* executeAsking(child, context);
      answers.push(...executed.answers);
      stop = executed.stop;
    } else {
      answers.push(...notExecuted(child, context.msgRef));
    }
  }
  return { answers, stop };
}

/** Status 215 for a command and everything in it. */
export function notExecuted(command: Command, msgRef: number): readonly StatusCommand[] {
  if (command.kind === 'Status') return [];
  const children = command.kind === 'Atomic' || command.kind === 'Sequence' ? command.commands : [];
  return [
    commandStatus(msgRef, command, Status.NotExecuted),
    ...children.flatMap((child) => notExecuted(child, msgRef)),
  ];
}

type AskingCommand = AlertCommand | (Extract<Command, { kind: 'Atomic' | 'Sequence' }> & { kind: 'Sequence' });

function asks(command: Command): command is AskingCommand {
  if (command.kind === 'Alert') return command.code === Alert.ConfirmOrReject;
  return command.kind === 'Sequence' && command.commands.some(asks);
}

function* ask(alert: AlertCommand, msgRef: number): Asking<Execution> {
  const question = readQuestion(alert);
  // What follows a question in a Sequence hangs on its answer: a question that says nothing lets nothing pass.
  if (question === undefined) return answered(alert, msgRef, Status.IncompleteCommand, 'sequence');
  const answer = yield question;
  switch (answer) {
    case 'accept':
      return answered(alert, msgRef, Status.Ok, 'nothing');
    case 'reject':
      return answered(alert, msgRef, Status.NotModified, 'sequence');
    case 'timeout':
      return answered(alert, msgRef, Status.RequestTimeout, 'sequence');
    case 'cancel':
      return answered(alert, msgRef, Status.OperationCancelled, 'message');
    default:
      return assertNever(answer);
  }
}

function answered(alert: AlertCommand, msgRef: number, code: number, stop: Stop): Execution {
  return { answers: [commandStatus(msgRef, alert, code)], stop };
}

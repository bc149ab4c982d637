import { assertNever } from '../../base/errors.ts';
import { Alert } from '../../syncml/alert.ts';
import type { AlertCommand, Item } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { commandStatus } from '../session-wire.ts';
import type { UserAnswer, UserQuestion } from '../user-question.ts';
import type { Asking, Execution, Stop } from './execution.ts';
import { readQuestion } from './read-question.ts';

interface Answered {
  readonly code: number;
  readonly stop: Stop;
  readonly items?: readonly Item[];
}

/** Puts the question of an alert 1100 to 1104 to the person (DM Protocol 1.2, 2.5). */
export function* askUser(alert: AlertCommand, msgRef: number): Asking<Execution> {
  const question = readQuestion(alert);
  const { code, stop, items } =
    question.kind === 'refused'
      ? { code: question.code, stop: stopOf(alert.code === Alert.ConfirmOrReject), items: undefined }
      : answered(question, yield question);
  const status = commandStatus(msgRef, alert, code);
  return { answers: [items === undefined ? status : { ...status, items }], stop };
}

/** What follows a confirmation in a Sequence hangs on it: one that nobody gave lets nothing pass. */
function stopOf(isConfirmation: boolean): Stop {
  return isConfirmation ? 'sequence' : 'nothing';
}

function answered(question: UserQuestion, answer: UserAnswer): Answered {
  // What was shown was shown, however it went away.
  if (question.kind === 'display') return { code: Status.Ok, stop: 'nothing' };
  switch (answer) {
    case 'accept':
      return { code: Status.Ok, stop: 'nothing' };
    case 'reject':
      return { code: Status.NotModified, stop: 'sequence' };
    case 'cancel':
      return { code: Status.OperationCancelled, stop: 'message' };
    case 'timeout':
      return timedOut(question);
    default:
      return { code: Status.Ok, stop: 'nothing', items: itemsOf(answer) };
  }
}

/** The answer that the server suggests stands for the one that nobody gave, except for consent. */
function timedOut(question: Exclude<UserQuestion, { kind: 'display' }>): Answered {
  const none: Answered = { code: Status.RequestTimeout, stop: stopOf(question.kind === 'confirm') };
  switch (question.kind) {
    case 'confirm':
      return none;
    case 'input': {
      const { suggested } = question;
      return suggested === undefined ? none : { code: Status.Ok, stop: 'nothing', items: itemsOf({ text: suggested }) };
    }
    case 'choice': {
      const { suggested } = question;
      return suggested === undefined
        ? none
        : { code: Status.Ok, stop: 'nothing', items: itemsOf({ chosen: suggested }) };
    }
    default:
      return assertNever(question);
  }
}

/** An Item for the text, or for each number that was chosen (DM Representation 1.2, 4.2). */
function itemsOf(answer: Exclude<UserAnswer, string>): readonly Item[] {
  if ('text' in answer) return [{ data: answer.text }];
  return answer.chosen.map((number) => ({ data: String(number) }));
}

import { assertNever } from '../base/errors.ts';
import { chosenFault, type TypedInput, typedFault } from '../base/typed-input.ts';
import { Alert } from '../syncml/alert.ts';
import type { AlertCommand } from '../syncml/model.ts';

interface QuestionBase {
  readonly text: string;
  /** Show it for at least so long; in seconds. */
  readonly minSeconds?: number;
  /** Wait for an answer no longer than this; in seconds. */
  readonly maxSeconds?: number;
}

/** Alert 1100: shown, nothing is asked. */
export interface DisplayQuestion extends QuestionBase {
  readonly kind: 'display';
}

/** Alert 1101. */
export interface ConfirmQuestion extends QuestionBase {
  readonly kind: 'confirm';
  /** The answer to highlight. It is never taken for the answer of a person who gave none. */
  readonly suggested?: 'accept' | 'reject';
}

/** Alert 1102. */
export interface InputQuestion extends QuestionBase {
  readonly kind: 'input';
  readonly inputType: TypedInput;
  /** What is typed is not shown (ET=P). */
  readonly hidden: boolean;
  /** In characters. */
  readonly maxLength?: number;
  /** Text to begin with; it is the answer when nobody gives one in time. */
  readonly suggested?: string;
}

/** Alerts 1103 and 1104. */
export interface ChoiceQuestion extends QuestionBase {
  readonly kind: 'choice';
  readonly choices: readonly string[];
  readonly multiple: boolean;
  /** Numbers from 1 in the order of `choices`; they are the answer when nobody gives one in time. */
  readonly suggested?: readonly number[];
}

/** What a server wants a person to see or to say: alerts 1100 to 1104 (DM Protocol 1.2, 2.5). */
export type UserQuestion = DisplayQuestion | ConfirmQuestion | InputQuestion | ChoiceQuestion;

/**
 * - `accept`: yes; of a display, that it was seen
 * - `reject`: no, to a confirmation
 * - `cancel`: the person broke the asking off
 * - `timeout`: nobody answered in time
 * - `text`: what was typed; `chosen`: numbers from 1
 */
export type UserAnswer =
  | 'accept'
  | 'reject'
  | 'cancel'
  | 'timeout'
  | { readonly text: string }
  | { readonly chosen: readonly number[] };

/** Alerts that a person sees (DM Representation 1.2, 4.2). */
export function isUserAlert(code: number): boolean {
  return code >= Alert.Display && code <= Alert.MultipleChoice;
}

/** An alert 1100 to 1104 without its CmdID. */
export function questionAlert(question: UserQuestion): Omit<AlertCommand, 'cmdId'> {
  const parameters = parametersFor(question)
    .filter((entry) => entry[1] !== undefined)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value)).replaceAll('%20', '+')}`)
    .join('&');
  const choices = question.kind === 'choice' ? question.choices.map((data) => ({ data })) : [];
  return {
    kind: 'Alert',
    code: codeFor(question),
    items: [parameters === '' ? {} : { data: parameters }, { data: question.text }, ...choices],
  };
}

/** Whether this can be said to the question: a No only to a confirmation, a text only as long and such as was asked for. */
export function answerFits(question: UserQuestion, answer: UserAnswer): boolean {
  if (answer === 'cancel' || answer === 'timeout') return true;
  if (answer === 'accept') return question.kind === 'display' || question.kind === 'confirm';
  if (answer === 'reject') return question.kind === 'confirm';
  if ('text' in answer) return question.kind === 'input' && inputFits(question, answer.text);
  return question.kind === 'choice' && chosenFit(question, answer.chosen);
}

/** Letters of IT. */
export const INPUT_TYPES: ReadonlyMap<string, TypedInput> = new Map([
  ['A', 'alphanumeric'],
  ['N', 'numeric'],
  ['D', 'date'],
  ['T', 'time'],
  ['P', 'phone'],
  ['I', 'ip'],
]);

export function inputFits(question: InputQuestion, text: string): boolean {
  return typedFault(question.inputType, question.maxLength, text) === undefined;
}

export function chosenFit(question: ChoiceQuestion, chosen: readonly number[]): boolean {
  return chosenFault(question.choices.length, question.multiple, chosen) === undefined;
}

function codeFor(question: UserQuestion): Alert {
  switch (question.kind) {
    case 'display':
      return Alert.Display;
    case 'confirm':
      return Alert.ConfirmOrReject;
    case 'input':
      return Alert.TextInput;
    case 'choice':
      return question.multiple ? Alert.MultipleChoice : Alert.SingleChoice;
    default:
      return assertNever(question);
  }
}

function parametersFor(question: UserQuestion): readonly (readonly [string, string | number | undefined])[] {
  const times = [
    ['MINDT', question.minSeconds],
    ['MAXDT', question.maxSeconds],
  ] as const;
  switch (question.kind) {
    case 'display':
      return times;
    case 'confirm':
      return [...times, ['DR', question.suggested === undefined ? undefined : question.suggested === 'accept' ? 1 : 0]];
    case 'input': {
      const letter = [...INPUT_TYPES].find(([, type]) => type === question.inputType)?.[0];
      return [
        ...times,
        ['DR', question.suggested],
        ['MAXLEN', question.maxLength],
        // The defaults go without saying.
        ['IT', letter === 'A' ? undefined : letter],
        ['ET', question.hidden ? 'P' : undefined],
      ];
    }
    case 'choice':
      return [...times, ['DR', question.suggested?.join('-')]];
    default:
      return assertNever(question);
  }
}

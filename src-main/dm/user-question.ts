import { Alert } from '../syncml/alert.ts';
import { itemText } from '../syncml/item-data.ts';
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

/** What may be typed (IT): `numeric` with dot and sign, `date` DDMMYYYY, `time` hhmmss, `ip` xxx.yyy.zzz.www. */
export type InputType = 'alphanumeric' | 'numeric' | 'date' | 'time' | 'phone' | 'ip';

/** Alert 1102. */
export interface InputQuestion extends QuestionBase {
  readonly kind: 'input';
  readonly inputType: InputType;
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

/** Characters of the text that are shown; a screen of a handset holds far fewer. */
const MAX_TEXT = 2000;
const MAX_PARAMETERS = 1024;
/** A server that asks for more does not get it: an hour, in seconds. */
const MAX_SECONDS = 3600;

/** The question of an Alert 1101; `undefined` when it has no text (DM Representation 1.2, 4.1.6.2). */
export function readQuestion(alert: AlertCommand): UserQuestion | undefined {
  const [parameters, message] = alert.items;
  const text = message === undefined ? undefined : itemText(message, alert.meta)?.slice(0, MAX_TEXT);
  if (text === undefined || text.trim() === '') return undefined;
  const options = parameters === undefined ? '' : (itemText(parameters, alert.meta) ?? '');
  const { MINDT, MAXDT, DR } = parametersOf(options.slice(0, MAX_PARAMETERS));
  const minSeconds = secondsOf(MINDT);
  const maxSeconds = secondsOf(MAXDT);
  const suggested = DR === '1' ? 'accept' : DR === '0' ? 'reject' : undefined;
  return {
    text,
    ...(minSeconds === undefined ? {} : { minSeconds }),
    ...(maxSeconds === undefined ? {} : { maxSeconds }),
    ...(suggested === undefined ? {} : { suggested }),
  };
}

/** An Alert 1101 without its CmdID. */
export function questionAlert(question: Pick<UserQuestion, 'text' | 'maxSeconds'>): Omit<AlertCommand, 'cmdId'> {
  const parameters = question.maxSeconds === undefined ? {} : { data: `MAXDT=${question.maxSeconds}` };
  return { kind: 'Alert', code: Alert.ConfirmOrReject, items: [parameters, { data: question.text }] };
}

/** One URL-encoded string; the parameters of 1101 are numbers, which need no decoding. Unknown ones are skipped. */
function parametersOf(text: string): Partial<Record<'MINDT' | 'MAXDT' | 'DR', string>> {
  const found: Partial<Record<'MINDT' | 'MAXDT' | 'DR', string>> = {};
  for (const pair of text.split('&')) {
    const match = /^\s*(MINDT|MAXDT|DR)=([0-9]{1,10})\s*$/i.exec(pair);
    const name = match?.[1]?.toUpperCase();
    if (name === 'MINDT' || name === 'MAXDT' || name === 'DR') found[name] ??= match?.[2] ?? '';
  }
  return found;
}

function secondsOf(text: string | undefined): number | undefined {
  const seconds = Number(text ?? 0);
  return seconds > 0 ? Math.min(seconds, MAX_SECONDS) : undefined;
}

import { MAX_TYPED } from '../../base/typed-input.ts';
import { Alert } from '../../syncml/alert.ts';
import { effectiveMeta, itemText, typeOf } from '../../syncml/item-data.ts';
import type { AlertCommand, Item } from '../../syncml/model.ts';
import { Status } from '../../syncml/status.ts';
import { chosenFit, INPUT_TYPES, type InputQuestion, inputFits, type UserQuestion } from '../user-question.ts';

/** Most characters of a text and of a choice; a screen of a handset holds far fewer. */
const MAX_TEXT = 2000;
const MAX_CHOICE_TEXT = 500;
const MAX_CHOICES = 100;
const MAX_PARAMETERS = 8192;
/** A server that asks for more does not get it: an hour, in seconds. */
const MAX_SECONDS = 3600;

/** A question, or the Status code that says why there is none. */
export type QuestionReading = UserQuestion | { readonly kind: 'refused'; readonly code: number };

/**
 * The question of an alert 1100 to 1104 (DM Protocol 1.2, 2.5): parameters in the first Item, the text in the second,
 * choices in those that follow. 412 without text or choices, 415 when they are no text, 416 when they are longer than
 * can be shown: a person who sees half of a question answers another one.
 * @throws PcAgentError `syncml/bad-base64`
 */
export function readQuestion(alert: AlertCommand): QuestionReading {
  const [parameters, message, ...rest] = alert.items;
  const shown = message === undefined ? [] : [message, ...(takesChoices(alert.code) ? rest : [])];
  if (shown.some((item) => !isText(item, alert))) return refused(Status.UnsupportedMediaType);
  const [text, ...choices] = shown.map((item) => itemText(item, alert.meta) ?? '');
  if (text === undefined || text.trim() === '' || choices.some((choice) => choice.trim() === '')) {
    return refused(Status.IncompleteCommand);
  }
  if (text.length > MAX_TEXT || choices.length > MAX_CHOICES || choices.some((one) => one.length > MAX_CHOICE_TEXT)) {
    return refused(Status.RequestedSizeTooBig);
  }
  const options = parametersOf(parameters === undefined ? '' : (itemText(parameters, alert.meta) ?? ''));
  return questionOf(alert.code, text, choices, options);
}

function takesChoices(code: number): boolean {
  return code === Alert.SingleChoice || code === Alert.MultipleChoice;
}

function isText(item: Item, alert: AlertCommand): boolean {
  return item.markup === undefined && typeOf(effectiveMeta(item, alert.meta)).startsWith('text/');
}

function refused(code: number): QuestionReading {
  return { kind: 'refused', code };
}

function questionOf(code: number, text: string, choices: readonly string[], options: Parameters): QuestionReading {
  const minSeconds = secondsOf(options.get('MINDT'));
  const maxSeconds = secondsOf(options.get('MAXDT'));
  const base = {
    text,
    ...(minSeconds === undefined ? {} : { minSeconds }),
    ...(maxSeconds === undefined ? {} : { maxSeconds }),
  };
  const suggested = options.get('DR');
  switch (code) {
    case Alert.Display:
      return { kind: 'display', ...base };
    case Alert.ConfirmOrReject: {
      const answer = suggested === '1' ? 'accept' : suggested === '0' ? 'reject' : undefined;
      return { kind: 'confirm', ...base, ...(answer === undefined ? {} : { suggested: answer }) };
    }
    case Alert.TextInput:
      return inputQuestion(base, options);
    case Alert.SingleChoice:
    case Alert.MultipleChoice: {
      if (choices.length === 0) return refused(Status.IncompleteCommand);
      const question = { kind: 'choice', ...base, choices, multiple: code === Alert.MultipleChoice } as const;
      const chosen = numbersOf(suggested);
      return chosen !== undefined && chosenFit(question, chosen) ? { ...question, suggested: chosen } : question;
    }
    default:
      return refused(Status.OptionalFeatureNotSupported);
  }
}

function inputQuestion(
  base: Pick<InputQuestion, 'text' | 'minSeconds' | 'maxSeconds'>,
  options: Parameters,
): InputQuestion {
  const maxLength = countOf(options.get('MAXLEN'), MAX_TYPED);
  const question: InputQuestion = {
    kind: 'input',
    ...base,
    inputType: INPUT_TYPES.get(options.get('IT')?.toUpperCase() ?? 'A') ?? 'alphanumeric',
    hidden: options.get('ET')?.toUpperCase() === 'P',
    ...(maxLength === undefined ? {} : { maxLength }),
  };
  const suggested = options.get('DR');
  return suggested !== undefined && inputFits(question, suggested) ? { ...question, suggested } : question;
}

type Parameters = ReadonlyMap<string, string>;

/** One URL-encoded string, in which `+` is a space. The first of a name counts, unknown names are skipped by nobody asking. */
function parametersOf(text: string): Parameters {
  const found = new Map<string, string>();
  for (const pair of text.slice(0, MAX_PARAMETERS).split('&')) {
    const equals = pair.indexOf('=');
    if (equals < 0) continue;
    const name = pair.slice(0, equals).trim().toUpperCase();
    const value = decoded(pair.slice(equals + 1).trim());
    if (value !== undefined && !found.has(name)) found.set(name, value);
  }
  return found;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

function secondsOf(text: string | undefined): number | undefined {
  return countOf(text, MAX_SECONDS);
}

function countOf(text: string | undefined, most: number): number | undefined {
  if (text === undefined || !/^[0-9]{1,10}$/.test(text)) return undefined;
  const count = Number(text);
  return count > 0 ? Math.min(count, most) : undefined;
}

/** Numbers joined by `-`, e.g. `2-3`. */
function numbersOf(text: string | undefined): readonly number[] | undefined {
  if (text === undefined || !/^[0-9]{1,3}(?:-[0-9]{1,3})*$/.test(text)) return undefined;
  return text.split('-').map(Number);
}

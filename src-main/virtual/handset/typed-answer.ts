import { assertNever } from '../../base/errors.ts';
import type { TypedInput } from '../../base/typed-input.ts';
import type { ConfirmQuestion, InputQuestion, UserAnswer, UserQuestion } from '../../dm/user-question.ts';

const CONFIRMED: Readonly<Record<string, UserAnswer>> = { y: 'accept', yes: 'accept', n: 'reject', no: 'reject' };

const FORMS: Readonly<Record<TypedInput, string>> = {
  alphanumeric: 'text',
  numeric: 'a number',
  date: 'a date as DDMMYYYY',
  time: 'a time as hhmmss',
  phone: 'a phone number',
  ip: 'an address such as 192.0.2.1',
};

/** The lines in which a terminal puts a question; the last one says what may be typed. */
export function questionLines(question: UserQuestion): readonly string[] {
  const text = plain(question.text);
  switch (question.kind) {
    case 'display':
      return [`${text} [Enter]`];
    case 'confirm':
      // What the server suggests is marked; it has to be typed all the same.
      return [`${text} [y${mark(question, 'accept')}/n${mark(question, 'reject')}/cancel]`];
    case 'input':
      return [`${text} [${inputHint(question)}]`];
    case 'choice': {
      const { choices, multiple, suggested = [] } = question;
      const lines = choices.map((choice, index) => {
        const star = suggested.includes(index + 1) ? '*' : ' ';
        return `${star} ${index + 1}  ${plain(choice)}`;
      });
      const numbers = multiple ? 'numbers such as 1 3' : 'a number';
      const enter = suggested.length > 0 ? ', Enter for *' : multiple ? ', Enter for none' : '';
      return [text, ...lines, `[${numbers}${enter}, cancel]`];
    }
    default:
      return assertNever(question);
  }
}

/**
 * What a line means as answer to a question; `undefined` when it can mean none. As input the word itself is typed
 * `\cancel`; a leading backslash is not part of any text.
 */
export function typedAnswer(question: UserQuestion, line: string): Exclude<UserAnswer, 'timeout'> | undefined {
  const word = line.trim().toLowerCase();
  if (question.kind === 'display') return 'accept';
  if (word === 'cancel' || (word === 'c' && question.kind !== 'input')) return 'cancel';
  switch (question.kind) {
    case 'confirm':
      return Object.hasOwn(CONFIRMED, word) ? (CONFIRMED[word] as 'accept' | 'reject') : undefined;
    case 'input': {
      const typed = line.replace(/\r$/, '');
      return { text: typed === '' ? (question.suggested ?? '') : typed.replace(/^\\/, '') };
    }
    case 'choice': {
      if (word === '') return { chosen: question.suggested ?? [] };
      return /^\d+([\s,-]+\d+)*$/.test(word) ? { chosen: word.split(/[\s,-]+/).map(Number) } : undefined;
    }
    default:
      return assertNever(question);
  }
}

function mark({ suggested }: ConfirmQuestion, answer: 'accept' | 'reject'): string {
  return suggested === answer ? '*' : '';
}

function inputHint({ inputType, hidden, maxLength, suggested }: InputQuestion): string {
  const parts = [FORMS[inputType]];
  if (maxLength !== undefined) parts.push(`at most ${maxLength} characters`);
  if (suggested !== undefined) parts.push(`Enter for ${hidden ? 'what is suggested' : `“${plain(suggested)}”`}`);
  if (hidden) parts.push('a secret: this terminal may show it');
  return [...parts, 'cancel'].join(', ');
}

/** Control characters of a server's text would move the cursor of a terminal or colour it. */
function plain(text: string): string {
  return text.replace(/\p{Cc}/gu, '\uFFFD');
}

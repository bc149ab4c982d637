import { assertNever } from './errors.ts';

/** What a server wants to be typed: `numeric` with dot and sign, `date` DDMMYYYY, `time` hhmmss, `ip` xxx.yyy.zzz.www. */
export type TypedInput = 'alphanumeric' | 'numeric' | 'date' | 'time' | 'phone' | 'ip';

/** Most characters of what may be typed, whatever the server allows. */
export const MAX_TYPED = 2000;

/** What is wrong with a text that was typed; `undefined` when nothing is. */
export function typedFault(
  type: TypedInput,
  maxLength: number | undefined,
  text: string,
): 'long' | 'characters' | undefined {
  // Far too long a text is not even counted.
  if (text.length > 2 * MAX_TYPED || characterCount(text) > Math.min(maxLength ?? MAX_TYPED, MAX_TYPED)) return 'long';
  return isTypedInput(type, text) ? undefined : 'characters';
}

/** What is wrong with numbers that were chosen among `count` choices, from 1; `undefined` when nothing is. */
export function chosenFault(
  count: number,
  multiple: boolean,
  chosen: readonly number[],
): 'number' | 'count' | undefined {
  if (chosen.some((number) => !Number.isInteger(number) || number < 1 || number > count)) return 'number';
  if (new Set(chosen).size < chosen.length) return 'number';
  return multiple || chosen.length === 1 ? undefined : 'count';
}

/** Characters as a person counts them: one outside the Basic Multilingual Plane is one. */
function characterCount(text: string): number {
  return [...text].length;
}

/** Whether a text is of the form that is wanted: DM Protocol 1.2, 2.5 (IT). */
function isTypedInput(type: TypedInput, text: string): boolean {
  switch (type) {
    case 'alphanumeric':
      // Neither control characters nor what XML cannot hold.
      return /^[^\p{Cc}\p{Cs}\uFFFE\uFFFF]*$/u.test(text);
    case 'numeric':
      return /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)$/.test(text);
    case 'date':
      return isDate(text);
    case 'time':
      return /^(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]$/.test(text);
    case 'phone':
      return /^\+?[0-9pws]+$/i.test(text);
    case 'ip':
      return /^[0-9]{1,3}(?:\.[0-9]{1,3}){3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255);
    default:
      return assertNever(type);
  }
}

/** DDMMYYYY, a day that is in the calendar. */
function isDate(text: string): boolean {
  const [, day, month, year] = /^([0-9]{2})([0-9]{2})([0-9]{4})$/.exec(text) ?? [];
  if (day === undefined) return false;
  const date = new Date(`${year}-${month}-${day}T00:00:00Z`);
  // One that is not, such as 31 April, is either none at all or one of the next month.
  return !Number.isNaN(date.getTime()) && date.getUTCDate() === Number(day);
}

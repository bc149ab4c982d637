import { assertNever } from './errors.ts';

/** What a server wants to be typed: `numeric` with dot and sign, `date` DDMMYYYY, `time` hhmmss, `ip` xxx.yyy.zzz.www. */
export type TypedInput = 'alphanumeric' | 'numeric' | 'date' | 'time' | 'phone' | 'ip';

/** Most characters of what may be typed where the server names no limit. */
export const MAX_TYPED = 2000;

/** Characters as a person counts them: one outside the Basic Multilingual Plane is one. */
export function characterCount(text: string): number {
  return [...text].length;
}

/** Whether a text is of the form that is wanted: DM Protocol 1.2, 2.5 (IT). */
export function isTypedInput(type: TypedInput, text: string): boolean {
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

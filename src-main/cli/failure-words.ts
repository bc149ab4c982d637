import { errorText } from '../wording/error-text.ts';

/** What a sentence says without these is the same. */
const FILLING = ['a', 'an', 'the', 'this', 'that', 'is', 'are', 'of', 'it', 'its', 'here', 'now', 'there'];

/**
 * What stands behind the words for an error code: the message of where it happened, or, where that says no more than the
 * words do, what to do next.
 */
export function behindTheWords(code: string, message: string | undefined): string {
  const { what, next } = errorText(code);
  if (message === undefined) return next;
  const said = new Set(wordsOf(what));
  return wordsOf(message).every((word) => FILLING.includes(word) || said.has(word)) ? next : message;
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

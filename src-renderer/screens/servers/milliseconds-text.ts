import type { Language } from '../../../src-main/wording/language.ts';
import { countText } from '../../../src-main/wording/numbers.ts';

/** Milliseconds as people compare them: with a tenth below 10. */
export function millisecondsText(milliseconds: number, language: Language): string {
  return countText(milliseconds < 10 ? Math.round(milliseconds * 10) / 10 : Math.round(milliseconds), language);
}

import type { Continuation } from '../../../src-main/contract/continuation.ts';
import type { Catalogue } from '../../../src-main/wording/catalogue.ts';
import type { Language } from '../../../src-main/wording/language.ts';
import { sizeText } from '../../../src-main/wording/numbers.ts';

type Words = Catalogue['screens']['links']['continued'];

/** "USB cable lost – went on over serial, download resumed from 3.1 MB" */
export function continuedText({ from, over, how, kept = 0 }: Continuation, words: Words, language: Language): string {
  const on = from === over ? words.back : words.over[kindOf(over, words)];
  const result = how === 'resumed' ? words.resumed(sizeText(kept, language)) : words[how];
  return words.line(words.lost[kindOf(from, words)], on, result);
}

function kindOf(address: string, { lost }: Words): keyof Words['lost'] {
  const kind = address.split(':', 1)[0] ?? '';
  return Object.hasOwn(lost, kind) ? (kind as keyof Words['lost']) : 'other';
}

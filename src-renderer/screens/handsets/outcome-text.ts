import { assertNever } from '../../../src-main/base/errors.ts';
import type { Catalogue } from '../../../src-main/wording/catalogue.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import type { Language } from '../../../src-main/wording/language.ts';
import type { Outcome, Thing } from './outcome.ts';
import type { WorkName } from './work-name.ts';

type Words = Catalogue['screens']['outcome'];

/** "Demo Maps 1.1 and Mail 3.0" */
export function thingsText(things: readonly Thing[], words: Words): string {
  return words.list(things.map(({ name, version }) => words.thing(name, version)));
}

/** How work ended, in one sentence. */
export function outcomeSentence(outcome: Outcome, work: WorkName, words: Words, language: Language): string {
  switch (outcome.kind) {
    case 'done':
      return words.done[work](thingsText(outcome.things, words));
    case 'nothing':
      return words.nothing[work](thingsText(outcome.things, words));
    case 'waiting':
      return work === 'firmware' ? words.restarting : words.waiting(thingsText(outcome.things, words));
    case 'cancelled':
      return words.cancelled[work](thingsText(outcome.things, words));
    case 'failed':
      return errorText(outcome.code, language).what;
    default:
      return assertNever(outcome);
  }
}

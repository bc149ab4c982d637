import { assertNever } from '../../../src-main/base/errors.ts';
import type { Catalogue } from '../../../src-main/wording/catalogue.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import type { Language } from '../../../src-main/wording/language.ts';
import type { Outcome, Thing } from './outcome.ts';
import type { WorkName } from './work-name.ts';

type Words = Catalogue['screens']['handsets'];

/** "Demo Maps 1.1 and Mail 3.0" */
export function thingsText(things: readonly Thing[], { outcome }: Words): string {
  return outcome.list(things.map(({ name, version }) => outcome.thing(name, version)));
}

/** How work ended, in one sentence. */
export function outcomeSentence(outcome: Outcome, work: WorkName, words: Words, language: Language): string {
  const speech = words.outcome;
  switch (outcome.kind) {
    case 'done':
      return speech.done[work](thingsText(outcome.things, words));
    case 'nothing':
      return speech.nothing[work](thingsText(outcome.things, words));
    case 'waiting':
      return work === 'firmware' ? speech.restarting : speech.waiting(thingsText(outcome.things, words));
    case 'cancelled':
      return speech.cancelled[work](thingsText(outcome.things, words));
    case 'failed':
      return errorText(outcome.code, language).what;
    default:
      return assertNever(outcome);
  }
}

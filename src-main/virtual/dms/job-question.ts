import { z } from 'zod';
import type { Procedure } from '../../dm/server/work.ts';
import { answerFits, questionAlert, type UserQuestion } from '../../dm/user-question.ts';
import { itemText } from '../../syncml/item-data.ts';
import type { StatusCommand } from '../../syncml/model.ts';

const MAX_TEXT = 1000;
const MAX_CHOICES = 100;

const shown = z.string().min(1).max(MAX_TEXT);
const seconds = z.int().min(1).max(3600).exactOptional();
const asked = {
  text: shown,
  minSeconds: seconds.meta({ description: 'MINDT: to be shown for at least so long' }),
  maxSeconds: seconds.meta({ description: 'MAXDT: an answer is waited for no longer' }),
};

/** A question of alerts 1100 to 1104, as a job has it. */
export const JobQuestion = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('display'), ...asked }),
    z.object({ kind: z.literal('confirm'), ...asked, suggested: z.enum(['accept', 'reject']).exactOptional() }),
    z.object({
      kind: z.literal('input'),
      ...asked,
      inputType: z.enum(['alphanumeric', 'numeric', 'date', 'time', 'phone', 'ip']).default('alphanumeric'),
      hidden: z.boolean().default(false),
      maxLength: z.int().min(1).max(2000).exactOptional(),
      suggested: z.string().max(MAX_TEXT).exactOptional(),
    }),
    z.object({
      kind: z.literal('choice'),
      ...asked,
      choices: z.array(shown).min(1).max(MAX_CHOICES),
      multiple: z.boolean().default(false),
      suggested: z
        .array(z.int())
        .max(MAX_CHOICES)
        .exactOptional()
        .meta({ description: 'numbers from 1 in the order of choices' }),
    }),
  ])
  .refine(suggestionFits, { path: ['suggested'], message: 'is no answer to this question' });
export type JobQuestion = z.infer<typeof JobQuestion>;

export const JobAnswer = z.object({
  code: z.int().meta({ description: 'Status of the alert: 200, 304 for a No, 214 cancelled, 406, 408 out of time' }),
  text: z.string().optional().meta({ description: 'what was typed' }),
  chosen: z.array(z.int()).optional().meta({ description: 'numbers from 1' }),
});
export type JobAnswer = Readonly<z.infer<typeof JobAnswer>>;

/** Puts the question in a package of its own. */
export function* askPerson(question: JobQuestion): Procedure<JobAnswer> {
  const { reports } = yield [questionAlert(question)];
  const own = reports[0];
  const code = own?.code ?? 0;
  const said = answerTexts(own?.statuses ?? []);
  if (code !== 200) return { code };
  if (question.kind === 'input') return { code, text: said[0] ?? '' };
  if (question.kind !== 'choice') return { code };
  const numbers = said.slice(0, MAX_CHOICES).map((text) => Number(text.trim()));
  return { code, chosen: numbers.filter((number) => Number.isSafeInteger(number)) };
}

/** What the Items of an alert's Statuses say: the answer of a person. */
export function answerTexts(statuses: readonly StatusCommand[]): readonly string[] {
  return statuses
    .filter(({ cmd }) => cmd === 'Alert')
    .flatMap(({ items, meta }) => items.map((item) => itemText(item, meta)))
    .filter((text) => text !== undefined)
    .map((text) => text.slice(0, 2 * MAX_TEXT));
}

function suggestionFits(question: UserQuestion): boolean {
  switch (question.kind) {
    case 'input':
      return question.suggested === undefined || answerFits(question, { text: question.suggested });
    case 'choice':
      return question.suggested === undefined || answerFits(question, { chosen: question.suggested });
    default:
      return true;
  }
}

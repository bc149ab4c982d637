import { assertNever } from '../../base/errors.ts';
import { answerFault } from '../../contract/prompt-answer.ts';
import type { UserAnswer, UserQuestion } from '../../dm/user-question.ts';

/**
 * What a scripted answer means for a question: `accept` takes what is suggested for an input or a choice, else nothing
 * typed and the first choice; `reject` breaks them off. `undefined`: the question does not take such an answer.
 */
export function scriptedAnswer(question: UserQuestion, scripted: UserAnswer): UserAnswer | undefined {
  const answer = meantFor(question, scripted);
  if (answer === 'timeout') return answer;
  return answerFault(question, typeof answer === 'string' ? { answer } : answer) === undefined ? answer : undefined;
}

function meantFor(question: UserQuestion, scripted: UserAnswer): UserAnswer {
  if (typeof scripted !== 'string' || scripted === 'timeout') return scripted;
  switch (question.kind) {
    case 'display':
      return 'accept';
    case 'confirm':
      return scripted;
    case 'input':
      return scripted === 'accept' ? { text: question.suggested ?? '' } : 'cancel';
    case 'choice':
      return scripted === 'accept' ? { chosen: question.suggested ?? [1] } : 'cancel';
    default:
      return assertNever(question);
  }
}

/** What may be said of a question in events: not what is suggested where nobody is to see what is typed. */
export function shownQuestion(question: UserQuestion): UserQuestion {
  if (question.kind !== 'input' || !question.hidden) return question;
  const { suggested: _, ...shown } = question;
  return shown;
}

/** What may be said of an answer in events: not what a person has typed unseen. */
export function shownAnswer(question: UserQuestion, answer: UserAnswer): UserAnswer | { readonly hidden: true } {
  const secret = question.kind === 'input' && question.hidden && typeof answer !== 'string';
  return secret ? { hidden: true } : answer;
}

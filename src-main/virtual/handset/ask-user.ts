import type { UserAnswer, UserQuestion } from '../../dm/user-question.ts';
import type { Handset } from './handset.ts';
import { scriptedAnswer, shownAnswer, shownQuestion } from './scripted-answer.ts';

export interface AskOptions {
  /** SessionID of the server that asks; without it the handset asks on its own account. */
  readonly session?: string;
  /** Where a script leaves the answer to a person. */
  readonly askPerson: (question: UserQuestion) => Promise<UserAnswer>;
}

/** What the user of the handset says to a question, by script or in person; told as events. */
export async function askUser(handset: Handset, question: UserQuestion, options: AskOptions): Promise<UserAnswer> {
  const { emit } = handset.options;
  const event = { type: 'handset', device: handset.device.id, address: handset.address, virtual: true } as const;
  const session = options.session === undefined ? {} : { session: options.session };
  const asked = { ...event, state: 'asked', ...session, question: shownQuestion(question) } as const;
  const scripted = handset.nextAnswer();
  if (scripted !== 'ask') {
    const answer = scriptedOr(handset, question, scripted);
    emit({ ...asked, answer: shownAnswer(question, answer) });
    emit({ ...event, state: 'ready' });
    return answer;
  }
  emit(asked);
  const answer = await options.askPerson(question);
  emit({ ...event, state: 'answered', ...session, answer: shownAnswer(question, answer) });
  emit({ ...event, state: 'ready' });
  return answer;
}

/** One that the question does not take is none: the question runs out of time at once. */
function scriptedOr(handset: Handset, question: UserQuestion, scripted: UserAnswer): UserAnswer {
  const answer = scriptedAnswer(question, scripted);
  if (answer !== undefined) return answer;
  const message = `the scripted answer is none to a question of the kind ${question.kind}`;
  handset.options.emit({ type: 'error', code: 'prompt/answer-invalid', message });
  return 'timeout';
}

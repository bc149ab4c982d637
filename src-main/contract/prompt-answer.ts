/** Which answers a question takes: the same rules for the window, the host and the virtual handset. */
import { assertNever } from '../base/errors.ts';
import { chosenFault, typedFault } from '../base/typed-input.ts';
import type { InputType, PromptEnd } from './prompts.ts';

/** The part of a question that its answer is checked against. */
export type Answerable =
  | { readonly kind: 'display' }
  | { readonly kind: 'confirm' }
  | { readonly kind: 'input'; readonly inputType: InputType; readonly maxLength?: number | undefined }
  | { readonly kind: 'choice'; readonly choices: readonly string[]; readonly multiple: boolean }
  | { readonly kind: 'pairing'; readonly question: PairingAsked };

type PairingAsked = 'confirm' | 'allow' | 'enter-pin' | 'enter-passkey' | 'show';

export type Said =
  | { readonly answer: 'accept' | 'reject' | 'cancel' }
  | { readonly text: string }
  | { readonly chosen: readonly number[] };

/**
 * - `kind`: another kind of answer is wanted
 * - `long`: more characters than the server takes
 * - `characters`: not of the input type
 * - `number`: a choice that does not exist, or twice
 * - `count`: exactly one choice is wanted
 */
export type AnswerFault = 'kind' | 'long' | 'characters' | 'number' | 'count';

/** For the one who has typed it or programmed it. */
export const ANSWER_FAULTS: Readonly<Record<AnswerFault, string>> = {
  kind: 'the question wants another kind of answer',
  long: 'the answer has more characters than the server takes',
  characters: 'the answer has characters that the server does not take, or is not in the form that it wants',
  number: 'the answer names a choice that does not exist, or one twice',
  count: 'exactly one choice is wanted',
};

/** How a question ends with such an answer. */
export function promptEnd(said: Said): PromptEnd {
  if ('answer' in said) return said.answer;
  return 'text' in said ? 'text' : 'chosen';
}

/** What is wrong with an answer; `undefined` when it is one. */
export function answerFault(question: Answerable, said: Said): AnswerFault | undefined {
  switch (question.kind) {
    case 'display':
      // It asks nothing, so there is nothing to break off (DM Protocol 1.2, 2.5).
      return 'answer' in said && said.answer === 'accept' ? undefined : 'kind';
    case 'confirm':
      return 'answer' in said ? undefined : 'kind';
    case 'input':
      if ('text' in said) return typedFault(question.inputType, question.maxLength, said.text);
      return breaksOff(said) ? undefined : 'kind';
    case 'choice':
      if ('chosen' in said) return chosenFault(question.choices.length, question.multiple, said.chosen);
      return breaksOff(said) ? undefined : 'kind';
    case 'pairing':
      return pairingFault(question.question, said);
    default:
      return assertNever(question);
  }
}

/** Characters of a PIN, and digits of a passkey (Bluetooth Core, volume 3, part C, 3.2.3). */
const MAX_PIN = 16;
const PASSKEY = /^[0-9]{1,6}$/;

function pairingFault(question: PairingAsked, said: Said): AnswerFault | undefined {
  switch (question) {
    case 'confirm':
    case 'allow':
      return 'answer' in said ? undefined : 'kind';
    case 'show':
      return breaksOff(said) || ('answer' in said && said.answer === 'accept') ? undefined : 'kind';
    case 'enter-pin':
      if (!('text' in said)) return breaksOff(said) ? undefined : 'kind';
      if (said.text === '') return 'characters';
      return new TextEncoder().encode(said.text).length > MAX_PIN ? 'long' : undefined;
    case 'enter-passkey':
      if (!('text' in said)) return breaksOff(said) ? undefined : 'kind';
      return PASSKEY.test(said.text) ? undefined : 'characters';
    default:
      return assertNever(question);
  }
}

function breaksOff(said: Said): boolean {
  return 'answer' in said && said.answer === 'cancel';
}

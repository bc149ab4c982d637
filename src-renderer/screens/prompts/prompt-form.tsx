import { Button } from '@mantine/core';
import { assertNever } from '../../../src-main/base/errors.ts';
import type { Said } from '../../../src-main/contract/prompt-answer.ts';
import type { Prompt } from '../../../src-main/contract/prompts.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { ChoiceForm } from './choice-form.tsx';
import { InputForm } from './input-form.tsx';

interface PromptFormProps {
  readonly prompt: Exclude<Prompt, { readonly kind: 'pairing' }>;
  readonly onAnswer: (said: Said) => void;
}

/** What a question is answered by; the first of it takes the focus. */
export function PromptForm({ prompt, onAnswer }: PromptFormProps) {
  const speech = useSpeech().words.screens.prompts;
  switch (prompt.kind) {
    case 'display':
      return (
        <div className="prompt-answers">
          <Button onClick={() => onAnswer({ answer: 'accept' })} data-autofocus data-prompt={prompt.id}>
            {speech.ok}
          </Button>
        </div>
      );
    case 'confirm':
      return <ConfirmAnswers id={prompt.id} suggested={prompt.suggested ?? 'accept'} onAnswer={onAnswer} />;
    case 'input':
      return <InputForm prompt={prompt} onAnswer={onAnswer} />;
    case 'choice':
      return <ChoiceForm prompt={prompt} onAnswer={onAnswer} />;
    default:
      return assertNever(prompt);
  }
}

interface ConfirmAnswersProps {
  readonly id: string;
  readonly suggested: 'accept' | 'reject';
  readonly onAnswer: (said: Said) => void;
}

/** What the server suggests stands out and has the focus; it is never taken by itself. */
function ConfirmAnswers({ id, suggested, onAnswer }: ConfirmAnswersProps) {
  const speech = useSpeech().words.screens.prompts;
  const look = (which: 'accept' | 'reject') =>
    which === suggested ? { 'data-autofocus': true, 'data-prompt': id } : { variant: 'default' };
  return (
    <div className="prompt-answers">
      <Button {...look('accept')} onClick={() => onAnswer({ answer: 'accept' })}>
        {speech.accept}
      </Button>
      <Button {...look('reject')} onClick={() => onAnswer({ answer: 'reject' })}>
        {speech.reject}
      </Button>
      <Button variant="subtle" onClick={() => onAnswer({ answer: 'cancel' })}>
        {speech.later}
      </Button>
    </div>
  );
}

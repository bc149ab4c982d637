import '@mantine/core/styles/Input.css';
import { Button, TextInput } from '@mantine/core';
import type { Said } from '../../../src-main/contract/prompt-answer.ts';
import { useSpeech } from '../../language/language-context.tsx';
import type { PairingPrompt } from './pairing-question.tsx';
import { useTypedAnswer } from './use-typed-answer.ts';

interface PairingFormProps {
  readonly prompt: PairingPrompt;
  readonly question: 'enter-pin' | 'enter-passkey';
  readonly onAnswer: (said: Said) => void;
}

/** What is entered on both sides, or is shown on the phone. */
export function PairingForm({ prompt, question, onAnswer }: PairingFormProps) {
  const { pairing } = useSpeech().words.screens.prompts;
  const words = pairing[question];
  const { text, setText, fault, field, submit } = useTypedAnswer(prompt, onAnswer);
  return (
    <form className="stack" noValidate onSubmit={submit}>
      <TextInput
        ref={field}
        className="field"
        label={words.label}
        inputMode={question === 'enter-passkey' ? 'numeric' : 'text'}
        value={text}
        error={fault !== undefined ? words.fault : undefined}
        onChange={({ currentTarget }) => setText(currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
        dir="ltr"
        data-autofocus
        data-prompt={prompt.id}
      />
      <div className="prompt-answers">
        <Button type="submit">{pairing.send}</Button>
        <Button variant="subtle" onClick={() => onAnswer({ answer: 'cancel' })}>
          {pairing.cancel}
        </Button>
      </div>
    </form>
  );
}

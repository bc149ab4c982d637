import '@mantine/core/styles/Input.css';
import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { answerFault, type Said } from '../../../src-main/contract/prompt-answer.ts';
import { useSpeech } from '../../language/language-context.tsx';
import type { PairingPrompt } from './pairing-question.tsx';

interface PairingFormProps {
  readonly prompt: PairingPrompt;
  readonly question: 'enter-pin' | 'enter-passkey';
  readonly onAnswer: (said: Said) => void;
}

/** What is entered on both sides, or is shown on the phone. */
export function PairingForm({ prompt, question, onAnswer }: PairingFormProps) {
  const { pairing } = useSpeech().words.screens.prompts;
  const words = pairing[question];
  const [text, setText] = useState('');
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const fault = answerFault(prompt, { text });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (fault === undefined) onAnswer({ text });
    else field.current?.focus();
  };
  return (
    <form className="stack" noValidate onSubmit={submit}>
      <TextInput
        ref={field}
        className="field"
        label={words.label}
        inputMode={question === 'enter-passkey' ? 'numeric' : 'text'}
        value={text}
        error={tried && fault !== undefined ? words.fault : undefined}
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

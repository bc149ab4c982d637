import '@mantine/core/styles/Input.css';
import { TextInput } from '@mantine/core';
import { type ComponentPropsWithoutRef, type FormEvent, useRef, useState } from 'react';
import { MAX_TYPED } from '../../../src-main/base/typed-input.ts';
import { type AnswerFault, answerFault, type Said } from '../../../src-main/contract/prompt-answer.ts';
import type { InputType, Prompt } from '../../../src-main/contract/prompts.ts';
import type { Catalogue } from '../../../src-main/wording/catalogue.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { SendOrLater } from './send-or-later.tsx';

type InputPrompt = Extract<Prompt, { readonly kind: 'input' }>;
type Words = Catalogue['screens']['prompts'];

const KEYBOARDS: Readonly<Record<InputType, ComponentPropsWithoutRef<'input'>['inputMode']>> = {
  alphanumeric: 'text',
  numeric: 'decimal',
  date: 'numeric',
  time: 'numeric',
  phone: 'tel',
  ip: 'decimal',
};

interface InputFormProps {
  readonly prompt: InputPrompt;
  readonly onAnswer: (said: Said) => void;
}

/** Something is to be typed (alert 1102). What is wrong with it is said once somebody has tried to send it. */
export function InputForm({ prompt, onAnswer }: InputFormProps) {
  const speech = useSpeech().words.screens.prompts;
  const [text, setText] = useState(prompt.suggested ?? '');
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const { inputType, hidden, maxLength } = prompt;
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
        label={speech.answer}
        description={hint(prompt, speech)}
        type={hidden ? 'password' : inputType === 'phone' ? 'tel' : 'text'}
        inputMode={KEYBOARDS[inputType]}
        value={text}
        error={tried && fault !== undefined ? faultText(fault, inputType, speech) : undefined}
        onChange={({ currentTarget }) => setText(firstCharacters(currentTarget.value, maxLength ?? MAX_TYPED))}
        autoComplete="off"
        spellCheck={false}
        dir={inputType === 'alphanumeric' ? 'auto' : 'ltr'}
        data-autofocus
        data-prompt={prompt.id}
      />
      <SendOrLater onAnswer={onAnswer} />
    </form>
  );
}

function hint({ inputType, hidden, maxLength }: InputPrompt, speech: Words): string {
  const most = maxLength === undefined ? '' : speech.most(maxLength);
  return [speech.forms[inputType], most, hidden ? speech.hidden : ''].filter(Boolean).join(' ');
}

function faultText(fault: AnswerFault, inputType: InputType, speech: Words): string {
  return fault === 'characters' ? speech.faults.characters[inputType] : speech.faults[fault];
}

/** As `maxlength`, which would count a character outside the Basic Multilingual Plane as two. */
function firstCharacters(text: string, count: number): string {
  return text.length <= count ? text : [...text].slice(0, count).join('');
}

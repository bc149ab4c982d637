import '@mantine/core/styles/Input.css';
import { TextInput } from '@mantine/core';
import type { ComponentPropsWithoutRef } from 'react';
import { MAX_TYPED } from '../../../src-main/base/typed-input.ts';
import type { AnswerFault, Said } from '../../../src-main/contract/prompt-answer.ts';
import type { InputType, Prompt } from '../../../src-main/contract/prompts.ts';
import type { Catalogue } from '../../../src-main/wording/catalogue.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { SendOrLater } from './send-or-later.tsx';
import { useTypedAnswer } from './use-typed-answer.ts';

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

/** Something is to be typed (alert 1102). */
export function InputForm({ prompt, onAnswer }: InputFormProps) {
  const speech = useSpeech().words.screens.prompts;
  const { text, setText, fault, field, submit } = useTypedAnswer(prompt, onAnswer, prompt.suggested);
  const { inputType, hidden, maxLength } = prompt;
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
        error={fault !== undefined ? faultText(fault, inputType, speech) : undefined}
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

import '@mantine/core/styles/InlineInput.css';
import '@mantine/core/styles/Input.css';
import '@mantine/core/styles/Radio.css';
import '@mantine/core/styles/Checkbox.css';
import { Checkbox, Radio } from '@mantine/core';
import { type FormEvent, useId, useRef, useState } from 'react';
import { answerFault, type Said } from '../../../src-main/contract/prompt-answer.ts';
import type { Prompt } from '../../../src-main/contract/prompts.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { SendOrLater } from './send-or-later.tsx';

interface ChoiceFormProps {
  readonly prompt: Extract<Prompt, { readonly kind: 'choice' }>;
  readonly onAnswer: (said: Said) => void;
}

/** One or several things are to be chosen (alerts 1103 and 1104). What the server suggests is chosen at first. */
export function ChoiceForm({ prompt, onAnswer }: ChoiceFormProps) {
  const speech = useSpeech().words.screens.prompts;
  const { choices, multiple, suggested = [] } = prompt;
  const [chosen, setChosen] = useState<readonly number[]>(() =>
    choices.map((_, index) => index + 1).filter((number) => suggested.includes(number)),
  );
  const [tried, setTried] = useState(false);
  const group = useRef<HTMLFieldSetElement>(null);
  const name = useId();
  const faultId = useId();
  const fault = answerFault(prompt, { chosen });
  const choose = (number: number, checked: boolean) => {
    const others = multiple ? chosen.filter((each) => each !== number) : [];
    setChosen(checked ? [...others, number].toSorted((a, b) => a - b) : others);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (fault === undefined) onAnswer({ chosen });
    else group.current?.querySelector('input')?.focus();
  };
  const first = multiple ? 1 : (chosen[0] ?? 1);
  const Option = multiple ? Checkbox : Radio;
  return (
    <form className="stack" noValidate onSubmit={submit}>
      <fieldset ref={group} className="prompt-choices" aria-describedby={faultId}>
        <legend className="small quiet">{multiple ? speech.many : speech.one}</legend>
        {choices.map((choice, index) => {
          const number = index + 1;
          return (
            <Option
              key={number}
              className="field"
              name={name}
              label={choice}
              description={suggested.includes(number) ? speech.suggested : undefined}
              checked={chosen.includes(number)}
              onChange={({ currentTarget }) => choose(number, currentTarget.checked)}
              {...(number === first ? { 'data-autofocus': true, 'data-prompt': prompt.id } : {})}
            />
          );
        })}
      </fieldset>
      <p id={faultId} role="alert" className="prompt-fault small">
        {tried && fault !== undefined ? speech.faults.count : ''}
      </p>
      <SendOrLater onAnswer={onAnswer} />
    </form>
  );
}

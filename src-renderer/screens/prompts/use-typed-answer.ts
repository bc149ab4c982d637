import { type FormEvent, type RefObject, useRef, useState } from 'react';
import { type AnswerFault, answerFault, type Said } from '../../../src-main/contract/prompt-answer.ts';
import type { Prompt } from '../../../src-main/contract/prompts.ts';

interface TypedAnswer {
  readonly text: string;
  readonly setText: (text: string) => void;
  /** What is wrong with it, once somebody has tried to send it. */
  readonly fault: AnswerFault | undefined;
  readonly field: RefObject<HTMLInputElement | null>;
  readonly submit: (event: FormEvent) => void;
}

/** An answer that is typed: sent when it fits the prompt, else the keyboard is led back to the field. */
export function useTypedAnswer(prompt: Prompt, onAnswer: (said: Said) => void, suggested = ''): TypedAnswer {
  const [text, setText] = useState(suggested);
  const [tried, setTried] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const fault = answerFault(prompt, { text });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (fault === undefined) onAnswer({ text });
    else field.current?.focus();
  };
  return { text, setText, fault: tried ? fault : undefined, field, submit };
}

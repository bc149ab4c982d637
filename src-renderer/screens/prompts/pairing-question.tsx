import { Button } from '@mantine/core';
import { Bluetooth } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { Said } from '../../../src-main/contract/prompt-answer.ts';
import type { Prompt } from '../../../src-main/contract/prompts.ts';
import { durationText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { secondsBetween, useNow } from '../../components/use-now.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { PairingForm } from './pairing-form.tsx';

export type PairingPrompt = Extract<Prompt, { readonly kind: 'pairing' }>;

interface PairingQuestionProps {
  readonly prompt: PairingPrompt;
  /** What the phone is called. */
  readonly name: string;
  readonly onAnswer: (said: Said) => void;
}

/** Seconds before the end at which it is said once more. */
const SOON = 10;

/** What is asked or shown while a phone is paired over the air. Nothing that agrees is under the finger at first. */
export function PairingQuestion({ prompt, name, onAnswer }: PairingQuestionProps) {
  const { pairing } = useSpeech().words.screens.prompts;
  const { text, hint } = pairing[prompt.question];
  return (
    <>
      <div className="prompt-screen">
        <p className="prompt-ask">
          <Bluetooth aria-hidden="true" />
          {text}
        </p>
        {prompt.code !== undefined && <Code code={prompt.code} />}
        <PairingTime prompt={prompt} name={name} />
      </div>
      <p className="small quiet">{hint}</p>
      <PairingAnswers prompt={prompt} onAnswer={onAnswer} />
    </>
  );
}

/** Heard digit by digit, seen in halves. */
function Code({ code }: { readonly code: string }) {
  const seen = /^\d{6}$/.test(code) ? `${code.slice(0, 3)} ${code.slice(3)}` : code;
  return (
    <p className="prompt-code" dir="ltr">
      <span className="unseen">{spelt(code)}</span>
      <span aria-hidden="true">{seen}</span>
    </p>
  );
}

function spelt(code: string): string {
  return [...code].join(' ');
}

function PairingAnswers({ prompt, onAnswer }: Omit<PairingQuestionProps, 'name'>) {
  const { pairing } = useSpeech().words.screens.prompts;
  // Who types something else when the question comes must not have agreed to it.
  const first = { 'data-autofocus': true, 'data-prompt': prompt.id };
  switch (prompt.question) {
    case 'confirm':
    case 'allow': {
      const { yes, no } = pairing[prompt.question];
      return (
        <div className="prompt-answers" data-two>
          <Button variant="default" onClick={() => onAnswer({ answer: 'accept' })}>
            {yes}
          </Button>
          <Button variant="default" {...first} onClick={() => onAnswer({ answer: 'reject' })}>
            {no}
          </Button>
          {prompt.question === 'confirm' && (
            <Button className="prompt-wide" variant="subtle" onClick={() => onAnswer({ answer: 'cancel' })}>
              {pairing.cancel}
            </Button>
          )}
        </div>
      );
    }
    case 'enter-pin':
    case 'enter-passkey':
      return <PairingForm prompt={prompt} question={prompt.question} onAnswer={onAnswer} />;
    case 'show':
      return (
        <div className="prompt-answers">
          <Button variant="default" {...first} onClick={() => onAnswer({ answer: 'cancel' })}>
            {pairing.cancel}
          </Button>
        </div>
      );
  }
}

/** The time that is left, said when the question comes and shortly before its end. */
function PairingTime({ prompt, name }: Pick<PairingQuestionProps, 'prompt' | 'name'>) {
  const { words, language } = useSpeech();
  const { pairing } = words.screens.prompts;
  const { id, question, code, until } = prompt;
  const announce = useAnnounce();
  const now = useNow(until !== undefined);
  const left = until === undefined ? undefined : secondsBetween(now, Date.parse(until));
  const time = left === undefined ? '' : pairing.left(left >= 60 ? durationText(left, language) : `${left} s`);
  const saidSoon = useRef(false);
  const soon = left !== undefined && left <= SOON && left > 0;
  // biome-ignore lint/correctness/useExhaustiveDependencies: said once for each question
  useEffect(() => {
    saidSoon.current = soon;
    const shown = code === undefined ? [] : [`${spelt(code)}.`];
    announce([`${pairing.title(name)}.`, pairing[question].text, ...shown, time].join(' '));
  }, [id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: said once, when it becomes so
  useEffect(() => {
    if (!soon || saidSoon.current) return;
    saidSoon.current = true;
    announce(time);
  }, [soon]);
  if (left === undefined) return null;
  return (
    <p className="small quiet number" data-soon={soon || left === 0 || undefined}>
      {left === 0 ? pairing.over : time}
    </p>
  );
}

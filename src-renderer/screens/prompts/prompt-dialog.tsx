import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import './prompts.css';
import { Modal } from '@mantine/core';
import { FlaskConical } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { useStore } from 'zustand';
import { plainText } from '../../../src-main/base/plain-text.ts';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { Said } from '../../../src-main/contract/prompt-answer.ts';
import type { Prompt, PromptAnswer } from '../../../src-main/contract/prompts.ts';
import type { Catalogue } from '../../../src-main/wording/catalogue.ts';
import { durationText } from '../../../src-main/wording/numbers.ts';
import { Badge } from '../../components/badge.tsx';
import { deviceName } from '../../components/device-name.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { secondsBetween, useNow } from '../../components/use-now.ts';
import { useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { PairingQuestion } from './pairing-question.tsx';
import { PromptForm } from './prompt-form.tsx';
import { setAside, setPromptAside } from './set-aside.ts';

type PhonePrompt = Exclude<Prompt, { readonly kind: 'pairing' }>;

/**
 * The screen of a virtual handset whose owner is asked, or what is asked here while a phone is paired. Closed without an
 * answer, the handset's card or the Bluetooth page brings it back.
 */
export function PromptDialog() {
  const aside = useStore(setAside);
  const prompt = useHost(({ prompts }) => prompts.find(({ id }) => !aside.has(id)), undefined);
  const waiting = useHost(({ prompts }) => prompts.filter(({ id }) => !aside.has(id)).length, 0);
  const { words, common } = useSpeech();
  const speech = words.screens.prompts;
  const device = prompt?.device;
  const handset = useHost(({ handsets }) => handsets.find((each) => each.device === device), undefined);
  const name = nameOf(prompt, handset);
  // The dialog stays in the tree while there is nothing to ask, so that it can give the focus back.
  return (
    <Modal
      opened={prompt !== undefined}
      onClose={() => prompt !== undefined && setPromptAside(prompt.id)}
      title={<span className="prompt-title">{titleOf(prompt, name, speech)}</span>}
      size="30rem"
      closeButtonProps={{ 'aria-label': common.close }}
    >
      {prompt !== undefined && <Question key={prompt.id} prompt={prompt} more={waiting - 1} name={name} />}
    </Modal>
  );
}

function nameOf(prompt: Prompt | undefined, handset: KnownHandset | undefined): string {
  if (prompt?.kind === 'pairing') return plainText(prompt.text) ?? prompt.device;
  return handset === undefined ? (prompt?.device ?? '') : deviceName(handset);
}

function titleOf(prompt: Prompt | undefined, name: string, speech: Catalogue['screens']['prompts']): string {
  if (prompt?.kind === 'pairing') return speech.pairing.title(name);
  return prompt?.kind === 'display' ? speech.shows(name) : speech.title(name);
}

interface QuestionProps {
  readonly prompt: Prompt;
  /** How many other questions wait. */
  readonly more: number;
  readonly name: string;
}

function Question({ prompt, more, name }: QuestionProps) {
  const speech = useSpeech().words.screens.prompts;
  const { run, error, running } = useAction('prompts.answer');
  const answer = (said: Said) => {
    if (!running) void run({ prompt: prompt.id, ...said } as PromptAnswer);
  };
  useFocusOnFirst(prompt.id);
  const failure = error !== undefined && <ErrorNotice code={error.code} message={error.message} phone={name} />;
  return (
    <div className="stack">
      {prompt.kind === 'pairing' ? (
        <>
          {failure}
          <PairingQuestion prompt={prompt} name={name} onAnswer={answer} />
        </>
      ) : (
        <PhoneQuestion prompt={prompt} onAnswer={answer}>
          {failure}
        </PhoneQuestion>
      )}
      {more > 0 && <p className="small">{speech.more(more)}</p>}
    </div>
  );
}

interface PhoneQuestionProps {
  readonly prompt: PhonePrompt;
  readonly onAnswer: (said: Said) => void;
  readonly children: ReactNode;
}

/** What the demo phone's screen shows. */
function PhoneQuestion({ prompt, onAnswer, children }: PhoneQuestionProps) {
  const { words, common } = useSpeech();
  const speech = words.screens.prompts;
  return (
    <>
      <div className="row">
        <Badge tone="idle" icon={FlaskConical} text={common.virtual} title={common.virtualHint} />
        <span className="small quiet">{speech.screen}</span>
      </div>
      <div className="prompt-screen">
        <p className="prompt-text">{prompt.text}</p>
        <TimeLeft prompt={prompt} />
      </div>
      {children}
      <PromptForm prompt={prompt} onAnswer={onAnswer} />
      {prompt.kind !== 'display' && <p className="small quiet">{speech.laterHint}</p>}
    </>
  );
}

/** The next question takes the focus in the open dialog; for the first one the dialog does it. */
function useFocusOnFirst(id: string): void {
  useEffect(() => {
    document.querySelector<HTMLElement>(`[data-prompt="${CSS.escape(id)}"]`)?.focus();
  }, [id]);
}

function TimeLeft({ prompt: { until, kind } }: { readonly prompt: PhonePrompt }) {
  const { words, language } = useSpeech();
  const speech = words.screens.prompts;
  const display = kind === 'display';
  const now = useNow(until !== undefined);
  if (until === undefined) return display ? null : <p className="small quiet">{speech.waits}</p>;
  const left = secondsBetween(now, Date.parse(until));
  const text = left >= 60 ? durationText(left, language) : `${left} s`;
  const over = display ? speech.shownOut : speech.over;
  return (
    <p className="small quiet number">{left === 0 ? over : display ? speech.shownFor(text) : speech.until(text)}</p>
  );
}

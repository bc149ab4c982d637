import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import './prompts.css';
import { Modal } from '@mantine/core';
import { FlaskConical } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Said } from '../../../src-main/contract/prompt-answer.ts';
import type { Prompt, PromptAnswer } from '../../../src-main/contract/prompts.ts';
import { durationText } from '../../../src-main/wording/numbers.ts';
import { Badge } from '../../components/badge.tsx';
import { deviceName } from '../../components/device-name.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { secondsBetween, useNow } from '../../components/use-now.ts';
import { useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { PromptForm } from './prompt-form.tsx';
import { setAside, setPromptAside } from './set-aside.ts';

/** The screen of a virtual handset whose owner is asked. Closed without an answer, its card brings it back. */
export function PromptDialog() {
  const aside = useStore(setAside);
  const prompt = useHost(({ prompts }) => prompts.find(({ id }) => !aside.has(id)), undefined);
  const waiting = useHost(({ prompts }) => prompts.filter(({ id }) => !aside.has(id)).length, 0);
  const { words, common } = useSpeech();
  const speech = words.screens.prompts;
  const device = prompt?.device;
  const handset = useHost(({ handsets }) => handsets.find((each) => each.device === device), undefined);
  const name = handset === undefined ? (device ?? '') : deviceName(handset);
  // The dialog stays in the tree while there is nothing to ask, so that it can give the focus back.
  return (
    <Modal
      opened={prompt !== undefined}
      onClose={() => prompt !== undefined && setPromptAside(prompt.id)}
      title={prompt?.kind === 'display' ? speech.shows(name) : speech.title(name)}
      size="30rem"
      closeButtonProps={{ 'aria-label': common.close }}
    >
      {prompt !== undefined && <Question key={prompt.id} prompt={prompt} more={waiting - 1} name={name} />}
    </Modal>
  );
}

interface QuestionProps {
  readonly prompt: Prompt;
  /** How many other questions wait. */
  readonly more: number;
  readonly name: string;
}

function Question({ prompt, more, name }: QuestionProps) {
  const { words, common } = useSpeech();
  const speech = words.screens.prompts;
  const { run, error, running } = useAction('prompts.answer');
  const answer = (said: Said) => {
    if (!running) void run({ prompt: prompt.id, ...said } as PromptAnswer);
  };
  useFocusOnFirst(prompt.id);
  return (
    <div className="stack">
      <div className="row">
        <Badge tone="idle" icon={FlaskConical} text={common.virtual} title={common.virtualHint} />
        <span className="small quiet">{speech.screen}</span>
      </div>
      <div className="prompt-screen">
        <p className="prompt-text">{prompt.text}</p>
        <TimeLeft prompt={prompt} />
      </div>
      {error !== undefined && <ErrorNotice code={error.code} message={error.message} phone={name} />}
      <PromptForm prompt={prompt} onAnswer={answer} />
      {prompt.kind !== 'display' && <p className="small quiet">{speech.laterHint}</p>}
      {more > 0 && <p className="small">{speech.more(more)}</p>}
    </div>
  );
}

/** The next question takes the focus in the open dialog; for the first one the dialog does it. */
function useFocusOnFirst(id: string): void {
  useEffect(() => {
    document.querySelector<HTMLElement>(`[data-prompt="${CSS.escape(id)}"]`)?.focus();
  }, [id]);
}

function TimeLeft({ prompt: { until, kind } }: { readonly prompt: Prompt }) {
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

import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import './prompts.css';
import { Button, Modal } from '@mantine/core';
import { FlaskConical } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand';
import type { Prompt } from '../../../src-main/contract/prompts.ts';
import { durationText } from '../../../src-main/wording/numbers.ts';
import { Badge } from '../../components/badge.tsx';
import { deviceName } from '../../components/device-name.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { secondsBetween, useNow } from '../../components/use-now.ts';
import { useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { setAside, setPromptAside } from './set-aside.ts';

/** The screen of a virtual handset whose owner is asked. Closed without an answer, its card brings it back. */
export function PromptDialog() {
  const aside = useStore(setAside);
  const prompt = useHost(({ prompts }) => prompts.find(({ id }) => !aside.has(id)), undefined);
  const waiting = useHost(({ prompts }) => prompts.filter(({ id }) => !aside.has(id)).length, 0);
  const { words, common } = useSpeech();
  const device = prompt?.device;
  const handset = useHost(({ handsets }) => handsets.find((each) => each.device === device), undefined);
  const name = handset === undefined ? (device ?? '') : deviceName(handset);
  // The dialog stays in the tree while there is nothing to ask, so that it can give the focus back.
  return (
    <Modal
      opened={prompt !== undefined}
      onClose={() => prompt !== undefined && setPromptAside(prompt.id)}
      title={words.screens.handsets.prompt.title(name)}
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

function Question({ prompt: { id, text, until }, more, name }: QuestionProps) {
  const { words, common } = useSpeech();
  const speech = words.screens.handsets.prompt;
  const { run, error, running } = useAction('prompts.answer');
  const answer = (said: 'accept' | 'reject' | 'cancel') => {
    if (!running) void run({ prompt: id, answer: said });
  };
  useFocusOnFirst(id);
  return (
    <div className="stack">
      <div className="row">
        <Badge tone="idle" icon={FlaskConical} text={common.virtual} title={common.virtualHint} />
        <span className="small quiet">{speech.screen}</span>
      </div>
      <div className="prompt-screen">
        <p className="prompt-text">{text}</p>
        <TimeLeft until={until} />
      </div>
      {error !== undefined && <ErrorNotice code={error.code} message={error.message} phone={name} />}
      <div className="prompt-answers">
        <Button onClick={() => answer('accept')} data-autofocus data-prompt={id}>
          {speech.accept}
        </Button>
        <Button variant="default" onClick={() => answer('reject')}>
          {speech.reject}
        </Button>
        <Button variant="subtle" onClick={() => answer('cancel')}>
          {speech.later}
        </Button>
      </div>
      <p className="small quiet">{speech.laterHint}</p>
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

function TimeLeft({ until }: { readonly until: string | undefined }) {
  const { words, language } = useSpeech();
  const speech = words.screens.handsets.prompt;
  const now = useNow(until !== undefined);
  if (until === undefined) return <p className="small quiet">{speech.waits}</p>;
  const left = secondsBetween(now, Date.parse(until));
  const minutes = Math.floor(left / 60);
  const text = minutes > 0 ? durationText(left, language) : `${left} s`;
  return <p className="small quiet number">{left === 0 ? speech.over : speech.until(text)}</p>;
}

import { useSpeech } from '../language/language-context.tsx';
import type { ProgressWord } from '../state/progress-word.ts';
import { DoneIcon, FailedIcon, WaitingIcon, WorkingIcon } from './icons.tsx';

/** A state as sign and word; the colour only adds to it. */
export function StatusPill({ word }: { readonly word: ProgressWord }) {
  const { words } = useSpeech();
  return (
    <span className="pill" data-state={word}>
      <StateIcon word={word} />
      {words.states[word]}
    </span>
  );
}

export function StateIcon({ word }: { readonly word: ProgressWord }) {
  if (word === 'done') return <DoneIcon />;
  if (word === 'failed') return <FailedIcon />;
  return word === 'working' ? <WorkingIcon /> : <WaitingIcon />;
}

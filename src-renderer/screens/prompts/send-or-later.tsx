import { Button } from '@mantine/core';
import type { Said } from '../../../src-main/contract/prompt-answer.ts';
import { useSpeech } from '../../language/language-context.tsx';

/** Ends a form of a question: Enter sends it too. */
export function SendOrLater({ onAnswer }: { readonly onAnswer: (said: Said) => void }) {
  const speech = useSpeech().words.screens.prompts;
  return (
    <div className="prompt-answers">
      <Button type="submit">{speech.send}</Button>
      <Button variant="subtle" onClick={() => onAnswer({ answer: 'cancel' })}>
        {speech.later}
      </Button>
    </div>
  );
}

import { useState } from 'react';
import { useSpeech } from '../language/language-context.tsx';

interface CopyButtonProps {
  readonly text: () => string;
  readonly label?: string;
}

export function CopyButton({ text, label }: CopyButtonProps) {
  const { words } = useSpeech();
  const [state, setState] = useState<'copy' | 'copied' | 'copyFailed'>('copy');
  const copy = () => {
    navigator.clipboard.writeText(text()).then(
      () => setState('copied'),
      () => setState('copyFailed'),
    );
  };
  return (
    <button type="button" className="button" onClick={copy} onBlur={() => setState('copy')}>
      <span aria-live="polite">{state === 'copy' ? (label ?? words.detail.copy) : words.detail[state]}</span>
    </button>
  );
}

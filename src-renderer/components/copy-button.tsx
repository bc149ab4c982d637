import { Button, type ButtonProps } from '@mantine/core';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import { useSpeech } from '../language/language-context.tsx';

interface CopyButtonProps extends Omit<ButtonProps, 'children'> {
  readonly text: () => string;
  readonly label?: string;
}

/** Copies a text and says whether it could. */
export function CopyButton({ text, label, ...look }: CopyButtonProps) {
  const { common } = useSpeech();
  const [state, setState] = useState<'copy' | 'copied' | 'copyFailed'>('copy');
  const copy = () => {
    navigator.clipboard.writeText(text()).then(
      () => setState('copied'),
      () => setState('copyFailed'),
    );
  };
  return (
    <Button
      variant="default"
      size="compact-sm"
      leftSection={<Copy size="1em" aria-hidden="true" />}
      onClick={copy}
      onBlur={() => setState('copy')}
      {...look}
    >
      <span aria-live="polite">{state === 'copy' ? (label ?? common.copy) : common[state]}</span>
    </Button>
  );
}

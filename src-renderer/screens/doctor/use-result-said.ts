import { useEffect, useRef } from 'react';
import { countText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import type { Examined } from './finding-groups.ts';

/**
 * Says what a look came to: when somebody asked for it, and when it is another than before.
 * @returns to be called when somebody asks
 */
export function useResultSaid(look: unknown, result: Examined | undefined): () => void {
  const { words, language } = useSpeech();
  const announce = useAnnounce();
  const before = useRef('');
  const { trouble = 0 } = result ?? {};
  const { say } = words.screens.doctor;
  // biome-ignore lint/correctness/useExhaustiveDependencies: said once for each look
  useEffect(() => {
    if (look === undefined) return;
    const text = trouble === 0 ? say.well : say.trouble(trouble, countText(trouble, language));
    if (text !== before.current) announce(text);
    before.current = text;
  }, [look]);
  return () => {
    before.current = '';
  };
}

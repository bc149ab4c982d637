import { useEffect, useRef } from 'react';
import type { LiveSession } from '../../../src-main/contract/sessions.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { useSpeech } from '../../language/language-context.tsx';

/** Once for each phase; what was so before the card came is not news. */
export function usePhaseSaid(name: string, session: LiveSession | undefined): void {
  const { words, common } = useSpeech();
  const announce = useAnnounce();
  const first = useRef(true);
  const phase = session?.phase;
  const unplug = session?.unplug;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another name or language is no other phase
  useEffect(() => {
    if (first.current) {
      first.current = false;
      return;
    }
    if (phase === undefined || unplug === undefined || phase === 'over') return;
    announce(words.screens.handsets.say.phase(name, common.phases[phase], common.unplug[unplug]));
  }, [phase, unplug, session?.key]);
}

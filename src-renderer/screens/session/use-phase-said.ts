import { useEffect, useRef } from 'react';
import { useAnnounce } from '../../components/announcer.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { type AnySession, isLive, isUnderWay } from './session-log.ts';
import { sessionStateWord } from './session-state.ts';

/** Says each phase once to who listens, and the end; not what was there when the screen came. */
export function usePhaseSaid(session: AnySession | undefined): void {
  const announce = useAnnounce();
  const { words, common } = useSpeech();
  const before = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (session === undefined) return;
    const { say } = words.screens.session;
    const state = common.states[sessionStateWord(session)];
    const sentence =
      isUnderWay(session) && isLive(session)
        ? say.phase(common.phases[session.phase], common.unplug[session.unplug])
        : say.over(state);
    if (before.current !== undefined && before.current !== sentence) announce(sentence);
    before.current = sentence;
  }, [session, announce, words, common]);
}

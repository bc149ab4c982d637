import { useEffect, useRef } from 'react';
import { useAnnounce } from '../../components/announcer.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { arrivals, type Standings, standingsOf } from './arrivals.ts';

/** Says what comes, goes or cannot be used, once each; what was so before the screen came is no news. Shows nothing. */
export function ArrivalsSaid() {
  const { words, language } = useSpeech();
  const announce = useAnnounce();
  // As a text, since a selector gives back no new object.
  const text = useHost((state) => JSON.stringify([...standingsOf(state, words.screens)]), '');
  const before = useRef<Standings | undefined>(undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another language is no change
  useEffect(() => {
    if (text === '') return;
    const now: Standings = new Map(JSON.parse(text));
    const old = before.current;
    before.current = now;
    if (old === undefined) return;
    for (const sentence of arrivals(old, now, words.screens.links, language)) announce(sentence);
  }, [text]);
  return null;
}

import { useEffect, useRef, useState } from 'react';
import type { LiveOverview } from '../../src-main/contract/live-overview.ts';
import { type Catalogue, catalogue } from '../../src-main/wording/catalogue.ts';
import type { Language } from '../../src-main/wording/language.ts';
import { useSpeech } from '../language/language-context.tsx';
import type { Connection } from '../state/live-store.ts';

interface AnnouncerProps {
  readonly overview: LiveOverview;
  readonly connection: Connection;
}

/** Speaks once per step, at the result, and when the connection goes or comes back; nothing else interrupts. */
export function Announcer({ overview, connection }: AnnouncerProps) {
  const { words, language } = useSpeech();
  const [text, setText] = useState('');
  const wasLost = useRef(false);
  const phase = phaseText(overview, words, language);

  useEffect(() => setText(phase), [phase]);
  useEffect(() => {
    if (connection.kind === 'lost') {
      wasLost.current = true;
      setText(words.say.lost);
    } else if (connection.kind === 'live' && wasLost.current) {
      wasLost.current = false;
      setText(words.say.back);
    }
  }, [connection.kind, words]);

  return (
    <p className="unseen" role="status">
      {text}
    </p>
  );
}

function phaseText(overview: LiveOverview, words: Catalogue['screen'], language: Language): string {
  if (overview.result !== undefined) return overview.result.ok ? words.say.ok : words.say.failed;
  const step = overview.steps.at(-1);
  return step === undefined ? '' : words.say.step(catalogue(language).steps[step.kind]);
}

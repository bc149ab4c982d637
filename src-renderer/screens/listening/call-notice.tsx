import './listening.css';
import { useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import type { CallerView } from '../../../src-main/contract/listening.ts';
import { countText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { CallerQuestion, useCallTime } from './caller-question.tsx';
import { claimedName } from './caller-words.ts';

const NONE: readonly CallerView[] = [];

/** Somebody calls whom nobody has let in: seen on every place, since it does not wait long, and said once. */
export function CallNotice() {
  const { words, language } = useSpeech();
  const { callers: text } = words.screens.listening;
  const [place] = useLocation();
  const asking = useHost((state) => state.callers, NONE).filter(({ state }) => state === 'asking');
  const [first] = asking;
  useCallsSaid(asking);
  if (first === undefined || place === '/listening') return null;
  const more = asking.length - 1;
  return (
    <div className="shell-notices">
      <CallerQuestion key={first.id} caller={first} />
      {more > 0 && (
        <p className="small">
          {text.more(more, countText(more, language))} <Link href="/listening">{text.all}</Link>
        </p>
      )}
    </div>
  );
}

function useCallsSaid(asking: readonly CallerView[]): void {
  const { callers: text, say } = useSpeech().words.screens.listening;
  const announce = useAnnounce();
  const said = useRef(new Set<string>());
  const last = asking.at(-1);
  const time = useCallTime(last?.until) ?? '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: said once for each call
  useEffect(() => {
    if (last === undefined || said.current.has(last.id)) return;
    said.current.add(last.id);
    announce(say.calls(text.calls(claimedName(last, text.unnamed), text.over[last.kind]), time));
  }, [last?.id]);
}

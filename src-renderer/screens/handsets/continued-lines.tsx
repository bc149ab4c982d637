import { RotateCw } from 'lucide-react';
import { type RefObject, useEffect } from 'react';
import type { Continuation } from '../../../src-main/contract/continuation.ts';
import { countText, timeText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { continuedText } from './continued-text.ts';

export interface ContinuedLinesProps {
  readonly continuations: readonly Continuation[];
  /** Name of the handset, where it is to be said when there is one more. */
  readonly name?: string | undefined;
  /** How many are no news any more. */
  readonly said?: RefObject<number> | undefined;
  /** All of them with their times; else the last one. */
  readonly all?: boolean;
}

/** How work went on after its link was lost. */
export function ContinuedLines({ continuations, name, said, all = false }: ContinuedLinesProps) {
  const { words, language } = useSpeech();
  const { continued } = words.screens.links;
  const announce = useAnnounce();
  const last = continuations.at(-1);
  const count = continuations.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: said once for each
  useEffect(() => {
    if (said === undefined || name === undefined || last === undefined) return;
    if (count > said.current) announce(`${name}: ${continuedText(last, continued, language)}.`);
    said.current = count;
  }, [last?.at, count]);
  if (last === undefined) return null;
  const shown = all ? continuations : [last];
  return (
    <div className="continued">
      <RotateCw aria-hidden="true" />
      <ul aria-label={continued.title}>
        {shown.map((each) => (
          <li key={`${each.at} ${each.over}`}>
            {continuedText(each, continued, language)}{' '}
            <time className="small quiet number" dateTime={each.at}>
              {timeText(each.at, language)}
            </time>
          </li>
        ))}
        {!all && count > 1 && <li className="small quiet">{continued.more(countText(count, language))}</li>}
      </ul>
    </div>
  );
}

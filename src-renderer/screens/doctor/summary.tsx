import { CircleCheck, TriangleAlert, Unplug } from 'lucide-react';
import { countText } from '../../../src-main/wording/numbers.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Notice } from '../../components/notice.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import type { Examined } from './finding-groups.ts';

interface SummaryProps {
  readonly result: Examined;
  /** What somebody came for is not found any more. */
  readonly missing: boolean;
}

/** What it all came to, in a sentence. */
export function Summary({ result: { trouble, things, noCables }, missing }: SummaryProps) {
  const { words, language } = useSpeech();
  const speech = words.screens.doctor;
  const gone = missing && <Notice tone="idle" level={2} title={speech.gone} />;
  if (noCables && trouble === 0) {
    const { title, text, mend } = speech.noCables;
    return (
      <>
        {gone}
        <EmptyState icon={Unplug} title={title} text={text}>
          <p>{mend}</p>
        </EmptyState>
      </>
    );
  }
  const well = trouble === 0;
  const Icon = well ? CircleCheck : TriangleAlert;
  return (
    <>
      {gone}
      <div className="doctor-summary" data-tone={well ? 'done' : 'needs-you'}>
        <Icon aria-hidden="true" />
        <p>
          <strong>{well ? speech.well : speech.trouble(trouble, countText(trouble, language))}</strong>
          {well && <span className="quiet">{things === 0 ? speech.wellNothing : speech.wellHint}</span>}
        </p>
      </div>
    </>
  );
}

import { Button } from '@mantine/core';
import type { RefObject } from 'react';
import type { RemedyOutcome } from '../../../src-main/contract/doctor.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Notice } from '../../components/notice.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { CodeBlock } from './code-block.tsx';
import { outcomeKind } from './outcome-kind.ts';
import type { Treatment } from './remedy-section.tsx';
import { remedyByHand } from './remedy-words.ts';

interface OutcomeNoticeProps {
  readonly outcome: RemedyOutcome;
  readonly treatment: Treatment;
  readonly onDismiss: () => void;
  readonly box: RefObject<HTMLDivElement | null>;
}

const FAILURES = {
  declined: 'doctor/declined',
  'no-agent': 'doctor/no-agent',
  failed: 'doctor/failed',
  still: 'doctor/still-trouble',
} as const;

/** What came of a remedy, after the devices were tried again. */
export function OutcomeNotice({ outcome, treatment, onDismiss, box }: OutcomeNoticeProps) {
  const { words, language } = useSpeech();
  const { outcome: speech, remedy } = words.screens.doctor;
  const kind = outcomeKind(outcome, treatment);
  const dismiss = (
    <Button variant="default" size="compact-sm" onClick={onDismiss}>
      {speech.dismiss}
    </Button>
  );
  if (kind === 'applied' || kind === 'later' || kind === 'undone') {
    return (
      // biome-ignore lint/a11y/useSemanticElements: no fieldset, but a message that takes the focus when it comes
      <div ref={box} tabIndex={-1} role="group" aria-label={speech[kind]} className="doctor-outcome">
        <Notice tone="done" level={2} title={speech[kind]}>
          <p>{speech[`${kind}Text`]}</p>
          <div className="row">{dismiss}</div>
        </Notice>
      </div>
    );
  }
  const code = FAILURES[kind];
  return (
    // biome-ignore lint/a11y/useSemanticElements: no fieldset, but a message that takes the focus when it comes
    <div ref={box} tabIndex={-1} role="group" aria-label={errorText(code, language).what} className="doctor-outcome">
      <ErrorNotice
        code={code}
        tone={kind === 'failed' ? 'failed' : 'needs-you'}
        message={outcome.said === undefined ? undefined : speech.said(outcome.said)}
        level={2}
      >
        {dismiss}
      </ErrorNotice>
      {(kind === 'no-agent' || kind === 'failed') && treatment.how === 'apply' && (
        <div className="panel">
          <CodeBlock label={remedy.byHand} text={remedyByHand(treatment.remedy)} copy={remedy.copyCommands} />
        </div>
      )}
    </div>
  );
}

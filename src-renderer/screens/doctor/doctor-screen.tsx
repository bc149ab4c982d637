import './doctor.css';
import { Button } from '@mantine/core';
import { RefreshCw } from 'lucide-react';
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';
import type { Finding, RemedyOutcome } from '../../../src-main/contract/doctor.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { WorkButton } from '../../components/work-button.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useRequest } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { useKeepFocus } from '../handsets/use-keep-focus.ts';
import { attachedText } from './attached-text.ts';
import { FindingGroupSection } from './finding-group.tsx';
import { examined, wantedFinding } from './finding-groups.ts';
import { OutcomeNotice } from './outcome-notice.tsx';
import { RemedyDialog } from './remedy-dialog.tsx';
import type { Treatment } from './remedy-section.tsx';
import { Summary } from './summary.tsx';
import { useFocusOn } from './use-focus-on.ts';
import { useResultSaid } from './use-result-said.ts';

interface Treated {
  readonly treatment: Treatment;
  readonly outcome: RemedyOutcome;
}

/**
 * What keeps phones on a cable from being used, and what mends it.
 * @param target id of a finding, or address of a way, that somebody came for
 */
export function DoctorScreen({ target }: { readonly target: string | undefined }) {
  const { words, common } = useSpeech();
  const speech = words.screens.doctor;
  const region = useRef<HTMLDivElement>(null);
  const outcomeBox = useRef<HTMLDivElement>(null);
  const restoreFocus = useKeepFocus(region);
  const [treatment, setTreatment] = useState<Treatment | undefined>();
  const [treated, setTreated] = useState<Treated | undefined>();
  const { look, findings, keep } = useFindings();
  useFocusAfter(treatment !== undefined, treated === undefined ? undefined : outcomeBox, restoreFocus);
  const wanted = findings === undefined ? undefined : wantedFinding(findings, target);
  const result = findings === undefined ? undefined : examined(findings, wanted);
  const wantedCard = useFocusOn(target, wanted !== undefined);
  const sayAgain = useResultSaid(look.data, result);
  const looking = look.kind === 'loading';
  const lookAgain = () => {
    setTreated(undefined);
    sayAgain();
    look.reload();
  };
  const settle = (outcome: RemedyOutcome) => {
    if (treatment === undefined) return;
    keep(outcome.findings);
    setTreated({ treatment, outcome });
    setTreatment(undefined);
  };
  return (
    <div ref={region} className="doctor stack" tabIndex={-1}>
      <PageHeader title={common.places.doctor} hint={speech.hint}>
        <WorkButton
          variant="default"
          working={looking}
          onWork={lookAgain}
          leftSection={<RefreshCw size="1.1em" aria-hidden="true" />}
        >
          {speech.again}
        </WorkButton>
      </PageHeader>
      {treated !== undefined && <OutcomeNotice {...treated} box={outcomeBox} onDismiss={() => setTreated(undefined)} />}
      {look.kind === 'failed' && (
        <ErrorNotice code={look.error.code} message={look.error.message} level={2}>
          <Button size="compact-sm" onClick={lookAgain}>
            {common.retry}
          </Button>
        </ErrorNotice>
      )}
      {result === undefined && looking && (
        <>
          <p className="quiet">{speech.looking}</p>
          <Loading />
        </>
      )}
      {result !== undefined && (
        <>
          <Summary result={result} missing={target !== undefined && wanted === undefined && !looking} />
          {result.groups.map((group) => (
            <FindingGroupSection key={group.thing} {...{ group, wanted, wantedCard }} onTreat={setTreatment} />
          ))}
        </>
      )}
      {treatment !== undefined && (
        <RemedyDialog treatment={treatment} onClose={() => setTreatment(undefined)} onOutcome={settle} />
      )}
    </div>
  );
}

/** When the dialog has gone: to what came of it, else back to where it was. */
function useFocusAfter(open: boolean, outcome: RefObject<HTMLElement | null> | undefined, restore: () => void): void {
  const was = useRef(open);
  useLayoutEffect(() => {
    const closed = was.current && !open;
    was.current = open;
    if (!closed) return;
    outcome?.current?.focus();
    const frame = requestAnimationFrame(restore);
    return () => cancelAnimationFrame(frame);
  }, [open, outcome, restore]);
}

/** What is found now: by a look of its own, whenever something is plugged in or out, or after a remedy. */
function useFindings() {
  const attached = useHost(attachedText, '');
  const look = useRequest('doctor.look', {}, attached);
  const [kept, setKept] = useState<{ readonly on: unknown; readonly findings: readonly Finding[] } | undefined>();
  // A look that came after it counts more.
  const findings = kept !== undefined && kept.on === look.data ? kept.findings : look.data?.findings;
  return { look, findings, keep: (newer: readonly Finding[]) => setKept({ on: look.data, findings: newer }) };
}

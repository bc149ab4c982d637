import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import '../handsets/dialogs.css';
import { Button, Modal } from '@mantine/core';
import { KeyRound } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { RemedyOutcome } from '../../../src-main/contract/doctor.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { TransferBar } from '../../components/transfer-bar.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { CodeBlock } from './code-block.tsx';
import type { Treatment } from './remedy-section.tsx';
import { remedyName, remedySentence } from './remedy-words.ts';

interface RemedyDialogProps {
  readonly treatment: Treatment;
  readonly onClose: () => void;
  readonly onOutcome: (outcome: RemedyOutcome) => void;
}

/** Consent: exactly what is written where and run, and that an administrator's password is asked for. */
export function RemedyDialog({ treatment, onClose, onOutcome }: RemedyDialogProps) {
  const { words, common } = useSpeech();
  const { consent, remedy: speech } = words.screens.doctor;
  const { how, remedy, finding } = treatment;
  const apply = useAction('doctor.apply');
  const undo = useAction('doctor.undo');
  const { running, error } = how === 'apply' ? apply : undo;
  const stop = useRef<AbortController | undefined>(undefined);
  // Nobody waits for it any more.
  useEffect(() => () => stop.current?.abort(), []);
  const agree = async () => {
    if (running) return;
    stop.current = new AbortController();
    const { signal } = stop.current;
    const { id, digest } = remedy;
    const outcome =
      how === 'apply'
        ? await apply.run({ remedy: id, digest }, { signal })
        : await undo.run({ remedy: id }, { signal });
    if (outcome !== undefined) onOutcome(outcome);
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={consent[how](remedyName(remedy, speech))}
      size="44rem"
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <div className="stack dialog-body">
        <p>{how === 'apply' ? remedySentence(remedy, speech) : consent.undoHint}</p>
        {remedy.needsAdministrator && (
          <p className="doctor-password">
            <KeyRound aria-hidden="true" />
            {speech.administrator}
          </p>
        )}
        {running && (
          <div className="stack" role="status">
            <p>{consent.working}</p>
            <TransferBar label={consent.working} />
          </div>
        )}
        {error !== undefined && <ErrorNotice code={error.code} message={error.message} />}
        <WhatIsDone treatment={treatment} />
        {how === 'apply' && !running && (
          <p className="small quiet">{finding.name === undefined ? consent.afterwardsComputer : consent.afterwards}</p>
        )}
        <div className="dialog-actions">
          <Button variant="default" onClick={onClose} data-autofocus>
            {running ? consent.stop : common.cancel}
          </Button>
          <Button aria-disabled={running} onClick={() => void agree()}>
            {how === 'apply' ? consent.applyNow : consent.undoNow}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function WhatIsDone({ treatment: { how, remedy } }: Pick<RemedyDialogProps, 'treatment'>) {
  const { consent, remedy: speech } = useSpeech().words.screens.doctor;
  const { path, content, commands } = remedy;
  if (how === 'undo') {
    if (path === undefined) return null;
    return (
      <p>
        <code className="code" dir="ltr">
          {path}
        </code>
      </p>
    );
  }
  return (
    <>
      <p className="quiet">{consent.applyHint}</p>
      {path !== undefined && content !== undefined && (
        <CodeBlock label={`${speech.writes} ${path}`} text={content} copy={speech.copyContent} />
      )}
      {commands.length > 0 && <CodeBlock label={speech.runs} text={commands.join('\n')} copy={speech.copyCommands} />}
    </>
  );
}

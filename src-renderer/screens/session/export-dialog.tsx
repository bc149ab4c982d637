import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/Modal.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/Paper.css';
import { Button, Modal } from '@mantine/core';
import { useId, useState } from 'react';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { saveText } from '../../components/save-text.ts';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import type { AnySession } from './session-log.ts';

const TYPES = { json: 'application/json', csv: 'text/csv' } as const;
type Format = keyof typeof TYPES;

interface ExportDialogProps {
  readonly session: AnySession;
  readonly onClose: () => void;
}

/** The session as a file: secrets masked always, real equipment numbers unless a person says otherwise. */
export function ExportDialog({ session, onClose }: ExportDialogProps) {
  const { words, common } = useSpeech();
  const text = words.screens.session.export;
  const { running, error, run } = useAction('sessions.export');
  const [unmask, setUnmask] = useState(false);
  const hint = useId();
  const save = async (format: Format) => {
    const pieces: string[] = [];
    const params = { format, session: session.key, ...(unmask ? { unmask } : {}) };
    const done = await run(params, { onPart: (part) => pieces.push(part.text) });
    if (done === undefined) return;
    saveText(`pc-agent-session-${session.key}.${format}`, TYPES[format], pieces);
    onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={text.title}
      closeButtonProps={{ 'aria-label': common.close }}
      classNames={{ title: 'dialog-title' }}
    >
      <div className="stack">
        <p>{text.text}</p>
        {!session.virtual && (
          <div className="export-choice">
            <label>
              <input
                type="checkbox"
                checked={unmask}
                aria-describedby={hint}
                onChange={(event) => setUnmask(event.target.checked)}
              />
              {text.unmask}
            </label>
            <p className="small quiet" id={hint}>
              {text.unmaskHint}
            </p>
          </div>
        )}
        {error !== undefined && <ErrorNotice code={error.code} message={error.message} />}
        <div className="row">
          <Button variant="filled" data-autofocus disabled={running} onClick={() => void save('json')}>
            {text.json}
          </Button>
          <Button variant="default" disabled={running} onClick={() => void save('csv')}>
            {text.csv}
          </Button>
          {running && (
            <span className="small quiet" role="status">
              {text.saving}
            </span>
          )}
        </div>
      </div>
    </Modal>
  );
}

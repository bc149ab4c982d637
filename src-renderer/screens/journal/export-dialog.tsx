import { Button, Modal } from '@mantine/core';
import { type SubmitEvent, useEffect, useRef, useState } from 'react';
import { useAnnounce } from '../../components/announcer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { saveText } from '../../components/save-text.ts';
import { TransferBar } from '../../components/transfer-bar.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { exportFileName } from './export-file-name.ts';

const TYPES = { csv: 'text/csv;charset=utf-8', json: 'application/json' } as const;

interface ExportDialogProps {
  readonly what: 'sessions' | 'jobs';
  /** What is looked for and for which phone. */
  readonly params: { readonly search?: string; readonly device?: string };
  readonly onClose: () => void;
}

/** Asks for the format and whether numbers are whole, and saves the file. */
export function ExportDialog({ what, params, onClose }: ExportDialogProps) {
  const { words, common } = useSpeech();
  const text = words.screens.journal.export;
  const announce = useAnnounce();
  const [format, setFormat] = useState<'csv' | 'json'>('csv');
  const [unmask, setUnmask] = useState(false);
  const { running, error, run } = useAction(`${what}.export`);
  const stopping = useRef(new AbortController());
  useEffect(() => () => stopping.current.abort(), []);
  const save = async () => {
    stopping.current = new AbortController();
    const parts: string[] = [];
    const result = await run(
      { ...params, format, ...(unmask ? { unmask } : {}) },
      { signal: stopping.current.signal, onPart: (part) => parts.push(part.text) },
    );
    if (result === undefined) return;
    const file = exportFileName(what, format, new Date());
    saveText(file, TYPES[format], parts);
    announce(text.saved(file));
    onClose();
  };
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    void save();
  };
  return (
    <Modal opened onClose={onClose} title={text.title[what]} closeButtonProps={{ 'aria-label': common.close }}>
      <form className="stack" onSubmit={submit}>
        <p className="quiet">{text.scope}</p>
        <fieldset className="journal-choice">
          <legend>{text.format}</legend>
          {(['csv', 'json'] as const).map((each) => (
            <label key={each}>
              <input
                type="radio"
                name="journal-format"
                checked={format === each}
                data-autofocus={each === 'csv' ? true : undefined}
                onChange={() => setFormat(each)}
              />
              {text[each]}
            </label>
          ))}
        </fieldset>
        <div className="journal-choice">
          <label>
            <input
              type="checkbox"
              checked={unmask}
              aria-describedby="journal-unmask-hint"
              onChange={({ currentTarget }) => setUnmask(currentTarget.checked)}
            />
            {text.unmask}
          </label>
          <p className="quiet small" id="journal-unmask-hint">
            {text.unmaskHint}
          </p>
        </div>
        {running && <TransferBar label={text.running} />}
        {error !== undefined && <ErrorNotice code={error.code} message={error.message} />}
        <div className="row journal-dialog-end">
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={running}>
            {text.confirm}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

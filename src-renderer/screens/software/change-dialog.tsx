import { Button, Modal } from '@mantine/core';
import { useId, useState } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import { deviceName } from '../../components/device-name.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { useLaunch } from '../handsets/use-launch.ts';
import { componentName, lastReading } from './reading.ts';

/** Longest note that the host keeps. */
const MAX_NOTE = 2000;

interface ChangeDialogProps {
  readonly handset: KnownHandset;
  readonly work: 'remove' | 'archive';
  readonly component: string;
  readonly onClose: () => void;
}

/** What taking a component off means, and the consent to it; the page then shows how it goes. */
export function ChangeDialog({ handset, work, component, onClose }: ChangeDialogProps) {
  const { words, common } = useSpeech();
  const speech = words.screens.software;
  const text = speech[work];
  const note = useId();
  const [remembered, setRemembered] = useState('');
  const { device } = handset;
  const name = deviceName(handset);
  const reading = useHost(({ tasks }) => lastReading(tasks, handset), undefined);
  const what = componentName(reading?.end?.result?.components ?? [], component);
  const remove = useLaunch('remove', handset, onClose);
  const archive = useLaunch('archive', handset, onClose);
  const { launching, error } = work === 'remove' ? remove : archive;
  const params = { handset: device, device, component };
  const start = () => {
    if (work === 'remove') remove.launch(params);
    else archive.launch({ ...params, ...(remembered.trim() === '' ? {} : { note: remembered.trim() }) });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={text.title(what, name)}
      size="42rem"
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <div className="stack dialog-body">
        <dl className="facts">
          <dt>{speech.change.what}</dt>
          <dd>{text.what(what)}</dd>
          <dt>{speech.change.cable}</dt>
          <dd>{speech.change.cableText}</dd>
          <dt>{speech.change.who}</dt>
          <dd>{handset.virtual ? speech.change.whoVirtual : speech.change.whoText}</dd>
        </dl>
        {work === 'archive' && (
          <div className="software-field">
            <label htmlFor={note}>{speech.archive.note}</label>
            <textarea
              id={note}
              className="text-field"
              rows={2}
              maxLength={MAX_NOTE}
              placeholder={speech.archive.noteHint}
              value={remembered}
              onChange={(event) => setRemembered(event.currentTarget.value)}
            />
          </div>
        )}
        {error !== undefined && <ErrorNotice code={error.code} message={error.message} phone={name} />}
        <div className="dialog-actions">
          <Button variant="default" onClick={onClose} data-autofocus>
            {common.cancel}
          </Button>
          <Button color={work === 'remove' ? 'red' : 'agent'} aria-disabled={launching} onClick={start}>
            {text.consent(what)}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

import { Button, Modal } from '@mantine/core';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import { deviceName } from '../../components/device-name.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';

interface ForgetDialogProps {
  readonly handset: KnownHandset;
  readonly onClose: () => void;
}

/** Consent to taking a handset off the list. */
export function ForgetDialog({ handset, onClose }: ForgetDialogProps) {
  const { words, common } = useSpeech();
  const speech = words.screens.handsets.forget;
  const { run, error } = useAction('handsets.forget');
  const name = deviceName(handset);
  const forget = async () => {
    if ((await run({ device: handset.device })) !== undefined) onClose();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={speech.title(name)}
      size="34rem"
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <div className="stack">
        <p>{speech.text}</p>
        {error !== undefined && <ErrorNotice code={error.code} message={error.message} phone={name} />}
        <div className="dialog-actions">
          <Button variant="default" onClick={onClose} data-autofocus>
            {common.cancel}
          </Button>
          <Button color="red" onClick={() => void forget()}>
            {speech.consent(name)}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import { Button, Modal } from '@mantine/core';
import type { AirPhone } from '../../../src-main/contract/air.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { WorkButton } from '../../components/work-button.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { phoneName } from './phone-row.tsx';

interface ForgetPhoneDialogProps {
  /** Absent: closed. */
  readonly phone: AirPhone | undefined;
  readonly onClose: () => void;
}

/** Consent to ending a pairing. */
export function ForgetPhoneDialog({ phone, onClose }: ForgetPhoneDialogProps) {
  const { words, common } = useSpeech();
  const { air } = words.screens;
  const announce = useAnnounce();
  const { run, running, error, clear } = useAction('air.forget');
  const name = phone === undefined ? '' : phoneName(phone);
  const close = () => {
    clear();
    onClose();
  };
  const forget = async () => {
    if (phone === undefined || (await run({ address: phone.address })) === undefined) return;
    announce(air.say.forgotten(name));
    close();
  };
  return (
    <Modal
      opened={phone !== undefined}
      onClose={close}
      title={<span className="air-title">{air.forgetting.title(name)}</span>}
      size="34rem"
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <div className="stack">
        <p>{air.forgetting.text}</p>
        {error !== undefined && <ErrorNotice code={error.code} message={error.message} phone={name} />}
        <div className="row air-dialog-actions">
          <Button variant="default" onClick={close} data-autofocus>
            {common.cancel}
          </Button>
          <WorkButton color="red" working={running} onWork={() => void forget()}>
            {air.forgetting.consent}
          </WorkButton>
        </div>
      </div>
    </Modal>
  );
}

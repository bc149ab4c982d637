import { Button, Modal } from '@mantine/core';
import type { ProfileView } from '../../../src-main/contract/results.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { WorkButton } from '../../components/work-button.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';

interface RemoveDialogProps {
  /** Absent: closed. */
  readonly profile: ProfileView | undefined;
  readonly onClose: () => void;
}

/** Says what goes and what stays before a profile is removed. */
export function RemoveDialog({ profile, onClose }: RemoveDialogProps) {
  const { words, common } = useSpeech();
  const { removal, say } = words.screens.servers;
  const announce = useAnnounce();
  const { run, running, error, clear } = useAction('dms.remove');
  const close = () => {
    clear();
    onClose();
  };
  const remove = async () => {
    if (profile === undefined) return;
    if ((await run({ dms: profile.id })) === undefined) return;
    announce(say.removed(profile.name));
    close();
  };
  return (
    <Modal
      opened={profile !== undefined}
      onClose={close}
      title={removal.title(profile?.name ?? '')}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <div className="stack">
        <p>{removal.text}</p>
        {error !== undefined && <ErrorNotice code={error.code} message={error.message} />}
        <div className="row dialog-actions">
          <Button variant="default" onClick={close} data-autofocus>
            {common.cancel}
          </Button>
          <WorkButton color="red" working={running} onWork={() => void remove()}>
            {removal.confirm}
          </WorkButton>
        </div>
      </div>
    </Modal>
  );
}

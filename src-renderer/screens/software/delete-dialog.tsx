import { Button, Modal } from '@mantine/core';
import { useAnnounce } from '../../components/announcer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { WorkButton } from '../../components/work-button.tsx';
import type { Action } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { keptChanged } from './kept-version.ts';

interface DeleteDialogProps {
  /** Of what is deleted, for people. */
  readonly name: string;
  readonly speech: {
    readonly deleteTitle: (name: string) => string;
    readonly deleteText: string;
    readonly deleteConsent: string;
    readonly deleted: (name: string) => string;
  };
  readonly action: Pick<Action<'archives.remove' | 'snapshots.remove'>, 'running' | 'error'>;
  /** @returns `undefined` when it failed */
  readonly onDelete: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** The consent to throwing away something that this PC keeps of handsets. No handset is touched. */
export function DeleteDialog({ name, speech, action, onDelete, onClose }: DeleteDialogProps) {
  const { common } = useSpeech();
  const announce = useAnnounce();
  const { running, error } = action;
  const remove = async () => {
    if ((await onDelete()) === undefined) return;
    announce(speech.deleted(name));
    keptChanged();
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={speech.deleteTitle(name)} closeButtonProps={{ 'aria-label': common.close }}>
      <div className="stack dialog-body">
        <p>{speech.deleteText}</p>
        {error !== undefined && <ErrorNotice code={error.code} message={error.message} />}
        <div className="dialog-actions">
          <Button variant="default" onClick={onClose} data-autofocus>
            {common.cancel}
          </Button>
          <WorkButton color="red" working={running} onWork={() => void remove()}>
            {speech.deleteConsent}
          </WorkButton>
        </div>
      </div>
    </Modal>
  );
}

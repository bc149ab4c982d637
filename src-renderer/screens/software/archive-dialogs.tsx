import { Button, Modal } from '@mantine/core';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { ArchiveView } from '../../../src-main/contract/software-views.ts';
import { deviceName } from '../../components/device-name.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { useLaunch } from '../handsets/use-launch.ts';
import { DeleteDialog } from './delete-dialog.tsx';

interface ArchiveDialogProps {
  readonly handset: KnownHandset;
  readonly archive: ArchiveView;
  readonly onClose: () => void;
}

/** What putting an archived component back means, and the consent to it. */
export function RestoreDialog({ handset, archive, onClose }: ArchiveDialogProps) {
  const { words, common } = useSpeech();
  const { archives: speech, change, active, inactive } = words.screens.software;
  const { device } = handset;
  const name = deviceName(handset);
  const what = `${archive.name ?? archive.component} ${archive.version}`;
  const { launch, launching, error } = useLaunch('restore', handset, onClose);
  const state = archive.state === 'inactive' ? inactive : active;
  return (
    <Modal
      opened
      onClose={onClose}
      title={speech.restoreTitle(what, name)}
      size="42rem"
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <div className="stack dialog-body">
        <dl className="facts">
          <dt>{change.what}</dt>
          <dd>{speech.restoreText(archive.package.id, archive.package.version, state)}</dd>
          <dt>{change.cable}</dt>
          <dd>{change.cableText}</dd>
          <dt>{change.who}</dt>
          <dd>{handset.virtual ? change.whoVirtual : change.whoText}</dd>
        </dl>
        {error !== undefined && <ErrorNotice code={error.code} message={error.message} phone={name} />}
        <div className="dialog-actions">
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button
            aria-disabled={launching}
            onClick={() => launch({ handset: device, device, archive: archive.id })}
            data-autofocus
          >
            {speech.restoreConsent(what)}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

/** It cannot be put back afterwards. */
export function DeleteArchiveDialog({ archive, onClose }: ArchiveDialogProps) {
  const { words } = useSpeech();
  const action = useAction('archives.remove');
  return (
    <DeleteDialog
      name={archive.name ?? archive.component}
      speech={words.screens.software.archives}
      action={action}
      onDelete={() => action.run({ archive: archive.id })}
      onClose={onClose}
    />
  );
}

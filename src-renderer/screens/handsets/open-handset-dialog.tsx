import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import './dialogs.css';
import { assertNever } from '../../../src-main/base/errors.ts';
import { useHost } from '../../host/host-context.tsx';
import { InstallDialog } from '../install/install-dialog.tsx';
import { DeleteArchiveDialog, RestoreDialog } from '../software/archive-dialogs.tsx';
import { ChangeDialog } from '../software/change-dialog.tsx';
import { FirmwareDialog } from '../software/firmware-dialog.tsx';
import { DeleteSnapshotDialog, SnapshotDialog } from '../software/snapshot-dialogs.tsx';
import type { HandsetDialog } from './dialogs.ts';
import { ForgetDialog } from './forget-dialog.tsx';
import { JoinDialog } from './join-dialog.tsx';

interface OpenHandsetDialogProps {
  readonly dialog: HandsetDialog;
  readonly onClose: () => void;
}

/** The dialog that was asked for; there is none for a handset that was forgotten meanwhile. */
export function OpenHandsetDialog({ dialog, onClose }: OpenHandsetDialogProps) {
  const handset = useHost(({ handsets }) => handsets.find(({ device }) => device === dialog.device), undefined);
  if (handset === undefined) return null;
  const over = { handset, onClose };
  switch (dialog.kind) {
    case 'install':
    case 'update':
      return <InstallDialog {...over} work={dialog.kind} packages={dialog.packages} />;
    case 'remove':
    case 'archive':
      return <ChangeDialog {...over} work={dialog.kind} component={dialog.component} />;
    case 'firmware':
      return <FirmwareDialog {...over} />;
    case 'restore':
      return <RestoreDialog {...over} archive={dialog.archive} />;
    case 'delete-archive':
      return <DeleteArchiveDialog {...over} archive={dialog.archive} />;
    case 'compare':
    case 'put-back':
      return <SnapshotDialog {...over} first={dialog.kind} snapshot={dialog.snapshot} />;
    case 'delete-snapshot':
      return <DeleteSnapshotDialog {...over} snapshot={dialog.snapshot} />;
    case 'forget':
      return <ForgetDialog {...over} />;
    case 'join':
      return <JoinDialog {...over} other={dialog.other} />;
    default:
      return assertNever(dialog);
  }
}

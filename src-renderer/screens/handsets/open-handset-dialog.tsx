import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import './dialogs.css';
import { assertNever } from '../../../src-main/base/errors.ts';
import { useHost } from '../../host/host-context.tsx';
import { InstallDialog } from '../install/install-dialog.tsx';
import type { HandsetDialog } from './dialogs.ts';
import { ForgetDialog } from './forget-dialog.tsx';
import { InventoryDialog } from './inventory-dialog.tsx';

interface OpenHandsetDialogProps {
  readonly dialog: HandsetDialog;
  readonly onClose: () => void;
}

/** The dialog that was asked for; there is none for a handset that was forgotten meanwhile. */
export function OpenHandsetDialog({ dialog, onClose }: OpenHandsetDialogProps) {
  const handset = useHost(({ handsets }) => handsets.find(({ device }) => device === dialog.device), undefined);
  if (handset === undefined) return null;
  switch (dialog.kind) {
    case 'install':
      return <InstallDialog handset={handset} packages={dialog.packages} onClose={onClose} />;
    case 'inventory':
      return <InventoryDialog handset={handset} remove={dialog.remove} onClose={onClose} />;
    case 'forget':
      return <ForgetDialog handset={handset} onClose={onClose} />;
    default:
      return assertNever(dialog);
  }
}

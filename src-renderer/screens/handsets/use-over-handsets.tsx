import { type ReactNode, Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { laterScreen } from '../../shell/later-screen.ts';
import type { HandsetDialog, OpenDialog } from './dialogs.ts';

const OpenHandsetDialog = laterScreen(async () => (await import('./open-handset-dialog.tsx')).OpenHandsetDialog);

interface OverHandsets {
  readonly open: OpenDialog;
  /** The dialog that is open. */
  readonly over: ReactNode;
}

/**
 * The dialogs of a screen that shows handsets.
 * @param restoreFocus gives the focus back to where it was
 * @param onSoftware the page of a handset's software is wanted
 */
export function useOverHandsets(restoreFocus: () => void, onSoftware: (device: string) => void): OverHandsets {
  const [dialog, setDialog] = useState<HandsetDialog | undefined>();
  const open: OpenDialog = useCallback(
    (wanted) => {
      if (wanted.kind === 'software') onSoftware(wanted.device);
      else setDialog(wanted);
    },
    [onSoftware],
  );
  const close = useCallback(() => setDialog(undefined), []);
  useRestoreAfter(dialog !== undefined, restoreFocus);
  const over = dialog !== undefined && (
    <Suspense>
      <OpenHandsetDialog dialog={dialog} onClose={close} />
    </Suspense>
  );
  return { open, over };
}

/** The card may have changed while the dialog was open, and what opened it may be gone. */
function useRestoreAfter(isOpen: boolean, restore: () => void): void {
  const was = useRef(isOpen);
  useEffect(() => {
    const closed = was.current && !isOpen;
    was.current = isOpen;
    if (!closed) return;
    const frame = requestAnimationFrame(restore);
    return () => cancelAnimationFrame(frame);
  }, [isOpen, restore]);
}

import { Button, Modal } from '@mantine/core';
import type { PackageView } from '../../../src-main/contract/results.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';

interface RemovePackageDialogProps {
  readonly view: PackageView;
  /** It is fetched again afterwards. */
  readonly again: boolean;
  readonly onClose: () => void;
  readonly onRemoved: () => void;
}

export function RemovePackageDialog({ view, again, onClose, onRemoved }: RemovePackageDialogProps) {
  const { words, common } = useSpeech();
  const text = words.screens.packages.remove;
  const announce = useAnnounce();
  const remove = useAction('packages.remove');
  const confirm = async () => {
    const result = await remove.run({ id: view.id });
    if (result === undefined) return;
    announce(text.removed(view.name));
    onRemoved();
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={text.title(`${view.name} ${view.version}`)}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <div className="stack">
        <p>{again ? text.textAgain : text.text}</p>
        {remove.error !== undefined && <ErrorNotice code={remove.error.code} message={remove.error.message} />}
        <div className="row packages-dialog-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            {common.cancel}
          </Button>
          <Button color="red" loading={remove.running} onClick={() => void confirm()}>
            {text.confirm}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

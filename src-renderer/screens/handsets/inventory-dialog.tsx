import { Button, Modal } from '@mantine/core';
import { useState } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { ComponentView } from '../../../src-main/contract/results.ts';
import { countText } from '../../../src-main/wording/numbers.ts';
import { deviceName } from '../../components/device-name.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { TransferBar } from '../../components/transfer-bar.tsx';
import { useRequest } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { RemoveConsent } from './remove-consent.tsx';

interface InventoryDialogProps {
  readonly handset: KnownHandset;
  /** Component whose removal is to be consented to at once. */
  readonly remove: string | undefined;
  readonly onClose: () => void;
}

/** What is on a handset, read anew each time, and taking some of it off. */
export function InventoryDialog({ handset, remove, onClose }: InventoryDialogProps) {
  const { words, common } = useSpeech();
  const speech = words.screens.handsets;
  const [removing, setRemoving] = useState(remove);
  const name = deviceName(handset);
  const title = removing === undefined ? speech.inventory.title(name) : speech.remove.title(removing, name);
  return (
    <Modal opened onClose={onClose} title={title} size="46rem" closeButtonProps={{ 'aria-label': common.close }}>
      {removing === undefined ? (
        <Inventory handset={handset} onRemove={setRemoving} onClose={onClose} />
      ) : (
        <RemoveConsent handset={handset} component={removing} onBack={() => setRemoving(undefined)} onClose={onClose} />
      )}
    </Modal>
  );
}

interface InventoryProps {
  readonly handset: KnownHandset;
  readonly onRemove: (component: string) => void;
  readonly onClose: () => void;
}

function Inventory({ handset, onRemove, onClose }: InventoryProps) {
  const { words, common } = useSpeech();
  const speech = words.screens.handsets.inventory;
  const { device } = handset;
  const answer = useRequest('inventory', { handset: device, device });
  const name = deviceName(handset);
  return (
    <div className="stack dialog-body">
      {answer.kind === 'loading' && (
        <div className="stack" role="status">
          <p>{speech.reading(name)}</p>
          <TransferBar label={speech.reading(name)} />
        </div>
      )}
      {answer.kind === 'failed' && <ErrorNotice code={answer.error.code} message={answer.error.message} phone={name} />}
      {answer.kind === 'ready' && <Components components={answer.data.components ?? []} onRemove={onRemove} />}
      <div className="dialog-actions">
        {answer.kind !== 'loading' && (
          <Button variant="default" onClick={answer.reload}>
            {answer.kind === 'failed' ? words.screens.handsets.actions.retry.inventory : speech.again}
          </Button>
        )}
        <Button variant="default" onClick={onClose} data-autofocus>
          {answer.kind === 'loading' ? common.cancel : common.close}
        </Button>
      </div>
    </div>
  );
}

interface ComponentsProps {
  readonly components: readonly ComponentView[];
  readonly onRemove: (component: string) => void;
}

function Components({ components, onRemove }: ComponentsProps) {
  const { words, language } = useSpeech();
  const speech = words.screens.handsets.inventory;
  if (components.length === 0) return <p>{speech.none}</p>;
  return (
    <table className="dialog-table">
      <caption className="small quiet">
        {speech.caption(components.length, countText(components.length, language))}
      </caption>
      <thead>
        <tr>
          <th scope="col">{speech.component}</th>
          <th scope="col">{speech.version}</th>
          <th scope="col">{speech.state}</th>
          <th scope="col">
            <span className="unseen">{speech.action}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {components.map(({ id, version, state }) => (
          <tr key={id}>
            <th scope="row">{id}</th>
            <td className="number">{version}</td>
            <td>{stateText(state, speech)}</td>
            <td className="dialog-last">
              <Button
                variant="subtle"
                color="red"
                size="compact-sm"
                aria-label={speech.removeThis(id)}
                onClick={() => onRemove(id)}
              >
                {speech.remove}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function stateText(state: string, words: { readonly active: string; readonly inactive: string }): string {
  if (state === 'active') return words.active;
  return state === 'inactive' ? words.inactive : state;
}

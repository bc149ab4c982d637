import { Button } from '@mantine/core';
import { type FormEvent, type RefObject, useId, useState } from 'react';
import { maskEquipmentNumbers } from '../../../src-main/base/equipment-number.ts';
import type { Task } from '../../../src-main/contract/tasks.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { TransferBar } from '../../components/transfer-bar.tsx';
import { useHost, useHostClient } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { isHandsetAddress } from './handset-address.ts';

interface AddByAddressProps {
  readonly onClose: () => void;
  readonly field: RefObject<HTMLInputElement | null>;
}

/** Asks a handset at an address who it is, after which it is one of the list. */
export function AddByAddress({ onClose, field }: AddByAddressProps) {
  const { words, common } = useSpeech();
  const speech = words.screens.handsets.add;
  const announce = useAnnounce();
  const [address, setAddress] = useState('');
  const [wrong, setWrong] = useState(false);
  const { run, running, error, clear } = useAction('inventory');
  const dismissFailure = useDismissFailure(address.trim());
  const [title, hint] = [useId(), useId()];
  const code = wrong ? 'bearer/address-invalid' : error?.code;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const text = address.trim();
    setWrong(!isHandsetAddress(text));
    if (!isHandsetAddress(text)) {
      clear();
      field.current?.focus();
      return;
    }
    const result = await run({ handset: text }, { keep: true });
    if (result === undefined) {
      field.current?.focus();
      return;
    }
    announce(speech.added(result.device ?? text));
    onClose();
  };
  return (
    <form className="panel add-form" aria-labelledby={title} noValidate onSubmit={(event) => void submit(event)}>
      <h2 id={title}>{speech.title}</h2>
      <div className="add-line">
        <label className="add-field">
          <span className="small">{speech.label}</span>
          <input
            ref={field}
            className="text-field"
            value={address}
            aria-describedby={hint}
            aria-invalid={code !== undefined}
            autoComplete="off"
            spellCheck={false}
            readOnly={running}
            // biome-ignore lint/a11y/noAutofocus: a person has just asked to write here
            autoFocus
            onChange={(event) => {
              setAddress(event.currentTarget.value);
              setWrong(false);
              clear();
              dismissFailure();
            }}
          />
        </label>
        <div className="row">
          {!running && <Button type="submit">{speech.submit}</Button>}
          <Button variant="default" onClick={onClose}>
            {running ? common.close : common.cancel}
          </Button>
        </div>
      </div>
      <p id={hint} className="small quiet">
        {speech.hint}
      </p>
      {running && (
        <>
          <p className="small">{speech.working(maskEquipmentNumbers(address.trim()))}</p>
          <TransferBar label={speech.working(maskEquipmentNumbers(address.trim()))} />
        </>
      )}
      {code !== undefined && <ErrorNotice code={code} message={wrong ? undefined : error?.message} />}
    </form>
  );
}

/** What failed here has been read here: it is not told a second time elsewhere. */
function useDismissFailure(address: string): () => void {
  const client = useHostClient();
  const id = useHost(({ tasks }) => tasks.findLast((task) => isFailureAt(task, address))?.id, undefined);
  return () => {
    if (id !== undefined) client.request('tasks.dismiss', { task: id }).catch(() => undefined);
  };
}

function isFailureAt({ name, handset, device, end }: Task, address: string): boolean {
  return name === 'inventory' && handset === address && device === undefined && end?.ok === false;
}

import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/InlineInput.css';
import '@mantine/core/styles/Input.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/Radio.css';
import { Button, Modal } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import type { InterfaceView, ListenerView } from '../../../src-main/contract/listening.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { WorkButton } from '../../components/work-button.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { PlaceFields, ServerField } from './listen-fields.tsx';
import { type ListenForm, listenFault, listenForm, listenParams } from './listen-form.ts';

interface ListenDialogProps {
  /** Absent: closed. */
  readonly listener: ListenerView | undefined;
  readonly interfaces: readonly InterfaceView[];
  readonly onClose: () => void;
}

/** Where a way in is opened, and to which server its sessions go. */
export function ListenDialog({ listener, interfaces, onClose }: ListenDialogProps) {
  const { words, common } = useSpeech();
  const { listening: text } = words.screens;
  return (
    <Modal
      opened={listener !== undefined}
      onClose={onClose}
      title={listener !== undefined && text.form.title(text.ways[listener.kind].title)}
      size="38rem"
      closeButtonProps={{ 'aria-label': common.close }}
    >
      {listener !== undefined && <Fields listener={listener} interfaces={interfaces} onClose={onClose} />}
    </Modal>
  );
}

interface FieldsProps extends Omit<ListenDialogProps, 'listener'> {
  readonly listener: ListenerView;
}

function Fields({ listener, interfaces, onClose }: FieldsProps) {
  const { words, common } = useSpeech();
  const { listening: text } = words.screens;
  const { kind, state } = listener;
  const announce = useAnnounce();
  const { run, running, error } = useAction('listeners.set');
  const [form, setForm] = useState(() => listenForm(listener));
  const [tried, setTried] = useState(false);
  const fields = useRef<HTMLFormElement>(null);
  const fault = listenFault(kind, form);
  const set = (change: Partial<ListenForm>) => setForm((before) => ({ ...before, ...change }));
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (fault !== undefined) {
      fields.current?.querySelector<HTMLElement>(`[name="${fault}"]`)?.focus();
      return;
    }
    if (running || (await run(listenParams(kind, form))) === undefined) return;
    announce(text.say.on(text.ways[kind].title));
    onClose();
  };
  return (
    <form ref={fields} className="stack" noValidate onSubmit={(event) => void submit(event)}>
      <PlaceFields kind={kind} form={form} set={set} fault={tried ? fault : undefined} interfaces={interfaces} />
      <ServerField dms={form.dms} set={set} />
      {kind === 'network' && (
        <section className="listening-means" aria-labelledby="listening-means">
          <h3 id="listening-means">{text.form.meansTitle}</h3>
          <ul>
            {text.form.means.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </section>
      )}
      {error !== undefined && <ErrorNotice code={error.code} message={error.message} />}
      <div className="row listening-dialog-actions">
        <Button variant="default" onClick={onClose}>
          {common.cancel}
        </Button>
        <WorkButton working={running}>{state === 'off' ? text.form.switchOn : text.form.save}</WorkButton>
      </div>
    </form>
  );
}

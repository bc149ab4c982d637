import '@mantine/core/styles/InlineInput.css';
import '@mantine/core/styles/Input.css';
import '@mantine/core/styles/Radio.css';
import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import './virtual.css';
import { Button, Modal, Radio, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import type { FaultView } from '../../../src-main/contract/software-views.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { WorkButton } from '../../components/work-button.tsx';
import { useAction, useRequest } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';

/** Name of the profile that is meant where none is named. */
const STANDARD = 'standard';

/** Starts a virtual handset of a kind and a model that a person chooses. */
export function StartDialog({ onClose }: { readonly onClose: () => void }) {
  const { words, common } = useSpeech();
  const { start: text } = words.screens.virtual;
  const catalogue = useRequest('virtual.catalogue', {});
  return (
    <Modal opened onClose={onClose} title={text.title} size="40rem" closeButtonProps={{ 'aria-label': common.close }}>
      <div className="stack">
        <p>{text.intro}</p>
        {catalogue.kind === 'loading' && <Loading />}
        {catalogue.kind === 'failed' && <ErrorNotice code={catalogue.error.code} message={catalogue.error.message} />}
        {catalogue.kind !== 'loading' && (
          <StartForm kinds={catalogue.kind === 'ready' ? catalogue.data.profiles : []} onClose={onClose} />
        )}
      </div>
    </Modal>
  );
}

interface StartFormProps {
  readonly kinds: readonly FaultView[];
  readonly onClose: () => void;
}

function StartForm({ kinds, onClose }: StartFormProps) {
  const { words, common } = useSpeech();
  const { virtual, settings } = words.screens;
  const text = virtual.start;
  const announce = useAnnounce();
  const { run, running, error } = useAction('virtual.start');
  const [profile, setProfile] = useState(STANDARD);
  const [model, setModel] = useState('');
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (running) return;
    const chosen = model.trim();
    const params = {
      ...(profile === STANDARD ? {} : { profile }),
      ...(chosen === '' ? {} : { model: chosen }),
    };
    if ((await run(params)) === undefined) return;
    announce(settings.demo.started);
    onClose();
  };
  const others = kinds.filter(({ name }) => name !== STANDARD);
  return (
    <form className="stack" onSubmit={(event) => void send(event)}>
      {others.length === 0 ? (
        <p className="quiet">{text.noKinds}</p>
      ) : (
        <Radio.Group className="field" label={text.kind} value={profile} onChange={setProfile}>
          <div className="kinds">
            <Radio value={STANDARD} label={text.standard} data-autofocus />
            {others.map(({ name, help }) => (
              <Radio key={name} value={name} label={<code>{name}</code>} description={<span lang="en">{help}</span>} />
            ))}
          </div>
        </Radio.Group>
      )}
      <TextInput
        className="field"
        label={text.model}
        description={text.modelHint}
        value={model}
        maxLength={100}
        onChange={({ currentTarget }) => setModel(currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
      />
      {error !== undefined && <ErrorNotice code={error.code} message={error.message} />}
      <div className="knobs-actions">
        <Button variant="default" onClick={onClose}>
          {common.cancel}
        </Button>
        <WorkButton working={running}>{text.start}</WorkButton>
      </div>
    </form>
  );
}

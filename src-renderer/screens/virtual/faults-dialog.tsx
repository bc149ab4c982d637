import '@mantine/core/styles/InlineInput.css';
import '@mantine/core/styles/Input.css';
import '@mantine/core/styles/Switch.css';
import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import './virtual.css';
import { Button, Modal, Switch, TextInput } from '@mantine/core';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { FaultView } from '../../../src-main/contract/software-views.ts';
import { countText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { deviceName } from '../../components/device-name.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { WorkButton } from '../../components/work-button.tsx';
import { useAction, useRequest } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { choicesOf, type FaultChoices, faultsOf, matchingFaults, withChoice } from './fault-choice.ts';

interface FaultsDialogProps {
  readonly handset: KnownHandset;
  readonly onClose: () => void;
}

/** What a virtual handset does wrong on purpose: each knob with its value, set while it runs. */
export function FaultsDialog({ handset, onClose }: FaultsDialogProps) {
  const { words, common } = useSpeech();
  const { faults: text } = words.screens.virtual;
  const catalogue = useRequest('virtual.catalogue', {});
  return (
    <Modal
      opened
      onClose={onClose}
      title={text.title(deviceName(handset))}
      size="46rem"
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <div className="stack">
        <p>{text.intro}</p>
        {catalogue.kind === 'loading' && <Loading />}
        {catalogue.kind === 'failed' && (
          <ErrorNotice code={catalogue.error.code} message={catalogue.error.message}>
            <Button size="compact-sm" onClick={catalogue.reload}>
              {words.screens.handsets.actions.tryAgain}
            </Button>
          </ErrorNotice>
        )}
        {catalogue.kind === 'ready' && catalogue.data.faults.length === 0 && <p className="quiet">{text.none}</p>}
        {catalogue.kind === 'ready' && catalogue.data.faults.length > 0 && (
          <Knobs handset={handset} faults={catalogue.data.faults} onClose={onClose} />
        )}
      </div>
    </Modal>
  );
}

function Knobs({ handset, faults, onClose }: FaultsDialogProps & { readonly faults: readonly FaultView[] }) {
  const { words, common, language } = useSpeech();
  const { faults: text } = words.screens.virtual;
  const announce = useAnnounce();
  const { run, running, error } = useAction('virtual.faults');
  const [search, setSearch] = useState('');
  const [choices, setChoices] = useState<FaultChoices>(() => choicesOf(handset.faults ?? []));
  const field = useRef<HTMLInputElement>(null);
  // The dialog had the focus before the knobs were there.
  useEffect(() => field.current?.focus(), []);
  const shown = matchingFaults(faults, search);
  const name = deviceName(handset);
  const apply = async (wanted: FaultChoices) => {
    if ((await run({ device: handset.device, faults: faultsOf(wanted) })) === undefined) return;
    const count = wanted.size;
    announce(count === 0 ? text.cleared(name) : text.applied(name, count, countText(count, language)));
    onClose();
  };
  const send = (event: FormEvent) => {
    event.preventDefault();
    if (!running) void apply(choices);
  };
  return (
    <form className="stack" onSubmit={send}>
      <TextInput
        ref={field}
        className="field"
        type="search"
        label={text.search}
        placeholder={text.searchHint}
        value={search}
        onChange={({ currentTarget }) => setSearch(currentTarget.value)}
        onKeyDown={(event) => {
          // Enter in the search is no wish to apply what is switched on.
          if (event.key === 'Enter') event.preventDefault();
        }}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
      />
      <p className="small quiet number" role="status">
        {shown.length === 0 ? text.noMatch : text.count(shown.length, countText(shown.length, language))}
        {choices.size > 0 && ` · ${text.set(choices.size, countText(choices.size, language))}`}
      </p>
      <ul className="knobs" aria-label={text.list}>
        {shown.map((fault) => (
          <Knob
            key={fault.name}
            fault={fault}
            value={choices.get(fault.name)}
            onChange={(value) => setChoices((before) => withChoice(before, fault.name, value))}
          />
        ))}
      </ul>
      {error !== undefined && <ErrorNotice code={error.code} message={error.message} />}
      <div className="knobs-actions">
        <Button
          variant="subtle"
          className="knobs-clear"
          disabled={choices.size === 0 && (handset.faults ?? []).length === 0}
          onClick={() => {
            if (!running) void apply(new Map());
          }}
        >
          {text.clear}
        </Button>
        <Button variant="default" onClick={onClose}>
          {common.cancel}
        </Button>
        <WorkButton working={running}>{text.apply}</WorkButton>
      </div>
    </form>
  );
}

interface KnobProps {
  readonly fault: FaultView;
  /** Absent: off. */
  readonly value: string | undefined;
  /** `undefined` switches it off. */
  readonly onChange: (value: string | undefined) => void;
}

function Knob({ fault: { name, help, value: meaning }, value, onChange }: KnobProps) {
  const { faults: text } = useSpeech().words.screens.virtual;
  const on = value !== undefined;
  return (
    <li className="knob" data-fault={name}>
      <Switch
        className="knob-switch"
        checked={on}
        label={<code>{name}</code>}
        description={<span lang="en">{help}</span>}
        onChange={({ currentTarget }) => onChange(currentTarget.checked ? '' : undefined)}
      />
      {on && meaning !== undefined && (
        <TextInput
          className="field knob-value"
          aria-label={text.valueOf(name)}
          description={<span lang="en">{text.valueHint(meaning)}</span>}
          value={value}
          onChange={({ currentTarget }) => onChange(currentTarget.value)}
          maxLength={300}
          autoComplete="off"
          spellCheck={false}
          dir="ltr"
        />
      )}
    </li>
  );
}

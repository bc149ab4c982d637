import '@mantine/core/styles/InlineInput.css';
import '@mantine/core/styles/Input.css';
import '@mantine/core/styles/Radio.css';
import { Radio, TextInput } from '@mantine/core';
import { type FormEvent, useId, useState } from 'react';
import type { SettingsView } from '../../../src-main/contract/settings-view.ts';
import { sizeText } from '../../../src-main/wording/numbers.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { WorkButton } from '../../components/work-button.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import {
  isSameRetention,
  type RetentionForm,
  removalBy,
  retentionErrors,
  retentionForm,
  retentionOf,
} from './retention-form.ts';
import { SettingsSection } from './settings-section.tsx';

type Retention = SettingsView['journalBodies'];

/** How long raw messages, which hold credentials, are kept. */
export function BodiesSection() {
  const { bodies } = useSpeech().words.screens.settings;
  const kept = useHost((state) => state.settings?.journalBodies, undefined);
  return (
    <SettingsSection title={bodies.title} hint={bodies.hint}>
      {kept === undefined ? <p className="quiet">{bodies.unknown}</p> : <BodiesForm kept={kept} />}
    </SettingsSection>
  );
}

function BodiesForm({ kept }: { readonly kept: Retention }) {
  const { words, language } = useSpeech();
  const { bodies } = words.screens.settings;
  const announce = useAnnounce();
  const { run, running, error } = useAction('settings.set');
  /** Absent: nothing was changed, and what is kept now is shown. */
  const [edited, setEdited] = useState<RetentionForm | undefined>();
  const form = edited ?? retentionForm(kept);
  const name = useId();
  const errors = retentionErrors(form);
  const right = !errors.days && !errors.megabytes;
  const wanted = right ? retentionOf(form) : undefined;
  const differs = wanted === undefined || !isSameRetention(wanted, kept);
  const removal = wanted === undefined ? 'none' : removalBy(wanted, kept);
  const set = (change: Partial<RetentionForm>) => setEdited({ ...form, ...change });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (wanted === undefined || !differs) return;
    if ((await run({ journalBodies: wanted })) === undefined) return;
    setEdited(undefined);
    announce(bodies.saved);
  };
  return (
    <form className="stack" noValidate onSubmit={(event) => void submit(event)}>
      <fieldset className="stack plain-fieldset">
        <legend className="unseen">{bodies.legend}</legend>
        <Radio
          className="field"
          name={name}
          label={bodies.off}
          checked={!form.keep}
          onChange={() => set({ keep: false })}
        />
        <Radio
          className="field"
          name={name}
          label={bodies.keep}
          checked={form.keep}
          onChange={() => set({ keep: true })}
        />
        <div className="retention">
          <TextInput
            className="field"
            label={bodies.days}
            inputMode="decimal"
            value={form.days}
            disabled={!form.keep}
            error={errors.days ? bodies.errors.days : undefined}
            onChange={({ currentTarget }) => set({ days: currentTarget.value })}
          />
          <TextInput
            className="field"
            label={bodies.megabytes}
            inputMode="decimal"
            value={form.megabytes}
            disabled={!form.keep}
            error={errors.megabytes ? bodies.errors.megabytes : undefined}
            onChange={({ currentTarget }) => set({ megabytes: currentTarget.value })}
          />
        </div>
      </fieldset>
      {error !== undefined && <ErrorNotice code={error.code} message={error.message} />}
      <div className="row">
        <WorkButton variant={differs ? 'filled' : 'default'} working={running}>
          {bodies.save}
        </WorkButton>
        <p className="quiet">
          {removal === 'none'
            ? kept === 'off'
              ? bodies.nowOff
              : bodies.now(kept.days, sizeText(kept.bytes, language))
            : removal === 'all'
              ? bodies.removes
              : bodies.shorter}
        </p>
      </div>
    </form>
  );
}

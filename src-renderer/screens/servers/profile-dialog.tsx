import '@mantine/core/styles/Checkbox.css';
import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/InlineInput.css';
import '@mantine/core/styles/Input.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Modal.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/Paper.css';
import { Button, Checkbox, Modal, Textarea, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import type { ProfileView } from '../../../src-main/contract/results.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { WorkButton } from '../../components/work-button.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { type ProfileForm, profileForm, profileFormErrors, profileParams } from './profile-form.ts';

interface ProfileDialogProps {
  readonly opened: boolean;
  /** The profile to edit; absent: a new one. */
  readonly profile: ProfileView | undefined;
  readonly others: readonly ProfileView[];
  readonly onClose: () => void;
}

/** Add or edit a profile; what is wrong stands at its field. */
export function ProfileDialog({ opened, profile, others, onClose }: ProfileDialogProps) {
  const { words, common } = useSpeech();
  const { form } = words.screens.servers;
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      size="lg"
      title={profile === undefined ? form.addTitle : form.editTitle(profile.name)}
      closeButtonProps={{ 'aria-label': common.close }}
    >
      <Fields profile={profile} others={others} onClose={onClose} />
    </Modal>
  );
}

function Fields({ profile, others, onClose }: Omit<ProfileDialogProps, 'opened'>) {
  const { words, common } = useSpeech();
  const { form: text, say, add } = words.screens.servers;
  const announce = useAnnounce();
  const adding = useAction('dms.add');
  const editing = useAction('dms.edit');
  const [form, setForm] = useState(() => profileForm(profile));
  /** Faults are shown at the first try to save, and from then on as they are. */
  const [tried, setTried] = useState(false);
  const fields = useRef<HTMLFormElement>(null);
  const found = profileFormErrors(form, others);
  const errors = tried ? found : {};
  const failure = adding.error ?? editing.error;
  const set = (change: Partial<ProfileForm>) => setForm((before) => ({ ...before, ...change }));

  const save = async () => {
    const wrong = (['name', 'url', 'origins'] as const).find((field) => found[field] !== undefined);
    setTried(true);
    if (wrong !== undefined) {
      fields.current?.querySelector<HTMLElement>(`[name="${wrong}"]`)?.focus();
      return;
    }
    const params = profileParams(form);
    const kept = profile === undefined ? await adding.run(params) : await editing.run({ dms: profile.id, ...params });
    if (kept === undefined) return;
    announce(profile === undefined ? say.added(kept.profile.name) : say.saved(kept.profile.name));
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save();
  };

  return (
    <form ref={fields} className="stack" noValidate onSubmit={submit}>
      <TextInput
        className="field"
        name="name"
        label={text.name}
        description={text.nameHint}
        value={form.name}
        error={errors.name === undefined ? undefined : text.errors[errors.name]}
        onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        required
        withAsterisk={false}
        autoComplete="off"
        data-autofocus
      />
      <TextInput
        className="field"
        name="url"
        type="url"
        inputMode="url"
        label={text.url}
        description={text.urlHint}
        value={form.url}
        error={errors.url === undefined ? undefined : text.errors[errors.url]}
        onChange={({ currentTarget }) => set({ url: currentTarget.value })}
        required
        withAsterisk={false}
        autoComplete="off"
        spellCheck={false}
        dir="ltr"
      />
      <Textarea
        className="field"
        name="origins"
        label={text.origins}
        description={text.originsHint}
        rows={3}
        value={form.origins}
        error={errors.origins === undefined ? undefined : text.originErrors[errors.origins.kind](errors.origins.line)}
        onChange={({ currentTarget }) => set({ origins: currentTarget.value })}
        spellCheck={false}
        dir="ltr"
      />
      {profile?.isDefault === true ? (
        <p className="quiet">{text.staysDefault}</p>
      ) : (
        <Checkbox
          className="field"
          label={text.makeDefault}
          checked={form.makeDefault}
          onChange={({ currentTarget }) => set({ makeDefault: currentTarget.checked })}
        />
      )}
      {failure !== undefined && <ErrorNotice code={failure.code} message={failure.message} />}
      <div className="row dialog-actions">
        <Button variant="default" onClick={onClose}>
          {common.cancel}
        </Button>
        <WorkButton working={adding.running || editing.running}>{profile === undefined ? add : text.save}</WorkButton>
      </div>
    </form>
  );
}

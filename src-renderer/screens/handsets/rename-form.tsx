import { Button } from '@mantine/core';
import { type FormEvent, useId, useState } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import { errorText } from '../../../src-main/wording/error-text.ts';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';

/** Longest name that the host takes. */
const MAX_ALIAS = 60;

/** A handset's own name, edited in its place. Escape leaves it as it was. */
export function RenameForm({ handset, onDone }: { readonly handset: KnownHandset; readonly onDone: () => void }) {
  const { words, common, language } = useSpeech();
  const speech = words.screens.handsets;
  const hint = useId();
  const [alias, setAlias] = useState(handset.alias ?? '');
  const { run, error, running } = useAction('handsets.rename');
  const save = async (event: FormEvent) => {
    event.preventDefault();
    const text = alias.trim();
    const done = await run({ device: handset.device, ...(text === '' ? {} : { alias: text }) });
    if (done !== undefined) onDone();
  };
  return (
    <form className="handset-rename" onSubmit={(event) => void save(event)}>
      <input
        className="text-field"
        aria-label={speech.rename.label}
        aria-describedby={hint}
        value={alias}
        maxLength={MAX_ALIAS}
        // biome-ignore lint/a11y/noAutofocus: a person has just asked to write here
        autoFocus
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => setAlias(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone();
        }}
      />
      <div className="row">
        <Button type="submit" size="compact-sm" aria-disabled={running}>
          {speech.rename.save}
        </Button>
        <Button variant="default" size="compact-sm" onClick={onDone}>
          {common.cancel}
        </Button>
      </div>
      <p id={hint} className="small quiet">
        {error === undefined ? speech.rename.hint : errorText(error.code, language).what}
      </p>
    </form>
  );
}

import './faults-button.css';
import { Bug } from 'lucide-react';
import { Suspense, useRef, useState } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import { countText } from '../../../src-main/wording/numbers.ts';
import { deviceName } from '../../components/device-name.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { laterScreen } from '../../shell/later-screen.ts';

const FaultsDialog = laterScreen(async () => (await import('./faults-dialog.tsx')).FaultsDialog);

/** On the card of a virtual handset of this host: what it does wrong on purpose, and the way to change that. */
export function FaultsButton({ handset }: { readonly handset: KnownHandset }) {
  const { words, language } = useSpeech();
  const text = words.screens.cards;
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const { faults } = handset;
  if (!handset.virtual || faults === undefined) return null;
  const set = faults.length === 0 ? undefined : text.faultsSet(faults.length, countText(faults.length, language));
  const label = text.faultsOf(deviceName(handset));
  const close = () => {
    setOpen(false);
    button.current?.focus();
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className={`${set === undefined ? 'chip' : 'badge'} faults-button`}
        data-tone={set === undefined ? undefined : 'needs-you'}
        aria-label={set === undefined ? label : `${label}: ${set}`}
        title={set === undefined ? text.faultsHint : faults.join('\n')}
        onClick={() => setOpen(true)}
      >
        <Bug aria-hidden="true" />
        {set ?? text.faults}
      </button>
      {open && (
        <Suspense>
          <FaultsDialog handset={handset} onClose={close} />
        </Suspense>
      )}
    </>
  );
}

import { Button } from '@mantine/core';
import { Bug } from 'lucide-react';
import { Suspense, useState } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import { countText } from '../../../src-main/wording/numbers.ts';
import { Badge } from '../../components/badge.tsx';
import { deviceName } from '../../components/device-name.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { laterScreen } from '../../shell/later-screen.ts';

const FaultsDialog = laterScreen(async () => (await import('./faults-dialog.tsx')).FaultsDialog);

/** On the card of a virtual handset of this host: what it does wrong on purpose, and the way to change that. */
export function FaultsButton({ handset }: { readonly handset: KnownHandset }) {
  const { words, language } = useSpeech();
  const text = words.screens.cards;
  const [open, setOpen] = useState(false);
  const { faults } = handset;
  if (!handset.virtual || faults === undefined) return null;
  return (
    <>
      {faults.length > 0 && (
        <Badge
          tone="needs-you"
          icon={Bug}
          text={text.faultsSet(faults.length, countText(faults.length, language))}
          title={faults.join('\n')}
        />
      )}
      <Button
        variant="subtle"
        size="compact-xs"
        leftSection={<Bug size="1em" aria-hidden="true" />}
        aria-label={text.faultsOf(deviceName(handset))}
        title={text.faultsHint}
        onClick={() => setOpen(true)}
      >
        {text.faults}
      </Button>
      {open && (
        <Suspense>
          <FaultsDialog handset={handset} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}

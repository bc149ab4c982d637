import { Modal } from '@mantine/core';
import { useState } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import { deviceName } from '../../components/device-name.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { ChoosePackages } from './choose-packages.tsx';
import { PlanPage } from './plan-page.tsx';

interface InstallDialogProps {
  readonly handset: KnownHandset;
  /** `update`: newer packages for what is there; the same plan, and no more is put on the handset than that. */
  readonly work: 'install' | 'update';
  /** Chosen already: the plan comes at once. */
  readonly packages: readonly string[];
  readonly onClose: () => void;
}

/** Choose, look at the plan, consent. What was begun is shown by the handset's card. */
export function InstallDialog({ handset, work, packages, onClose }: InstallDialogProps) {
  const { words, common } = useSpeech();
  const speech = words.screens.install;
  const [chosen, setChosen] = useState(packages);
  const [step, setStep] = useState<'choose' | 'plan'>(packages.length > 0 ? 'plan' : 'choose');
  return (
    <Modal
      opened
      onClose={onClose}
      title={work === 'install' ? speech.on(deviceName(handset)) : speech.update(deviceName(handset))}
      size="56rem"
      closeButtonProps={{ 'aria-label': common.close }}
    >
      {work === 'install' && (
        <p className="quiet small dialog-step">{speech.step(step === 'choose' ? 1 : 2, speech.steps[step])}</p>
      )}
      {step === 'choose' ? (
        <ChoosePackages
          handset={handset}
          chosen={chosen}
          onChoose={setChosen}
          onNext={() => setStep('plan')}
          onClose={onClose}
        />
      ) : (
        <PlanPage
          handset={handset}
          work={work}
          packages={chosen}
          onBack={work === 'update' ? onClose : () => setStep('choose')}
          onClose={onClose}
        />
      )}
    </Modal>
  );
}

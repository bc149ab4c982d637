import { Button } from '@mantine/core';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import { deviceName } from '../../components/device-name.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { useLaunch } from './use-launch.ts';

interface RemoveConsentProps {
  readonly handset: KnownHandset;
  readonly component: string;
  readonly onBack: () => void;
  readonly onClose: () => void;
}

/** What removing means, and the consent to it; the card then shows how it goes. */
export function RemoveConsent({ handset, component, onBack, onClose }: RemoveConsentProps) {
  const { words } = useSpeech();
  const { remove: speech } = words.screens.handsets;
  const { device } = handset;
  const name = deviceName(handset);
  const { launch, launching, error } = useLaunch('remove', handset, onClose);
  return (
    <div className="stack dialog-body">
      <dl className="facts">
        <dt>{speech.what}</dt>
        <dd>{speech.whatText(component)}</dd>
        <dt>{speech.cable}</dt>
        <dd>{speech.cableText}</dd>
        <dt>{speech.who}</dt>
        <dd>{speech.whoText}</dd>
      </dl>
      {error !== undefined && <ErrorNotice code={error.code} message={error.message} phone={name} />}
      <div className="dialog-actions">
        <Button variant="default" onClick={onBack} data-autofocus>
          {speech.back}
        </Button>
        <Button color="red" aria-disabled={launching} onClick={() => launch({ handset: device, device, component })}>
          {speech.consent(component, name)}
        </Button>
      </div>
    </div>
  );
}

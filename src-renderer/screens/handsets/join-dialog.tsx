import { Button, Modal } from '@mantine/core';
import { Smartphone } from 'lucide-react';
import { useEffect, useRef } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { deviceName } from '../../components/device-name.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { WorkButton } from '../../components/work-button.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { CardWays } from './card-ways.tsx';
import { cardName } from './likeness-notice.tsx';

interface JoinDialogProps {
  readonly handset: KnownHandset;
  readonly other: string;
  readonly onClose: () => void;
}

/** Consent to making one card of two, which cannot be taken back. */
export function JoinDialog({ handset, other: device, onClose }: JoinDialogProps) {
  const { words, common } = useSpeech();
  const speech = words.screens.links.like.join;
  const announce = useAnnounce();
  const { run, running, error } = useAction('handsets.join');
  const other = useHost(({ handsets }) => handsets.find((each) => each.device === device), undefined);
  const joinedTo = useRef<string | undefined>(undefined);
  // One of the two cards has gone, perhaps the one with the keyboard's place.
  useEffect(() => () => focusCard(joinedTo.current), []);
  if (other === undefined) return null;
  const join = async () => {
    const joined = await run({ device: handset.device, other: device });
    if (joined === undefined) return;
    announce(speech.done(deviceName(joined.handset)));
    joinedTo.current = joined.handset.device;
    onClose();
    focusCard(joined.handset.device);
  };
  return (
    <Modal opened onClose={onClose} title={speech.title} size="36rem" closeButtonProps={{ 'aria-label': common.close }}>
      <div className="stack">
        <p>{speech.text}</p>
        <ul className="join-both" aria-label={speech.both}>
          {[handset, other].map((each) => (
            <li key={each.device}>
              <Smartphone aria-hidden="true" />
              <div>
                <p>{cardName(each, common.noNumber)}</p>
                <div className="row">
                  <CardWays ways={each.bearers} unusable={false} plain />
                </div>
              </div>
            </li>
          ))}
        </ul>
        {error !== undefined && <ErrorNotice code={error.code} message={error.message} />}
        <div className="dialog-actions">
          <Button variant="default" onClick={onClose} data-autofocus>
            {common.cancel}
          </Button>
          <WorkButton working={running} onWork={() => void join()}>
            {speech.consent}
          </WorkButton>
        </div>
      </div>
    </Modal>
  );
}

/** After the dialog has given the focus back. */
function focusCard(device: string | undefined): void {
  if (device === undefined) return;
  const focus = () =>
    document.querySelector<HTMLElement>(`[data-device="${CSS.escape(device)}"]`)?.focus({ preventScroll: true });
  requestAnimationFrame(() => requestAnimationFrame(focus));
}

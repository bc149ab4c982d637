import { Button } from '@mantine/core';
import { Smartphone } from 'lucide-react';
import { Suspense, useRef, useState } from 'react';
import { Link } from 'wouter';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import { useAnnounce } from '../../components/announcer.tsx';
import { deviceName } from '../../components/device-name.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { WorkButton } from '../../components/work-button.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { laterScreen } from '../../shell/later-screen.ts';
import { SettingsSection } from './settings-section.tsx';

const StartDialog = laterScreen(async () => (await import('../virtual/start-dialog.tsx')).StartDialog);

const NONE: readonly KnownHandset[] = [];

/** A virtual handset of this host: start, see, stop. */
export function DemoPhoneSection() {
  const { demo } = useSpeech().words.screens.settings;
  const announce = useAnnounce();
  const handsets = useHost((state) => state.handsets, NONE);
  // Only those that this host runs have faults; others cannot be stopped here.
  const running = handsets.filter(({ faults, presence }) => faults !== undefined && presence === 'attached');
  const starting = useAction('virtual.start');
  const stopping = useAction('virtual.stop');
  const [choosing, setChoosing] = useState(false);
  const chooseButton = useRef<HTMLButtonElement>(null);
  const startButton = useRef<HTMLButtonElement>(null);
  const error = starting.error ?? stopping.error;
  const start = async () => {
    stopping.clear();
    if ((await starting.run({})) !== undefined) announce(demo.started);
  };
  const stop = async (handset: KnownHandset) => {
    starting.clear();
    if ((await stopping.run({ device: handset.device })) === undefined) return;
    announce(demo.stopped(deviceName(handset)));
    startButton.current?.focus();
  };
  const closeChoice = () => {
    setChoosing(false);
    chooseButton.current?.focus();
  };
  return (
    <SettingsSection title={demo.title} hint={demo.hint}>
      {running.length === 0 ? (
        <p className="quiet">{demo.none}</p>
      ) : (
        <ul className="demo-phones">
          {running.map((handset) => (
            <li key={handset.device} className="row">
              <Smartphone aria-hidden="true" size="1.1em" />
              <span className="demo-phone-name" title={deviceName(handset)}>
                {deviceName(handset)}
              </span>
              <Button
                variant="default"
                size="compact-sm"
                aria-label={demo.stopNamed(deviceName(handset))}
                onClick={() => void stop(handset)}
              >
                {demo.stop}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {error !== undefined && <ErrorNotice code={error.code} message={error.message} />}
      <div className="row">
        <WorkButton ref={startButton} variant="default" working={starting.running} onWork={() => void start()}>
          {running.length === 0 ? demo.start : demo.another}
        </WorkButton>
        <Button ref={chooseButton} variant="subtle" onClick={() => setChoosing(true)}>
          {demo.choose}
        </Button>
        {running.length > 0 && <Link href="/handsets">{demo.see}</Link>}
      </div>
      {choosing && (
        <Suspense>
          <StartDialog onClose={closeChoice} />
        </Suspense>
      )}
    </SettingsSection>
  );
}

import './settings.css';
import { Wifi, WifiOff } from 'lucide-react';
import { Link } from 'wouter';
import { PageHeader } from '../../components/page-header.tsx';
import { useHasState, useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { AboutSection } from './about-section.tsx';
import { AppearanceSection, LanguageSection } from './appearance-sections.tsx';
import { BodiesSection } from './bodies-section.tsx';
import { DemoPhoneSection } from './demo-phone-section.tsx';
import { SettingsSection } from './settings-section.tsx';
import { StorageSection } from './storage-section.tsx';

/** What a person may set, and what they may want to know of this PC Agent. */
export function SettingsScreen() {
  const { common } = useSpeech();
  const known = useHasState();
  return (
    <>
      <PageHeader title={common.places.settings} />
      <div className="settings">
        <LanguageSection />
        <AppearanceSection />
        {known && (
          <>
            <BodiesSection />
            <NetworkSection />
            <DemoPhoneSection />
          </>
        )}
        <StorageSection />
        <AboutSection />
      </div>
    </>
  );
}

function NetworkSection() {
  const { network } = useSpeech().words.screens.settings;
  const offline = useHost((state) => state.offline, false);
  const Icon = offline ? WifiOff : Wifi;
  return (
    <SettingsSection title={network.title} hint={network.hint}>
      <p className="with-icon">
        <Icon aria-hidden="true" />
        {offline ? network.on : network.off}
      </p>
      <Link href="/network">{network.link}</Link>
    </SettingsSection>
  );
}

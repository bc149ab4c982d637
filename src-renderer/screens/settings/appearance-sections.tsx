import { useMantineColorScheme } from '@mantine/core';
import { LANGUAGES } from '../../../src-main/wording/language.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { Choice } from './choice.tsx';
import { SettingsSection } from './settings-section.tsx';

export function LanguageSection() {
  const { words, language, speak } = useSpeech();
  const { title, hint, names } = words.screens.settings.language;
  const options = LANGUAGES.map((value) => ({ value, label: names[value], lang: value }));
  return (
    <SettingsSection title={title} hint={hint}>
      <Choice legend={title} options={options} value={language} onChange={speak} />
    </SettingsSection>
  );
}

const SCHEMES = ['auto', 'light', 'dark'] as const;

export function AppearanceSection() {
  const { title, hint, choices } = useSpeech().words.screens.settings.appearance;
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const options = SCHEMES.map((value) => ({ value, label: choices[value] }));
  return (
    <SettingsSection title={title} hint={hint}>
      <Choice legend={title} options={options} value={colorScheme} onChange={setColorScheme} />
    </SettingsSection>
  );
}

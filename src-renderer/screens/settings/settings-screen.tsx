import { PageHeader } from '../../components/page-header.tsx';
import { useSpeech } from '../../language/language-context.tsx';

export function SettingsScreen() {
  const { words } = useSpeech();
  return <PageHeader title={words.screens.settings.title} />;
}

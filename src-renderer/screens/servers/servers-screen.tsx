import { PageHeader } from '../../components/page-header.tsx';
import { useSpeech } from '../../language/language-context.tsx';

export function ServersScreen() {
  const { words } = useSpeech();
  return <PageHeader title={words.screens.servers.title} />;
}

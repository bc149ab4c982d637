import { PageHeader } from '../../components/page-header.tsx';
import { useSpeech } from '../../language/language-context.tsx';

export function PackagesScreen() {
  const { words } = useSpeech();
  return <PageHeader title={words.screens.packages.title} />;
}

import { PageHeader } from '../../components/page-header.tsx';
import { useSpeech } from '../../language/language-context.tsx';

export function HandsetsScreen() {
  const { words } = useSpeech();
  return <PageHeader title={words.screens.handsets.title} />;
}

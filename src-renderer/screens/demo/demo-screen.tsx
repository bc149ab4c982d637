import { PageHeader } from '../../components/page-header.tsx';
import { useSpeech } from '../../language/language-context.tsx';

export function DemoScreen() {
  const { words } = useSpeech();
  return <PageHeader title={words.screens.demo.title} />;
}

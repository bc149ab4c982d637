import { PageHeader } from '../../components/page-header.tsx';
import { useSpeech } from '../../language/language-context.tsx';

export function HelpScreen(_props: { readonly topic: string | undefined }) {
  const { words } = useSpeech();
  return <PageHeader title={words.screens.help.title} />;
}

import { PageHeader } from '../../components/page-header.tsx';
import { useSpeech } from '../../language/language-context.tsx';

export function SessionScreen(_props: { readonly session: string }) {
  const { words } = useSpeech();
  return <PageHeader title={words.screens.session.title} />;
}

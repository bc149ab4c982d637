import './help.css';
import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link } from 'wouter';
import { assertNever } from '../../../src-main/base/errors.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { CodePage, FamilyPage, UnknownPage } from './code-pages.tsx';
import { type HelpPlace, helpPlace } from './help-index.ts';
import { HelpStart } from './help-start.tsx';
import { TopicPage } from './topic-pages.tsx';

/** Help by code and by topic; all of it is in the program. */
export function HelpScreen({ topic }: { readonly topic: string | undefined }) {
  const { words, common } = useSpeech();
  const { help } = words.screens;
  const place = helpPlace(topic, words.errors);
  if (place.kind === 'index') {
    return (
      <>
        <PageHeader title={common.places.help} hint={help.hint} />
        <HelpStart />
      </>
    );
  }
  return (
    <div className="help-page">
      <Link href="/help" className="help-back">
        <ArrowLeft aria-hidden="true" />
        {help.back}
      </Link>
      {pageOf(place)}
    </div>
  );
}

function pageOf(place: Exclude<HelpPlace, { readonly kind: 'index' }>): ReactNode {
  switch (place.kind) {
    case 'topic':
      return <TopicPage name={place.name} />;
    case 'family':
      return <FamilyPage family={place.family} />;
    case 'code':
      return <CodePage entry={place.entry} family={place.family} />;
    case 'unknown':
      return <UnknownPage code={place.code} family={place.family} />;
    default:
      return assertNever(place);
  }
}

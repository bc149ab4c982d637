import { Button } from '@mantine/core';
import { Download, FlaskConical } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { Badge } from '../../components/badge.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { type AnySession, isInJournal } from './session-log.ts';
import { sessionStateWord } from './session-state.ts';
import { usePhone } from './use-phone.ts';

const ExportDialog = lazy(async () => ({ default: (await import('./export-dialog.tsx')).ExportDialog }));

export function SessionHead({ session }: { readonly session: AnySession }) {
  const { words, common } = useSpeech();
  const text = words.screens.session;
  const { name } = usePhone(session);
  const [exporting, setExporting] = useState(false);
  const id = session.sessionId === '' ? text.noId : text.id(session.sessionId);
  const more = session.state === 'ended-unread' ? { title: text.states.unread } : {};
  return (
    <>
      <PageHeader title={text.heading(name)} hint={`${id} · ${text.kinds[session.kind]}`}>
        {session.virtual && <Badge tone="idle" icon={FlaskConical} text={common.virtual} title={common.virtualHint} />}
        <StateBadge state={sessionStateWord(session)} {...more} />
        {isInJournal(session) && (
          <Button
            variant="default"
            leftSection={<Download size="1.1em" aria-hidden="true" />}
            onClick={() => setExporting(true)}
          >
            {text.export.open}
          </Button>
        )}
      </PageHeader>
      {exporting && (
        <Suspense>
          <ExportDialog session={session} onClose={() => setExporting(false)} />
        </Suspense>
      )}
    </>
  );
}

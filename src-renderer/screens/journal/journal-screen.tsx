import './journal.css';
import { Tabs } from '@mantine/core';
import { BookOpenText, ClipboardList, Send } from 'lucide-react';
import { useState } from 'react';
import { countText } from '../../../src-main/wording/numbers.ts';
import { PageHeader } from '../../components/page-header.tsx';
import { useHost } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { JobsList } from './jobs-list.tsx';
import { Outbox } from './outbox.tsx';
import { SessionsList } from './sessions-list.tsx';

/** What was done, and what waits to be told. */
export function JournalScreen() {
  const { words, common, language } = useSpeech();
  const { hint, tabs, tabsLabel } = words.screens.journal;
  const [tab, setTab] = useState<string | null>('sessions');
  const waiting = useHost(({ reportsWaiting }) => reportsWaiting, 0);
  return (
    <div className="journal">
      <PageHeader title={common.places.journal} hint={hint} />
      <Tabs className="journal-tabs" value={tab} onChange={setTab} keepMounted={false}>
        <Tabs.List aria-label={tabsLabel}>
          <Tabs.Tab value="sessions" leftSection={<BookOpenText size="1.1em" aria-hidden="true" />}>
            {tabs.sessions}
          </Tabs.Tab>
          <Tabs.Tab value="jobs" leftSection={<ClipboardList size="1.1em" aria-hidden="true" />}>
            {tabs.jobs}
          </Tabs.Tab>
          <Tabs.Tab
            value="outbox"
            leftSection={<Send size="1.1em" aria-hidden="true" />}
            rightSection={waiting > 0 ? <span className="chip number">{countText(waiting, language)}</span> : undefined}
          >
            {tabs.outbox}
          </Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel className="journal-panel" value="sessions">
          <SessionsList />
        </Tabs.Panel>
        <Tabs.Panel className="journal-panel" value="jobs">
          <JobsList />
        </Tabs.Panel>
        <Tabs.Panel className="journal-panel" value="outbox">
          <Outbox />
        </Tabs.Panel>
      </Tabs>
    </div>
  );
}

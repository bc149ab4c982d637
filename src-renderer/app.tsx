import { useRef, useState, useSyncExternalStore } from 'react';
import type { FeedEntry } from '../src-main/contract/live-feed-messages.ts';
import { Announcer } from './components/announcer.tsx';
import { CardRow } from './components/card-row.tsx';
import { ErrorPanel } from './components/error-panel.tsx';
import { MessageDetail } from './components/message-detail.tsx';
import { MessageList } from './components/message-list.tsx';
import { ResultBanner } from './components/result-banner.tsx';
import { StepPanel } from './components/step-panel.tsx';
import { TopBar } from './components/top-bar.tsx';
import { useSpeech } from './language/language-context.tsx';
import type { LiveStore } from './state/live-store.ts';

/** The one page: who talks with whom, which step it is at, every message, and the result. */
export function App({ store }: { readonly store: LiveStore }) {
  const { connection, live } = useSyncExternalStore(store.subscribe, store.view);
  const { words } = useSpeech();
  const [open, setOpen] = useState<FeedEntry | undefined>();
  const main = useRef<HTMLElement>(null);
  const { overview, entries, dropped } = live;
  const lastError = overview.errors.at(-1);
  const showError = lastError !== undefined && overview.result?.ok !== true;

  return (
    <>
      <a className="skip" href="#messages">
        {words.skip}
      </a>
      <TopBar connection={connection} />
      <main ref={main} className="page" data-quiet={connection.kind === 'lost' || undefined}>
        {connection.kind === 'refused' && <ErrorPanel code={connection.code} />}
        {connection.kind === 'lost' && <ErrorPanel code="page/unreachable" tone="notice" />}
        {overview.result !== undefined && <ResultBanner result={overview.result} />}
        {showError && <ErrorPanel code={lastError.code} message={lastError.message} offset={lastError.offset} />}
        <CardRow overview={overview} />
        <div className="columns">
          <StepPanel overview={overview} loading={connection.kind === 'connecting'} />
          <MessageList
            entries={entries}
            dropped={dropped}
            loading={connection.kind === 'connecting'}
            openSequence={open?.sequence}
            onOpen={setOpen}
          />
        </div>
      </main>
      {open !== undefined && <MessageDetail key={open.sequence} entry={open} onClose={() => setOpen(undefined)} />}
      <Announcer overview={overview} connection={connection} />
    </>
  );
}

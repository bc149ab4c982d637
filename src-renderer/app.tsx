import { useState, useSyncExternalStore } from 'react';
import type { FeedEntry } from '../src-main/contract/live-feed-messages.ts';
import type { LiveOverview } from '../src-main/contract/live-overview.ts';
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
  const { overview, entries, dropped } = live;
  const failure = failureOf(overview);

  return (
    <>
      <a className="skip" href="#messages">
        {words.skip}
      </a>
      <TopBar connection={connection} />
      <main className="page">
        {connection.kind === 'refused' && <ErrorPanel code={connection.code} />}
        {connection.kind === 'lost' && <ErrorPanel code="page/unreachable" tone="notice" />}
        {failure !== undefined && <ErrorPanel {...failure} />}
        {overview.result !== undefined && <ResultBanner result={overview.result} />}
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

interface Failure {
  readonly code: string;
  readonly message?: string | undefined;
  readonly offset?: number | undefined;
  readonly final: boolean;
}

/** The failure of the run, or the last error of one that is still going on; one panel tells of both. */
function failureOf({ result, errors }: LiveOverview): Failure | undefined {
  const last = errors.at(-1);
  if (result?.ok === true) return undefined;
  const code = result?.code ?? last?.code;
  if (code === undefined) return undefined;
  const same = last?.code === code ? last : undefined;
  return { code, message: same?.message ?? result?.message, offset: same?.offset, final: result !== undefined };
}

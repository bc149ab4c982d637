import { CircleHelp } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { SessionRow } from '../../../src-main/contract/sessions.ts';
import { dateTimeText, durationText } from '../../../src-main/wording/numbers.ts';
import { Badge } from '../../components/badge.tsx';
import type { Column } from '../../components/data-table.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useHost, useHostClient } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { JournalTable } from './journal-table.tsx';
import { serverText, sessionResultText, sessionSeconds } from './journal-words.ts';
import { PhoneCell } from './phone-cell.tsx';
import { useJournalChoice } from './use-journal-choice.ts';
import { usePageList } from './use-page-list.ts';

/** Rows of a page. */
const PAGE = 250;
const NO_HANDSETS: KnownHandset[] = [];

export function SessionsList() {
  const client = useHostClient();
  const [, navigate] = useLocation();
  const choice = useJournalChoice();
  const { params } = choice;
  const [exporting, setExporting] = useState(false);
  const read = useCallback(
    async (before: number | undefined, signal: AbortSignal) => {
      const from = before === undefined ? {} : { before };
      const { sessions, next } = await client.request('sessions.list', { ...params, ...from, limit: PAGE }, { signal });
      return { rows: sessions, next };
    },
    [client, params],
  );
  const paged = usePageList(read, keyOf);
  return (
    <>
      <JournalTable
        what="sessions"
        {...{ paged, choice, keyOf }}
        columns={useSessionColumns()}
        onOpen={({ key }) => navigate(`/sessions/${encodeURIComponent(key)}`)}
        onExport={() => setExporting(true)}
      />
      {exporting && <ExportDialog what="sessions" params={params} onClose={() => setExporting(false)} />}
    </>
  );
}

function keyOf({ key }: SessionRow): string {
  return key;
}

function useSessionColumns(): readonly Column<SessionRow>[] {
  const { words, language } = useSpeech();
  const handsets = useHost((state) => state.handsets, NO_HANDSETS);
  const text = words.screens.journal;
  const { columns } = text.sessions;
  return useMemo(
    () => [
      { id: 'state', title: columns.state, width: '11rem', cell: (row) => <SessionState state={row.state} /> },
      { id: 'phone', title: columns.phone, cell: (row) => <PhoneCell row={row} handsets={handsets} /> },
      {
        ...{ id: 'started', title: columns.started, width: '10rem', from: 'small' },
        cell: ({ startedAt }) => <span className="number">{dateTimeText(startedAt, language)}</span>,
      },
      {
        ...{ id: 'duration', title: columns.duration, width: '6rem', align: 'end', from: 'medium' },
        cell: (row) => {
          const seconds = sessionSeconds(row);
          return seconds === undefined ? '' : durationText(seconds, language);
        },
      },
      {
        ...{ id: 'server', title: columns.server, from: 'wide', width: '11rem' },
        cell: ({ kind, dms }) =>
          kind === 'management-server' ? (
            <span className="quiet">{text.sessions.ownServer}</span>
          ) : (
            <span title={dms}>{serverText(dms)}</span>
          ),
      },
      {
        ...{ id: 'result', title: columns.result, from: 'small' },
        cell: (row) => {
          const result = sessionResultText(row, text, language);
          return (
            <span className={row.code === undefined ? 'quiet' : undefined} title={result}>
              {result}
            </span>
          );
        },
      },
    ],
    [columns, handsets, language, text],
  );
}

function SessionState({ state }: { readonly state: SessionRow['state'] }) {
  const { words } = useSpeech();
  switch (state) {
    case 'started':
    case 'running':
      return <StateBadge state="working" />;
    case 'done':
    case 'failed':
      return <StateBadge state={state} />;
    case 'aborted':
      return <StateBadge state="cancelled" />;
    case 'ended-unread':
      return <Badge tone="idle" icon={CircleHelp} text={words.screens.journal.sessions.unread} />;
  }
}

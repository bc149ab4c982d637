import { Button } from '@mantine/core';
import { BookOpenText, SearchX } from 'lucide-react';
import { useRef } from 'react';
import { type Column, DataTable } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { Loading } from '../../components/loading.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { JournalToolbar } from './journal-toolbar.tsx';
import type { JournalChoice } from './use-journal-choice.ts';
import type { PagedRows } from './use-page-list.ts';

interface JournalTableProps<Row> {
  readonly what: 'sessions' | 'jobs';
  readonly paged: PagedRows<Row>;
  readonly choice: JournalChoice;
  readonly columns: readonly Column<Row>[];
  readonly keyOf: (row: Row) => string;
  readonly onOpen: (row: Row) => void;
  readonly onExport: () => void;
}

/** A list of the journal in each of its states. */
export function JournalTable<Row>({ what, paged, choice, columns, keyOf, onOpen, onExport }: JournalTableProps<Row>) {
  const { words, common } = useSpeech();
  const text = words.screens.journal;
  const { list, error, loadMore, showFresh, retry } = paged;
  const box = useRef<HTMLDivElement>(null);
  const fresh = () => {
    showFresh();
    box.current?.querySelector('.data-table')?.scrollTo(0, 0);
  };
  return (
    <div className="journal-list" ref={box}>
      <JournalToolbar {...{ what, choice, list, onExport }} onFresh={fresh} />
      {error !== undefined && (
        <ErrorNotice level={2} code={error.code} message={error.message}>
          <Button variant="default" size="compact-sm" onClick={retry}>
            {common.retry}
          </Button>
        </ErrorNotice>
      )}
      {list === undefined && error === undefined && <Loading />}
      {list?.rows.length === 0 && choice.isEmpty && (
        <EmptyState icon={BookOpenText} title={text[what].emptyTitle} text={text[what].emptyText} />
      )}
      {list?.rows.length === 0 && !choice.isEmpty && (
        <EmptyState icon={SearchX} title={text.noMatch.title} text={text.noMatch.text}>
          <Button variant="default" onClick={choice.clear}>
            {text.clear}
          </Button>
        </EmptyState>
      )}
      {list !== undefined && list.rows.length > 0 && (
        <DataTable
          label={text[what].table}
          {...{ columns, keyOf, onOpen }}
          rows={list.rows}
          more={list.next !== undefined}
          onNearEnd={loadMore}
        />
      )}
    </div>
  );
}

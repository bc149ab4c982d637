import { Unplug } from 'lucide-react';
import { useCallback, useMemo, useState } from 'react';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { JobRow } from '../../../src-main/contract/journal-views.ts';
import type { PackageView } from '../../../src-main/contract/results.ts';
import { countText, dateTimeText } from '../../../src-main/wording/numbers.ts';
import type { Column } from '../../components/data-table.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useHost, useHostClient } from '../../host/host-context.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { ExportDialog } from './export-dialog.tsx';
import { JobDialog } from './job-dialog.tsx';
import { JournalTable } from './journal-table.tsx';
import { jobResultText, jobStateWord, jobText, serverText } from './journal-words.ts';
import { PhoneCell } from './phone-cell.tsx';
import { useJournalChoice } from './use-journal-choice.ts';
import { usePageList } from './use-page-list.ts';

/** Rows of a page. */
const PAGE = 250;
const NO_HANDSETS: KnownHandset[] = [];
const NO_PACKAGES: PackageView[] = [];

export function JobsList() {
  const client = useHostClient();
  const choice = useJournalChoice();
  const { params } = choice;
  const [exporting, setExporting] = useState(false);
  const [open, setOpen] = useState<JobRow | undefined>();
  const nameOf = usePackageNames();
  const handsets = useHost((state) => state.handsets, NO_HANDSETS);
  const read = useCallback(
    async (before: number | undefined, signal: AbortSignal) => {
      const from = before === undefined ? {} : { before };
      const { jobs, next } = await client.request('jobs.list', { ...params, ...from, limit: PAGE }, { signal });
      return { rows: jobs, next };
    },
    [client, params],
  );
  const paged = usePageList(read, keyOf);
  // What is open is shown as the list has it now.
  const job = open === undefined ? undefined : (paged.list?.rows.find(({ id }) => id === open.id) ?? open);
  return (
    <>
      <JournalTable
        what="jobs"
        {...{ paged, choice, keyOf }}
        columns={useJobColumns(handsets, nameOf)}
        onOpen={setOpen}
        onExport={() => setExporting(true)}
      />
      {job !== undefined && <JobDialog {...{ job, handsets, nameOf }} onClose={() => setOpen(undefined)} />}
      {exporting && <ExportDialog what="jobs" params={params} onClose={() => setExporting(false)} />}
    </>
  );
}

function keyOf({ id }: JobRow): string {
  return id;
}

/** Name and version of the packages that are still kept. */
function usePackageNames(): (id: string) => string | undefined {
  const packages = useHost((state) => state.packages, NO_PACKAGES);
  return useMemo(() => {
    const names = new Map(packages.map(({ id, name, version }) => [id, `${name} ${version}`]));
    return (id) => names.get(id);
  }, [packages]);
}

function useJobColumns(
  handsets: readonly KnownHandset[],
  nameOf: (id: string) => string | undefined,
): readonly Column<JobRow>[] {
  const { words, language } = useSpeech();
  const text = words.screens.journal;
  const { columns, interruptions, nobody } = text.jobs;
  return useMemo(
    () => [
      {
        ...{ id: 'state', title: columns.state, width: '11rem' },
        cell: ({ state }) => <StateBadge state={jobStateWord(state)} />,
      },
      {
        ...{ id: 'job', title: columns.job },
        cell: (row) => {
          const job = jobText(row, nameOf, text);
          return <span title={job}>{job}</span>;
        },
      },
      {
        id: 'phone',
        title: columns.phone,
        from: 'small',
        cell: (row) => <PhoneCell row={row} handsets={handsets} />,
      },
      {
        ...{ id: 'created', title: columns.created, width: '10rem', from: 'medium' },
        cell: ({ createdAt }) => <span className="number">{dateTimeText(createdAt, language)}</span>,
      },
      {
        ...{ id: 'result', title: columns.result, from: 'small' },
        cell: (row) => {
          const result = jobResultText(row, text, language);
          const lost =
            row.interruptions === 0 ? '' : interruptions(row.interruptions, countText(row.interruptions, language));
          return (
            <span className="journal-with-chip" title={`${result}\n${lost}`.trim()}>
              <span className="journal-cut">{result}</span>
              {lost !== '' && <Interruptions count={countText(row.interruptions, language)} text={lost} />}
            </span>
          );
        },
      },
      {
        ...{ id: 'server', title: columns.server, width: '9.5rem', from: 'wide' },
        cell: ({ reportTo }) =>
          reportTo === undefined ? (
            <span className="quiet">{nobody}</span>
          ) : (
            <span title={reportTo}>{serverText(reportTo)}</span>
          ),
      },
    ],
    [columns, interruptions, nobody, handsets, nameOf, language, text],
  );
}

/** How often the link was lost, where there is little room. */
function Interruptions({ count, text }: { readonly count: string; readonly text: string }) {
  return (
    <span className="chip number">
      <Unplug aria-hidden="true" />
      <span aria-hidden="true">{count}</span>
      <span className="unseen">{text}</span>
    </span>
  );
}

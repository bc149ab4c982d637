import '../software/difference.css';
import { Modal } from '@mantine/core';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { JobRow } from '../../../src-main/contract/journal-views.ts';
import { countText, dateTimeText } from '../../../src-main/wording/numbers.ts';
import { ErrorNotice } from '../../components/error-notice.tsx';
import { StateBadge } from '../../components/state-badge.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import { DifferenceList } from '../software/difference-list.tsx';
import { jobResultText, jobStateWord, jobText, phoneText } from './journal-words.ts';
import { PhoneCell } from './phone-cell.tsx';

interface JobDialogProps {
  readonly job: JobRow;
  readonly handsets: readonly KnownHandset[];
  readonly nameOf: (id: string) => string | undefined;
  readonly onClose: () => void;
}

/** Everything that the journal knows of one job. */
export function JobDialog({ job, handsets, nameOf, onClose }: JobDialogProps) {
  const { words, language } = useSpeech();
  const text = words.screens.journal;
  const { columns, interruptions, noInterruptions, nobody, close } = text.jobs;
  const lost = job.interruptions;
  const facts: readonly (readonly [string, string])[] = [
    [columns.result, jobResultText(job, text, language)],
    [columns.interruptions, lost === 0 ? noInterruptions : interruptions(lost, countText(lost, language))],
    [columns.created, dateTimeText(job.createdAt, language)],
    [columns.ended, job.endedAt === undefined ? '–' : dateTimeText(job.endedAt, language)],
    [columns.server, job.reportTo ?? nobody],
    [columns.handset, job.handset],
    [columns.id, job.id],
  ];
  return (
    <Modal
      opened
      size="lg"
      onClose={onClose}
      title={jobText(job, nameOf, text)}
      closeButtonProps={{ 'aria-label': close }}
    >
      <div className="stack">
        <div className="row">
          <StateBadge state={jobStateWord(job.state)} />
          <PhoneCell row={job} handsets={handsets} />
        </div>
        <dl className="facts">
          {facts.map(([name, value]) => (
            <div className="journal-fact" key={name}>
              <dt>{name}</dt>
              <dd className="number">{value}</dd>
            </div>
          ))}
        </dl>
        {job.difference !== undefined && <DifferenceList difference={job.difference} />}
        {job.code !== undefined && (
          <ErrorNotice
            code={job.code}
            message={job.message}
            phone={phoneText(job, handsets).name}
            tone={job.state === 'failed' ? 'failed' : 'needs-you'}
          />
        )}
      </div>
    </Modal>
  );
}

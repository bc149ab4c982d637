import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { JobRow } from '../../../src-main/contract/journal-views.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { phoneText } from './journal-words.ts';

interface PhoneCellProps {
  readonly row: Pick<JobRow, 'device' | 'handset' | 'virtual'>;
  readonly handsets: readonly KnownHandset[];
}

/** The phone of a row: its name, its masked number, and whether it is virtual. */
export function PhoneCell({ row, handsets }: PhoneCellProps) {
  const { common } = useSpeech();
  const { name, number } = phoneText(row, handsets);
  return (
    <span className="journal-with-chip" title={`${name}\n${number}`.trim()}>
      <span className="journal-cut">
        {name}
        {number !== '' && <span className="quiet small number"> {number}</span>}
      </span>
      {row.virtual && (
        <span className="chip" title={common.virtualHint}>
          {common.virtual}
        </span>
      )}
    </span>
  );
}

import type { Transfer } from '../../src-main/contract/sessions.ts';
import { durationText, sizeText } from '../../src-main/wording/numbers.ts';
import { useSpeech } from '../language/language-context.tsx';

interface TransferBarProps {
  /** Absent: it is not known how far it is. */
  readonly transfer?: Transfer | undefined;
  readonly label: string;
}

/** How far a transfer is: a bar, the numbers, and the time that is left when that can be said honestly. */
export function TransferBar({ transfer, label }: TransferBarProps) {
  const { common, language } = useSpeech();
  if (transfer === undefined) {
    return (
      <div className="bar" data-unknown="true" role="progressbar" aria-label={label}>
        <span />
      </div>
    );
  }
  const { done, total, rate, remaining } = transfer;
  const percent = total === 0 ? 100 : Math.floor((done / total) * 100);
  const numbers = common.transfer.numbers(sizeText(done, language), sizeText(total, language), percent);
  const time =
    done >= total
      ? undefined
      : remaining === undefined
        ? common.transfer.noEstimate
        : common.transfer.remaining(durationText(remaining, language));
  const parts = [numbers, rate === undefined ? undefined : common.transfer.rate(sizeText(rate, language)), time];
  return (
    <div className="stack" style={{ gap: 'var(--space-1)' }}>
      <div
        className="bar"
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent}
        aria-valuetext={numbers}
      >
        <span style={{ width: `${percent}%` }} />
      </div>
      <p className="small quiet number">{parts.filter((part) => part !== undefined).join(' · ')}</p>
    </div>
  );
}

import type { LiveOverview } from '../../src-main/contract/live-overview.ts';
import { sizeText } from '../../src-main/wording/numbers.ts';
import { useSpeech } from '../language/language-context.tsx';

/** How much of the large object has gone over, with numbers. */
export function TransferBar({ transfer }: { readonly transfer: NonNullable<LiveOverview['transfer']> }) {
  const { words, language } = useSpeech();
  const { done, total } = transfer;
  const percent = total > 0 ? Math.floor((done * 100) / total) : 0;
  const title = done >= total ? words.transferDone : words.transfer;
  return (
    <div className="transfer">
      <p className="transfer-head">
        <span id="transfer-title">{title}</span>
        <span className="numbers">
          {words.transferNumbers(sizeText(done, language), sizeText(total, language), percent)}
        </span>
      </p>
      <progress aria-labelledby="transfer-title" max={Math.max(total, 1)} value={done} />
    </div>
  );
}

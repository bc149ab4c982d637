import { ArrowLeft, ArrowRight } from 'lucide-react';
import { memo, type Ref } from 'react';
import type { MessageRow } from '../../../src-main/contract/sessions.ts';
import { messageLines } from '../../../src-main/wording/describe-command.ts';
import { countText, sizeText, timeText } from '../../../src-main/wording/numbers.ts';
import { useSpeech } from '../../language/language-context.tsx';
import { packageText } from './session-state.ts';

const MAX_LINES = 2;

interface TimelineRowProps {
  readonly ref: Ref<HTMLElement>;
  readonly message: MessageRow;
  readonly index: number;
  readonly count: number;
  /** Where it stands in the list, in pixels. */
  readonly start: number;
  readonly active: boolean;
  readonly opened: boolean;
  readonly onPick: (number: number) => void;
}

/** One message: which way, which step, what it says, how large and when. */
export const TimelineRow = memo(function TimelineRow(props: TimelineRowProps) {
  const { ref, message, index, count, start, active, opened, onPick } = props;
  const { words, language } = useSpeech();
  const text = words.screens.session;
  const { number, direction, bytes, sha256, at } = message;
  const Icon = direction === 'to-dms' ? ArrowRight : ArrowLeft;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the list has the focus and the keys, as aria-activedescendant says
    <div
      ref={ref as Ref<HTMLDivElement>}
      id={`message-${number}`}
      className="message"
      role="option"
      aria-selected={opened}
      aria-setsize={count}
      aria-posinset={index + 1}
      data-index={index}
      data-message={number}
      data-way={direction}
      data-bytes={bytes}
      data-sha256={sha256}
      data-active={active || undefined}
      style={{ transform: `translateY(${start}px)` }}
      onClick={() => onPick(number)}
    >
      <span className="message-icon">
        <Icon aria-hidden="true" className="session-arrow" />
      </span>
      <span className="message-way">
        <span>{text.direction[direction]}</span>
        <span className="small quiet">{packageText(message.package, text)}</span>
      </span>
      <MessageWords message={message} />
      <span className="message-numbers small quiet number">
        <span title={`${countText(bytes, language)} B`}>{sizeText(bytes, language)}</span>
        <time dateTime={at}>{timeText(at, language)}</time>
      </span>
    </div>
  );
});

function MessageWords({ message: { summary, direction } }: { readonly message: MessageRow }) {
  const { words, language } = useSpeech();
  const lines = messageLines(summary, direction, language);
  const more = lines.length - MAX_LINES;
  return (
    <span className="message-words">
      {lines.slice(0, MAX_LINES).map((line, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one message keep their places
        <span key={at} className="message-line">
          <span className="message-text" title={line.text}>
            {line.text}
          </span>
          {line.codes.map((code) => (
            <code key={code} className="code">
              {code}
            </code>
          ))}
          {more > 0 && at === MAX_LINES - 1 && (
            <span className="chip">{words.screens.session.timeline.more(`+${countText(more, language)}`)}</span>
          )}
        </span>
      ))}
    </span>
  );
}

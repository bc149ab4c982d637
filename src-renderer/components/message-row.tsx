import { memo } from 'react';
import type { MessageEvent } from '../../src-main/contract/events.ts';
import type { FeedEntry } from '../../src-main/contract/live-feed-messages.ts';
import { describeMessage } from '../../src-main/wording/describe-command.ts';
import { sizeText, timeText } from '../../src-main/wording/numbers.ts';
import { useSpeech } from '../language/language-context.tsx';
import { packageText } from '../language/package-text.ts';
import { ToHandsetIcon, ToServerIcon } from './icons.tsx';

const MAX_LINES = 2;

interface MessageRowProps {
  readonly entry: FeedEntry;
  readonly event: MessageEvent;
  readonly reachable: boolean;
  readonly open: boolean;
  readonly onFocus: (sequence: number) => void;
  readonly onOpen: (entry: FeedEntry) => void;
}

export const MessageRow = memo(function MessageRow(props: MessageRowProps) {
  const { entry, event, reachable, open, onFocus, onOpen } = props;
  const { words, language } = useSpeech();
  const lines = entry.summary === undefined ? [] : describeMessage(entry.summary, event.direction, language);
  const more = lines.length - MAX_LINES;
  return (
    <li className="message">
      <button
        type="button"
        className="message-button"
        data-sequence={entry.sequence}
        data-way={event.direction}
        data-open={open || undefined}
        aria-haspopup="dialog"
        tabIndex={reachable ? 0 : -1}
        onFocus={() => onFocus(entry.sequence)}
        onClick={() => onOpen(entry)}
      >
        <span className="message-way">
          {event.direction === 'to-dms' ? <ToServerIcon /> : <ToHandsetIcon />}
          <span>
            <span className="message-direction">{words.direction[event.direction]}</span>
            <span className="message-package">{packageText(event.package, words)}</span>
          </span>
        </span>
        <span className="message-words">
          {lines.slice(0, MAX_LINES).map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one message keep their places
            <span key={index}>{line}</span>
          ))}
          {more > 0 && <span className="message-more">{words.moreLines(more)}</span>}
        </span>
        <span className="message-numbers">
          <span>{sizeText(event.bytes, language)}</span>
          <time dateTime={event.time}>{timeText(event.time, language)}</time>
        </span>
      </button>
    </li>
  );
});

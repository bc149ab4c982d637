import { Button } from '@mantine/core';
import { ArrowDownToLine } from 'lucide-react';
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { countText } from '../../../src-main/wording/numbers.ts';
import { Loading } from '../../components/loading.tsx';
import { useSpeech } from '../../language/language-context.tsx';
import type { SessionLog } from './session-log.ts';
import { nextIndex } from './timeline-moves.ts';
import { TimelineRow } from './timeline-row.tsx';
import { useTimeline } from './use-timeline.ts';

interface TimelineProps {
  /** The list, for who gives it the focus back. */
  readonly list: RefObject<HTMLDivElement | null>;
  readonly log: SessionLog;
  readonly live: boolean;
  readonly loading: boolean;
  /** Number of the message that is open. */
  readonly opened: number | undefined;
  readonly onOpen: (number: number) => void;
  readonly onClose: () => void;
}

/** Every message in the order of time. One stop for the tab key; keys move within, whatever is drawn. */
export function Timeline({ list, log: { messages, dropped }, live, loading, opened, onOpen, onClose }: TimelineProps) {
  const { words, language } = useSpeech();
  const text = words.screens.session.timeline;
  const [active, setActive] = useState<number | undefined>();
  const activeIndex = active === undefined ? -1 : messages.findIndex(({ number }) => number === active);
  const { virtualizer, following, follow, unfollow, onScroll } = useTimeline(list, messages, live, activeIndex);

  const openedIndex = opened === undefined ? -1 : messages.findIndex(({ number }) => number === opened);
  const openedBefore = useRef(-1);
  useEffect(() => {
    // The list gets narrower for the message beside it, so its row may have gone out of sight.
    if (openedIndex >= 0 && openedBefore.current !== openedIndex) virtualizer.scrollToIndex(openedIndex);
    openedBefore.current = openedIndex;
  }, [openedIndex, virtualizer]);

  const go = (index: number) => {
    const message = messages[index];
    if (message === undefined) return;
    setActive(message.number);
    if (index === messages.length - 1 && live) follow();
    else unfollow();
    virtualizer.scrollToIndex(index, { align: 'auto' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape' && opened !== undefined) onClose();
    else if ((event.key === 'Enter' || event.key === ' ') && active !== undefined) onOpen(active);
    else {
      const next = nextIndex(event.key, activeIndex, messages.length);
      if (next === undefined) return;
      go(next);
    }
    event.preventDefault();
  };
  const onFocus = () => {
    if (activeIndex >= 0) return;
    const first = following ? messages.length - 1 : (virtualizer.range?.startIndex ?? 0);
    setActive(messages[first]?.number);
  };
  const onPick = (number: number) => {
    setActive(number);
    onOpen(number);
  };

  return (
    <section className="panel timeline" aria-labelledby="timeline-title">
      <div className="timeline-head">
        <h2 id="timeline-title">{text.title}</h2>
        <p className="small quiet">{text.hint}</p>
        {live && !following && (
          <Button
            variant="default"
            size="compact-sm"
            leftSection={<ArrowDownToLine size="1em" aria-hidden="true" />}
            onClick={follow}
          >
            {text.follow}
          </Button>
        )}
      </div>
      {dropped > 0 && (
        <p className="timeline-note small quiet">{text.dropped(dropped, countText(dropped, language))}</p>
      )}
      {messages.length === 0 ? (
        <div className="timeline-note quiet">{loading ? <Loading /> : live ? text.empty : text.emptyOver}</div>
      ) : (
        <div
          ref={list}
          className="timeline-list"
          role="listbox"
          tabIndex={0}
          aria-label={text.label(countText(messages.length, language))}
          aria-activedescendant={activeIndex < 0 ? undefined : `message-${active}`}
          onKeyDown={onKeyDown}
          onFocus={onFocus}
          onScroll={onScroll}
        >
          <div className="timeline-rows" role="presentation" style={{ height: `${virtualizer.getTotalSize()}px` }}>
            {virtualizer.getVirtualItems().map(({ index, start }) => {
              const message = messages[index];
              if (message === undefined) return null;
              return (
                <TimelineRow
                  key={message.number}
                  ref={virtualizer.measureElement}
                  message={message}
                  index={index}
                  count={messages.length}
                  start={start}
                  active={index === activeIndex}
                  opened={message.number === opened}
                  onPick={onPick}
                />
              );
            })}
          </div>
        </div>
      )}
    </section>
  );
}

import { defaultRangeExtractor, type Range, type ReactVirtualizer, useVirtualizer } from '@tanstack/react-virtual';
import { type RefObject, useCallback, useLayoutEffect, useRef, useState } from 'react';
import type { MessageRow } from '../../../src-main/contract/sessions.ts';

/** Height of a row before it was measured, in pixels. */
const ROW = 58;
/** So near the end, in pixels, a reader is at the end. */
const AT_END = 24;

interface TimelineView {
  readonly virtualizer: ReactVirtualizer<HTMLDivElement, HTMLElement>;
  /** The newest message is kept in view. */
  readonly following: boolean;
  readonly follow: () => void;
  readonly unfollow: () => void;
  readonly onScroll: () => void;
}

/** Draws only the rows that can be seen, and stays at the newest until a reader scrolls up. */
export function useTimeline(
  list: RefObject<HTMLDivElement | null>,
  messages: readonly MessageRow[],
  live: boolean,
  active: number,
): TimelineView {
  const [wanted, setWanted] = useState(true);
  const following = live && wanted;
  const before = useRef(0);
  const virtualizer = useVirtualizer<HTMLDivElement, HTMLElement>({
    count: messages.length,
    getScrollElement: () => list.current,
    estimateSize: () => ROW,
    overscan: 6,
    getItemKey: useCallback((index: number) => messages[index]?.number ?? index, [messages]),
    // The active row is what `aria-activedescendant` names, so it is always there.
    rangeExtractor: useCallback((range: Range) => withIndex(defaultRangeExtractor(range), active), [active]),
  });
  const size = virtualizer.getTotalSize();

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new or a newly measured row is what moves the list
  useLayoutEffect(() => {
    const element = list.current;
    if (following && element !== null) element.scrollTop = element.scrollHeight;
  }, [following, size, messages.length, list]);

  const onScroll = useCallback(() => {
    const element = list.current;
    if (element === null) return;
    const { scrollTop, scrollHeight, clientHeight } = element;
    // Only a reader goes up; rows that are measured anew move the list down.
    if (scrollHeight - scrollTop - clientHeight < AT_END) setWanted(true);
    else if (scrollTop < before.current) setWanted(false);
    before.current = scrollTop;
  }, [list]);
  const follow = useCallback(() => setWanted(true), []);
  const unfollow = useCallback(() => setWanted(false), []);
  return { virtualizer, following, follow, unfollow, onScroll };
}

function withIndex(indexes: number[], index: number): number[] {
  if (index < 0 || indexes.includes(index)) return indexes;
  return [...indexes, index].toSorted((a, b) => a - b);
}

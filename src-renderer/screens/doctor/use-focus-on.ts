import { type RefObject, useEffect, useRef } from 'react';

/** Leads who came for one finding to it, once. @returns ref of its card */
export function useFocusOn(target: string | undefined, there: boolean): RefObject<HTMLElement | null> {
  const card = useRef<HTMLElement>(null);
  const done = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (target === undefined || !there || done.current === target) return;
    // After the frame of the window, which begins at the top of a new place.
    const frame = requestAnimationFrame(() => {
      done.current = target;
      card.current?.scrollIntoView({ block: 'start' });
      card.current?.focus({ preventScroll: true });
    });
    return () => cancelAnimationFrame(frame);
  }, [target, there]);
  return card;
}

import { type RefObject, useLayoutEffect, useRef } from 'react';

/** For what vanishes by itself: when it held the keyboard's place, the screen gets it, and not the whole page. */
export function useFocusLeft<T extends HTMLElement>(): RefObject<T | null> {
  const box = useRef<T>(null);
  useLayoutEffect(() => {
    const { current } = box;
    return () => {
      if (current?.contains(document.activeElement) !== true) return;
      requestAnimationFrame(() => {
        if (document.activeElement === document.body) document.getElementById('main')?.focus({ preventScroll: true });
      });
    };
  }, []);
  return box;
}

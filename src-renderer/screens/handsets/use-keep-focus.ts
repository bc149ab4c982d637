import { type RefObject, useCallback, useEffect, useRef } from 'react';

/** Marks what takes the focus when a control in it has gone. */
export const FOCUS_HOME = 'data-focus-home';

/**
 * Keeps the keyboard's place in a region whose parts come, go and move: when what had the focus is moved, it gets it
 * again; when it has gone, the card that held it does, and when that has gone too, the region.
 * @returns gives the focus back to where it was, for when a dialog closes
 */
export function useKeepFocus(region: RefObject<HTMLElement | null>): () => void {
  const last = useRef<{ readonly control: HTMLElement; readonly home: HTMLElement | null } | undefined>(undefined);
  const restore = useCallback(() => {
    const { activeElement, body } = document;
    if (last.current === undefined || (activeElement !== null && activeElement !== body)) return;
    const { control, home } = last.current;
    const target = [control, home].find((each) => each?.isConnected === true && each.closest('[inert]') === null);
    (target ?? region.current)?.focus({ preventScroll: true });
  }, [region]);
  useEffect(() => {
    const root = region.current;
    if (root === null) return;
    const remember = ({ target }: FocusEvent) => {
      if (!(target instanceof HTMLElement)) return;
      last.current = { control: target, home: target.closest<HTMLElement>(`[${FOCUS_HOME}]`) };
    };
    // Who goes elsewhere, by a key or a click, has no place in it any more. What vanishes goes nowhere, and a dialog
    // comes back.
    const forget = (to: EventTarget | null) => {
      if (!(to instanceof Element) || root.contains(to) || to.closest('[role="dialog"]') !== null) return;
      last.current = undefined;
    };
    const onFocusOut = ({ relatedTarget }: FocusEvent) => forget(relatedTarget);
    const onPointer = ({ target }: PointerEvent) => forget(target);
    const observer = new MutationObserver(restore);
    root.addEventListener('focusin', remember);
    root.addEventListener('focusout', onFocusOut);
    document.addEventListener('pointerdown', onPointer, true);
    observer.observe(root, { childList: true, subtree: true });
    return () => {
      observer.disconnect();
      root.removeEventListener('focusin', remember);
      root.removeEventListener('focusout', onFocusOut);
      document.removeEventListener('pointerdown', onPointer, true);
    };
  }, [region, restore]);
  return restore;
}

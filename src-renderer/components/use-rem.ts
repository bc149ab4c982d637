import { useSyncExternalStore } from 'react';

/** Size of a letter of the page in pixels; it follows the window's width and the zoom. */
export function useRem(): number {
  return useSyncExternalStore(onResize, remSize);
}

function onResize(changed: () => void): () => void {
  window.addEventListener('resize', changed);
  return () => window.removeEventListener('resize', changed);
}

function remSize(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
}

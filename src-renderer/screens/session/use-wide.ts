import { useSyncExternalStore } from 'react';

const WIDE = '(min-width: 1100px)';

/** Whether there is room for something beside the list. */
export function useWide(): boolean {
  return useSyncExternalStore(subscribe, () => matchMedia(WIDE).matches);
}

function subscribe(changed: () => void): () => void {
  const query = matchMedia(WIDE);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

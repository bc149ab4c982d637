import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';

/** Counts what was kept or deleted in this window: the host tells no face of that by itself. */
const kept: StoreApi<number> = createStore<number>(() => 0);

/** Another one whenever an archive or a snapshot was kept or deleted here. */
export function useKeptVersion(): number {
  return useStore(kept);
}

export function keptChanged(): void {
  kept.setState(kept.getState() + 1, true);
}

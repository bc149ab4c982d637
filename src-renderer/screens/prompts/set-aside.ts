import { createStore, type StoreApi } from 'zustand/vanilla';

/** Questions whose dialog a person has closed without an answer; their handsets' cards bring them back. */
export const setAside: StoreApi<ReadonlySet<string>> = createStore<ReadonlySet<string>>(() => new Set<string>());

export function setPromptAside(id: string): void {
  setAside.setState(new Set([...setAside.getState(), id]), true);
}

export function showPrompt(id: string): void {
  setAside.setState(new Set([...setAside.getState()].filter((each) => each !== id)), true);
}

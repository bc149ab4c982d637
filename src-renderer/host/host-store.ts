import { createStore, type StoreApi } from 'zustand/vanilla';
import type { HostState } from '../../src-main/contract/host-state.ts';

export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  | { readonly kind: 'lost' }
  /** `code`: why the host does not want us; trying again would not help. */
  | { readonly kind: 'refused'; readonly code: string };

export interface HostView {
  readonly connection: Connection;
  /** What the host knows; stays while the connection is lost. `undefined` before the first snapshot. */
  readonly state: HostState | undefined;
}

export type HostStore = StoreApi<HostView>;

export function createHostStore(): HostStore {
  return createStore<HostView>(() => ({ connection: { kind: 'connecting' }, state: undefined }));
}

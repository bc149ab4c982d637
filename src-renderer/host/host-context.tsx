import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import type { HostState } from '../../src-main/contract/host-state.ts';
import type { HostClient } from './host-client.ts';
import type { Connection, HostStore } from './host-store.ts';

interface HostAccess {
  readonly client: HostClient;
  readonly store: HostStore;
}

const HostContext = createContext<HostAccess | undefined>(undefined);

export function HostProvider({ client, store, children }: HostAccess & { readonly children: ReactNode }) {
  return <HostContext value={{ client, store }}>{children}</HostContext>;
}

function useAccess(): HostAccess {
  const access = useContext(HostContext);
  if (access === undefined) throw new TypeError('a component asks the host inside HostProvider');
  return access;
}

export function useHostClient(): HostClient {
  return useAccess().client;
}

export function useConnection(): Connection {
  return useStore(useAccess().store, ({ connection }) => connection);
}

/** False until the first snapshot came: show that it is loading, not that there is nothing. */
export function useHasState(): boolean {
  return useStore(useAccess().store, ({ state }) => state !== undefined);
}

/**
 * A part of the host's state; drawn again only when that part is another. `select` gives back what is in the state, or
 * a string, number or boolean, never a new array or object.
 * @param none what to give before the first snapshot
 */
export function useHost<T>(select: (state: HostState) => T, none: T): T {
  return useStore(useAccess().store, ({ state }) => (state === undefined ? none : select(state)));
}

import { DatabaseSync } from 'node:sqlite';
import type { ParamsOf, RequestName, ResultOf } from '../../src-main/contract/requests.ts';
import { hostEndpoint } from '../../src-main/host/endpoint.ts';
import { connectLocal, type LocalConnection } from '../../src-main/host/local-client.ts';
import { type Places, places } from '../../src-main/settings/places.ts';

/** A face of the host that runs in another process on this home. */
export interface HostFace {
  request<N extends RequestName>(name: N, params: ParamsOf<N>): Promise<ResultOf<N>>;
  close(): void;
}

export function placesOf(home: string): Places {
  return places({ PC_AGENT_HOME: home }, process.platform);
}

/** @throws Error when no host runs on this home */
export async function connectHost(home: string): Promise<LocalConnection> {
  const { signal } = new AbortController();
  const endpoint = hostEndpoint(placesOf(home).runtime);
  const connection = await connectLocal({ endpoint, face: 'test', signal });
  if (connection === undefined) throw new Error('no host runs');
  return connection;
}

export async function hostFace(home: string): Promise<HostFace> {
  const connection = await connectHost(home);
  const { signal } = new AbortController();
  return {
    request: (name, params) => connection.request(name, params, { emit: () => undefined, signal }),
    close: () => connection.close(),
  };
}

/** Rows of a home's database as they are on the disk; a host may run meanwhile. */
export function rowsOf<T>(home: string, query: string): readonly T[] {
  const database = new DatabaseSync(`${placesOf(home).state}/pc-agent.db`, { readOnly: true });
  try {
    return database.prepare(query).all() as T[];
  } finally {
    database.close();
  }
}

import { join } from 'node:path';
import type { HostChange } from '../../src-main/contract/host-state.ts';
import type { ParamsOf, RequestName, ResultOf } from '../../src-main/contract/requests.ts';
import { hostEndpoint } from '../../src-main/host/endpoint.ts';
import { connectLocal } from '../../src-main/host/local-client.ts';
import { placesOf } from './host-face.ts';
import type { Stage } from './processes.ts';

type ChangeOf<K extends HostChange['kind']> = Extract<HostChange, { readonly kind: K }>;

/** A face that follows the host of a stage, as a window does, and keeps the changes that it was told. */
export interface WindowFace {
  readonly changes: readonly HostChange[];
  request<N extends RequestName>(
    name: N,
    params: ParamsOf<N>,
    cancel?: AbortSignal,
    part?: (part: unknown) => void,
  ): Promise<ResultOf<N>>;
  /** The first change of a kind that is as wanted, of those that came after the first `after` and of those to come. */
  next<K extends HostChange['kind']>(
    kind: K,
    after?: number,
    wanted?: (change: ChangeOf<K>) => boolean,
  ): Promise<ChangeOf<K>>;
}

export async function openWindowFace(stage: Stage): Promise<WindowFace> {
  const stop = new AbortController();
  const { signal } = stop;
  const endpoint = hostEndpoint(placesOf(join(stage.folder, 'home')).runtime);
  const connection = await connectLocal({ endpoint, face: 'test', signal });
  if (connection === undefined) throw new Error('no host runs');
  const changes: HostChange[] = [];
  const waiting = new Set<() => void>();
  const following = connection.follow((update) => {
    if (update.kind === 'change') changes.push(update.change);
    for (const wake of waiting) wake();
  }, signal);
  following.catch(() => undefined);
  stage.owns(async () => {
    stop.abort();
    connection.close();
  });
  return {
    changes,
    request: (name, params, cancel = signal, part = () => undefined) =>
      connection.request(name, params, { emit: () => undefined, signal: cancel, part }),
    next: (kind, after = 0, wanted = () => true) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = changes.slice(after).find((change) => isOf(change, kind) && wanted(change));
          if (found === undefined || !isOf(found, kind)) return;
          waiting.delete(look);
          resolve(found);
        };
        waiting.add(look);
        look();
      }),
  };
}

function isOf<K extends HostChange['kind']>(change: HostChange, kind: K): change is ChangeOf<K> {
  return change.kind === kind;
}

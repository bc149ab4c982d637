import { useCallback, useEffect, useRef, useState } from 'react';
import { isPcAgentError, PcAgentError } from '../../src-main/base/errors.ts';
import type { ParamsOf, RequestName, ResultOf } from '../../src-main/contract/requests.ts';
import type { RequestOptions } from './host-client.ts';
import { useConnection, useHostClient } from './host-context.tsx';

export type Answer<T> =
  | { readonly kind: 'loading'; readonly data: T | undefined }
  | { readonly kind: 'ready'; readonly data: T }
  | { readonly kind: 'failed'; readonly error: PcAgentError; readonly data: T | undefined };

/**
 * Asks when the screen comes, when `params` or `version` differ, and when the connection is back; what was answered
 * before stays until the new answer is there.
 * @param params `undefined`: do not ask
 */
export function useRequest<N extends RequestName>(
  name: N,
  params: ParamsOf<N> | undefined,
  version: unknown = 0,
): Answer<ResultOf<N>> & { readonly reload: () => void } {
  const client = useHostClient();
  const live = useConnection().kind === 'live';
  const [turn, setTurn] = useState(0);
  const [answer, setAnswer] = useState<Answer<ResultOf<N>>>({ kind: 'loading', data: undefined });
  const key = params === undefined ? undefined : JSON.stringify(params);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `version` and `turn` say that it is to be asked again
  useEffect(() => {
    if (!live || key === undefined) return;
    const stop = new AbortController();
    setAnswer(({ data }) => ({ kind: 'loading', data }));
    client.request(name, JSON.parse(key) as ParamsOf<N>, { signal: stop.signal }).then(
      (data) => setAnswer({ kind: 'ready', data }),
      (error: unknown) => {
        if (!stop.signal.aborted) setAnswer(({ data }) => ({ kind: 'failed', error: agentError(error), data }));
      },
    );
    return () => stop.abort();
  }, [client, live, name, key, version, turn]);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { ...answer, reload };
}

export interface Action<N extends RequestName> {
  readonly running: boolean;
  readonly error: PcAgentError | undefined;
  /** @returns the result; `undefined` when it failed (see `error`) or was given up. */
  readonly run: (params: ParamsOf<N>, options?: RequestOptions<N>) => Promise<ResultOf<N> | undefined>;
  readonly clear: () => void;
}

/** Something that a person asks for by a button: running, failed or done. */
export function useAction<N extends RequestName>(name: N): Action<N> {
  const client = useHostClient();
  const [running, setRunning] = useState(false);
  const [error, setError] = useState<PcAgentError | undefined>();
  const latest = useRef(0);
  const run = useCallback(
    async (params: ParamsOf<N>, options: RequestOptions<N> = {}) => {
      latest.current += 1;
      const turn = latest.current;
      setRunning(true);
      setError(undefined);
      try {
        return await client.request(name, params, options);
      } catch (failure) {
        if (latest.current === turn && options.signal?.aborted !== true) setError(agentError(failure));
        return undefined;
      } finally {
        if (latest.current === turn) setRunning(false);
      }
    },
    [client, name],
  );
  const clear = useCallback(() => setError(undefined), []);
  return { running, error, run, clear };
}

/** What a failure is for people; one without a code is a fault of the page. */
export function agentError(error: unknown): PcAgentError {
  if (isPcAgentError(error)) return error;
  return new PcAgentError('page/failed', error instanceof Error ? error.message : String(error));
}

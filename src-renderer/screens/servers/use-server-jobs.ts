import { useCallback, useEffect, useState } from 'react';
import type { PcAgentError } from '../../../src-main/base/errors.ts';
import type { DmsJobView } from '../../../src-main/contract/software-views.ts';
import { useConnection, useHostClient } from '../../host/host-context.tsx';
import { agentError } from '../../host/use-request.ts';
import { MOST_JOBS, withJob } from './with-job.ts';

export interface ServerJobs {
  /** Newest first; absent: the server has not answered yet. */
  readonly jobs: readonly DmsJobView[] | undefined;
  /** Why nothing more is heard; what is shown may be out of date. */
  readonly error: PcAgentError | undefined;
  readonly retry: () => void;
}

/**
 * The jobs of a DM server, and each change as it happens, as long as the screen is there.
 * @param dms `undefined`: do not ask
 */
export function useServerJobs(dms: string | undefined): ServerJobs {
  const client = useHostClient();
  const live = useConnection().kind === 'live';
  const [turn, setTurn] = useState(0);
  const [jobs, setJobs] = useState<readonly DmsJobView[] | undefined>();
  const [error, setError] = useState<PcAgentError | undefined>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` says that it is to be asked again
  useEffect(() => {
    if (!live || dms === undefined) return;
    const stop = new AbortController();
    const { signal } = stop;
    const follow = async () => {
      const list = await client.request('dms.jobs', { dms, limit: MOST_JOBS }, { signal });
      setJobs(list.jobs);
      const onPart = (job: DmsJobView) => setJobs((before = []) => withJob(before, job));
      await client.request('dms.watch', { dms }, { signal, onPart });
    };
    setError(undefined);
    follow().catch((failure: unknown) => {
      if (!signal.aborted) setError(agentError(failure));
    });
    return () => stop.abort();
  }, [client, live, dms, turn]);
  const retry = useCallback(() => setTurn((before) => before + 1), []);
  return { jobs, error, retry };
}

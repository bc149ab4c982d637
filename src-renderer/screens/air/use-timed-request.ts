import { useCallback, useEffect, useRef, useState } from 'react';
import type { ParamsOf, ResultOf } from '../../../src-main/contract/requests.ts';
import { secondsBetween, useNow } from '../../components/use-now.ts';
import { type Action, useAction } from '../../host/use-request.ts';

type Timed = 'air.search' | 'air.show';

export interface TimedRequest<N extends Timed> {
  /** Seconds that are left; absent: it does not run. */
  readonly left: number | undefined;
  readonly error: Action<N>['error'];
  /** @returns its result; `undefined` when it failed, or was stopped. */
  readonly start: () => Promise<ResultOf<N> | undefined>;
  readonly stop: () => void;
}

/** What goes on for so many seconds, or until a person stops it or goes away. */
export function useTimedRequest<N extends Timed>(name: N, seconds: number): TimedRequest<N> {
  const { run, running, error } = useAction(name);
  const stopper = useRef<AbortController | undefined>(undefined);
  const [until, setUntil] = useState(0);
  const now = useNow(running);
  const start = useCallback(() => {
    stopper.current = new AbortController();
    setUntil(Date.now() + seconds * 1000);
    return run({ seconds } as ParamsOf<N>, { signal: stopper.current.signal });
  }, [run, seconds]);
  const stop = useCallback(() => stopper.current?.abort(), []);
  useEffect(() => stop, [stop]);
  return { left: running ? Math.min(seconds, secondsBetween(now, until)) : undefined, error, start, stop };
}

import { useCallback, useEffect, useRef, useState } from 'react';
import type { PcAgentError } from '../../../src-main/base/errors.ts';
import { useConnection, useHost, useHostClient } from '../../host/host-context.tsx';
import { agentError } from '../../host/use-request.ts';
import { type AnySession, EMPTY_LOG, lastNumber, logAfterPart, type SessionLog } from './session-log.ts';

/** Not the session's fault: it is asked again as soon as the host is back. */
const CONNECTION_CODES: readonly string[] = ['host/lost', 'page/unreachable'];

export interface WatchedSession {
  readonly log: SessionLog;
  /** The newest row that there is. */
  readonly session: AnySession | undefined;
  readonly error: PcAgentError | undefined;
  readonly retry: () => void;
}

/** Watches one session; after a lost connection it goes on behind the last message that it has. */
export function useSessionLog(key: string): WatchedSession {
  const client = useHostClient();
  const live = useConnection().kind === 'live';
  const latest = useRef<SessionLog>(EMPTY_LOG);
  const [log, setLog] = useState<SessionLog>(EMPTY_LOG);
  const [over, setOver] = useState(false);
  const [error, setError] = useState<PcAgentError | undefined>();
  const [turn, setTurn] = useState(0);
  // Messages and numbers come together in the watched row; what is found out after the end is in the host's state only.
  const ofState = useHost(({ sessions }) => sessions.find((row) => row.key === key), undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` says that it is to be asked again
  useEffect(() => {
    if (!live || over) return;
    const stop = new AbortController();
    setError(undefined);
    client
      .request(
        'sessions.watch',
        { session: key, after: lastNumber(latest.current) },
        {
          signal: stop.signal,
          onPart: (part) => {
            latest.current = logAfterPart(latest.current, part);
            setLog(latest.current);
          },
        },
      )
      .then(
        () => setOver(true),
        (failure: unknown) => {
          const told = agentError(failure);
          if (!stop.signal.aborted && !CONNECTION_CODES.includes(told.code)) setError(told);
        },
      );
    return () => stop.abort();
  }, [client, live, over, key, turn]);

  const retry = useCallback(() => setTurn((before) => before + 1), []);
  const session = over ? (ofState ?? log.session) : (log.session ?? ofState);
  return { log, session, error, retry };
}

import { useCallback, useEffect, useRef } from 'react';
import type { PcAgentError } from '../../../src-main/base/errors.ts';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { ComponentView } from '../../../src-main/contract/results.ts';
import type { Task } from '../../../src-main/contract/tasks.ts';
import { useConnection, useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { endedTaskOf } from '../handsets/card-facts.ts';
import { lastReading } from './reading.ts';

interface Reading {
  readonly components: readonly ComponentView[] | undefined;
  /** When the handset said so, ISO 8601. */
  readonly readAt: string | undefined;
  readonly running: boolean;
  readonly error: PcAgentError | undefined;
  readonly read: () => void;
}

/**
 * What is on a handset, as it was last read, whoever asked for it. It is read when the page comes and nothing is known,
 * and after work that changed something without saying what is there now.
 * @param free the handset is there and does nothing else
 */
export function useReading(handset: KnownHandset, free: boolean): Reading {
  const { device } = handset;
  const { run, running, error } = useAction('inventory');
  const live = useConnection().kind === 'live';
  const last = useHost(({ tasks }) => lastReading(tasks, handset), undefined);
  const change = useHost(({ tasks }) => endedTaskOf(tasks, handset), undefined);
  const kept = useKept(last);
  const abort = useRef<AbortController | undefined>(undefined);
  const tried = useRef<string | undefined>(undefined);
  const read = useCallback(() => {
    abort.current?.abort();
    const stop = new AbortController();
    abort.current = stop;
    void run({ handset: device, device }, { signal: stop.signal });
  }, [device, run]);
  useEffect(() => () => abort.current?.abort(), []);
  const readAt = kept?.end?.at;
  const stale = isStale(readAt, change);
  const cause = readAt === undefined ? 'none' : stale ? change?.id : undefined;
  useEffect(() => {
    if (!live || !free || cause === undefined || tried.current === cause) return;
    tried.current = cause;
    read();
  }, [live, free, cause, read]);
  return { components: kept?.end?.result?.components, readAt, running, error, read };
}

/** What was read stays when the host takes its task off the list. */
function useKept(last: Task | undefined): Task | undefined {
  const kept = useRef(last);
  if (last !== undefined) kept.current = last;
  return kept.current;
}

/** Something was changed since then, as far as it went well. */
function isStale(readAt: string | undefined, change: Task | undefined): boolean {
  if (readAt === undefined || change?.end === undefined || change.name === 'inventory') return false;
  return change.end.result?.components === undefined && Date.parse(change.end.at) > Date.parse(readAt);
}

import { useEffect, useState } from 'react';
import type { PcAgentError } from '../../../src-main/base/errors.ts';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { ParamsOf } from '../../../src-main/contract/requests.ts';
import { useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';
import { isTaskOf } from './card-facts.ts';
import type { WorkName } from './work-name.ts';

/** Seconds for which a phone whose cable was pulled is waited for: time to find it under the desk. */
const RECONNECT = 600;

/** Work that changes the software of one handset. */
type Changing = Exclude<WorkName, 'inventory' | 'snapshots.take' | 'snapshots.compare' | 'sync'>;

interface Launch<N extends Changing> {
  readonly launch: (params: ParamsOf<N>) => void;
  /** Asked for, and the host has not begun yet. */
  readonly launching: boolean;
  /** Why it was not begun at all. */
  readonly error: PcAgentError | undefined;
}

/**
 * Starts work that goes on without this page. As soon as the host has it among its tasks the handset's card shows it,
 * and `onBegun` is called; what the host refuses at once is told here.
 */
export function useLaunch<N extends Changing>(name: N, handset: KnownHandset, onBegun: () => void): Launch<N> {
  const { run, error } = useAction(name);
  const [before, setBefore] = useState<string | undefined>();
  const latest = useHost(
    ({ tasks }) => tasks.findLast((task) => task.name === name && isTaskOf(task, handset))?.id ?? '',
    '',
  );
  const launching = before !== undefined && error === undefined;
  useEffect(() => {
    if (before !== undefined && latest !== before && latest !== '') onBegun();
  }, [before, latest, onBegun]);
  const launch = (params: ParamsOf<N>) => {
    if (launching) return;
    setBefore(latest);
    void run({ ...params, reconnect: RECONNECT }, { keep: true }).then((result) => {
      if (result === undefined) setBefore(undefined);
      else onBegun();
    });
  };
  return { launch, launching, error };
}

import type { PcAgentError } from '../../../src-main/base/errors.ts';
import type { KnownHandset } from '../../../src-main/contract/handsets.ts';
import type { HostState } from '../../../src-main/contract/host-state.ts';
import type { OperationResult } from '../../../src-main/contract/results.ts';
import { useHost } from '../../host/host-context.tsx';
import { useAction } from '../../host/use-request.ts';

export interface Sync {
  readonly sync: () => Promise<OperationResult | undefined>;
  /** It was asked for here, and goes on. */
  readonly working: boolean;
  /** Something goes on with the handset, whoever asked for it. */
  readonly atWork: boolean;
  readonly error: PcAgentError | undefined;
}

/**
 * Carries what a DM server wants of a handset; it goes on when this page goes away.
 * @param dms id of the server's profile
 */
export function useSync({ device }: Pick<KnownHandset, 'device'>, dms: string): Sync {
  const { run, running, error } = useAction('sync');
  const atWork = useHost((state) => isAtWork(state, device), false);
  return {
    sync: async () => run({ handset: device, device, dms }, { keep: true }),
    working: running,
    atWork,
    error,
  };
}

function isAtWork({ tasks, sessions }: Pick<HostState, 'tasks' | 'sessions'>, device: string): boolean {
  return (
    tasks.some((task) => task.end === undefined && (task.device === device || task.handset === device)) ||
    sessions.some((session) => session.endedAt === undefined && session.device === device)
  );
}

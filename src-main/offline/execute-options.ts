import type { Job } from '../jobs/job.ts';
import type { ExecuteOptions } from '../scomo/procedure/execute.ts';
import type { JobContext } from './job-context.ts';

/** How a job's operation is executed: under its own id, and with the consent that it wants. */
export function executeOptions({ id, consent }: Job, { onBegin }: JobContext): ExecuteOptions {
  return { correlator: id, onExec: onBegin, ...(consent === undefined ? {} : { consent }) };
}

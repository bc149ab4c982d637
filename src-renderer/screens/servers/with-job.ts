import type { DmsJobView } from '../../../src-main/contract/software-views.ts';

/** The contract's longest page of a list. */
export const MOST_JOBS = 500;

/** A list with one job as it is now: the same list when it has it so already; a new one comes first. */
export function withJob(jobs: readonly DmsJobView[], job: DmsJobView): readonly DmsJobView[] {
  const at = jobs.findIndex(({ id }) => id === job.id);
  if (at === -1) return [job, ...jobs].slice(0, MOST_JOBS);
  return JSON.stringify(jobs[at]) === JSON.stringify(job) ? jobs : jobs.with(at, job);
}

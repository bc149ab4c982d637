import type { Job } from '../jobs/job.ts';
import { isEnd } from '../jobs/job-state.ts';

/** Where the component of a pending archive is, by the jobs that were to remove it. */
export function fateOf(
  { component, madeAt }: { readonly component: string; readonly madeAt: string },
  jobs: readonly Job[],
): 'there' | 'gone' | 'unknown' {
  const removals = jobs.filter(
    (job) =>
      job.operation === 'remove' &&
      job.component === component &&
      // One that was given before and was taken up counts too.
      (job.endedAt === undefined || job.endedAt >= madeAt),
  );
  // What was skipped was not there any more.
  if (removals.some(({ state }) => state === 'done' || state === 'skipped')) return 'gone';
  return removals.some(({ state }) => !isEnd(state)) ? 'unknown' : 'there';
}

import type { ParamsOf, ResultOf } from '../contract/requests.ts';
import type { DmsJobView } from '../contract/software-views.ts';
import { createJobList, type JobListOptions } from '../dms/job-list.ts';
import { watchJobs } from '../dms/job-watch.ts';
import { profileFor } from '../dms/profile-store.ts';
import type { Engine, WorkContext } from './engine.ts';

/** Jobs of a list that nobody gave a length. */
const USUAL_LIMIT = 100;
const INITIATOR = 'dms-jobs';

/** The jobs that a DM server has, newest first. */
export async function dmsJobs(
  engine: Engine,
  { dms, device, limit }: ParamsOf<'dms.jobs'>,
  { signal }: Pick<WorkContext, 'signal'>,
): Promise<ResultOf<'dms.jobs'>> {
  const jobs = await createJobList(listOptions(engine, dms)).list(device, limit ?? USUAL_LIMIT, signal);
  return { jobs: [...jobs] };
}

/** Each job of a DM server as it is now and whenever it changes, until broken off. */
export async function watchDmsJobs(
  engine: Engine,
  { dms, device }: ParamsOf<'dms.watch'>,
  { signal }: Pick<WorkContext, 'signal'>,
  onJob: (job: DmsJobView) => Promise<void> | void,
): Promise<ResultOf<'dms.watch'>> {
  const options = listOptions(engine, dms);
  return watchJobs({ ...options, jobs: createJobList(options), clock: engine.clock, device, onJob, signal });
}

function listOptions({ agent, ledger, profiles }: Engine, dms: string): JobListOptions {
  return { dms: profileFor(dms, profiles).url, agent, ledger, initiator: INITIATOR };
}

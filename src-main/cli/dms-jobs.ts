import { isAbort } from '../base/errors.ts';
import { isVirtualDevice } from '../base/imei.ts';
import { DmsJobView } from '../contract/software-views.ts';
import type { HostConnection } from '../host/client.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { done } from './host-command.ts';
import type { DmsJobsOptions } from './host-options.ts';

/** `dms jobs`: what a DM server has to do, newest first; with `--watch` oldest first, then each change until Ctrl-C. */
export async function showJobs(
  host: HostConnection,
  dms: string,
  { device, watch }: DmsJobsOptions,
  context: CommandContext,
): Promise<CommandOutcome> {
  const params = { dms, ...(device === undefined ? {} : { device }) };
  if (watch) return watchJobs(host, params, context);
  const { jobs } = await host.request('dms.jobs', params, context);
  if (!context.json) for (const job of jobs) tell(job, context);
  return done({ jobs: jobs.map((job) => ({ ...job, virtual: isVirtual(job) })) });
}

async function watchJobs(
  host: HostConnection,
  params: { readonly dms: string; readonly device?: string },
  context: CommandContext,
): Promise<CommandOutcome> {
  try {
    await host.request('dms.watch', params, { ...context, part: (job) => tell(DmsJobView.parse(job), context) });
  } catch (error) {
    // Ctrl-C is how it ends.
    if (!isAbort(error)) throw error;
  }
  return done({});
}

function tell(job: DmsJobView, { emit }: CommandContext): void {
  const { id, progress, ...rest } = job;
  emit({ type: 'job', job: id, ...rest, ...(progress ?? {}), virtual: isVirtual(job) });
}

function isVirtual({ device }: DmsJobView): boolean {
  return device !== undefined && isVirtualDevice(device);
}

import { nodeClock } from '../../base/node/clock.ts';
import { nodeDigest, nodeRandom } from '../../base/node/digest.ts';
import { VERSION } from '../../base/version.ts';
import { ExitCode } from '../../contract/exit-codes.ts';
import { DmService } from '../../virtual/dms/dm-service.ts';
import { droppingPackages } from '../../virtual/dms/dropping-packages.ts';
import { openInstallationStore } from '../../virtual/dms/installations.ts';
import { openJobStore } from '../../virtual/dms/job-store.ts';
import { openKnownDevices } from '../../virtual/dms/known-devices.ts';
import { createNotificationQueue } from '../../virtual/dms/notifications.ts';
import { openOutside } from '../../virtual/dms/outside.ts';
import { createDemoPackages, openPackageFolder } from '../../virtual/dms/packages.ts';
import { DMS_PROFILES, STANDARD_DMS } from '../../virtual/dms/profiles.ts';
import { openReportStore } from '../../virtual/dms/reports.ts';
import { createDmsServer, parseListen } from '../../virtual/dms/server.ts';
import { hasFault } from '../../virtual/faults/fault.ts';
import type { CommandContext, CommandOutcome } from '../command.ts';
import type { VirtualDmsOptions } from '../options.ts';

/** `virtual-dms`: a DM server that is a program, for trying, training and tests. */
export async function run(options: VirtualDmsOptions, context: CommandContext): Promise<CommandOutcome> {
  const { signal, emit, note } = context;
  const state = options.state === undefined ? {} : { state: options.state };
  const offered =
    options.packages === undefined ? createDemoPackages() : await openPackageFolder(options.packages, note);
  const packages = hasFault(options.fault, 'dms-drop-download') ? droppingPackages(offered) : offered;
  const jobs = await openJobStore(state);
  const notifications = createNotificationQueue();
  const reports = await openReportStore(state);
  const installations = await openInstallationStore(state);
  const outside = await openOutside({ jobs, packages, ...state, clock: nodeClock });
  let origin = '';
  let failed = 0;
  const dm = new DmService({
    accounts: options.accounts,
    jobs,
    notifications,
    packages,
    devices: await openKnownDevices(state),
    side: outside.side,
    faults: options.fault,
    profile: DMS_PROFILES.find(({ name }) => name === options.profile) ?? STANDARD_DMS,
    digest: nodeDigest,
    random: nodeRandom,
    emit: (event) => {
      if (event.type === 'session' && event.state === 'failed') failed += 1;
      emit(event);
    },
    url: () => `${origin}/dm`,
  });
  const server = createDmsServer({
    dm,
    jobs,
    notifications,
    reports,
    installations,
    packages,
    outside,
    version: VERSION,
    onInternalError: (error) => note(`a request failed: ${textOf(error)}`),
  });
  origin = await server.listen(parseListen(options.listen));
  jobs.onQueued((job) => dm.notify(job));
  const running = outside.run(signal, (error) => note(`what was due could not be done: ${textOf(error)}`));
  emit({ type: 'listening', address: `${origin}/dm`, pid: process.pid });
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
  const broken = dm.runningSessions();
  await server.close();
  await running;
  const fields = { virtual: true, failedSessions: failed };
  if (broken === 0) return { exitCode: ExitCode.Done, ok: true, ...fields };
  const message = broken === 1 ? 'a session was broken off' : `${broken} sessions were broken off`;
  return { exitCode: ExitCode.Cancelled, ok: false, code: 'dm/cancelled', message, ...fields };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

import { once } from 'node:events';
import { isPcAgentError } from '../base/errors.ts';
import { nodeClock } from '../base/node/clock.ts';
import type { UntimedEvent } from '../contract/events.ts';
import { ExitCode } from '../contract/exit-codes.ts';
import { hostEndpoint } from '../host/endpoint.ts';
import type { Host } from '../host/host.ts';
import { openLastingHost } from '../host/lasting-host.ts';
import { places } from '../settings/places.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import type { ServeOptions } from './host-options.ts';
import { PAGE_FOLDER } from './page-folder.ts';

/** `serve`: the host without a window, until it is told to end. */
export async function run({ port }: ServeOptions, context: CommandContext): Promise<CommandOutcome> {
  const { emit, note, signal } = context;
  const own = places(process.env, process.platform);
  const host = await openLastingHost({ places: own, clock: nodeClock, sendReports: true, note }, signal);
  try {
    const address = await openPage(host, port, note);
    emit({ type: 'listening', address: address ?? hostEndpoint(own.runtime), pid: process.pid });
    const following = host.connection.follow((update) => {
      if (update.kind === 'event') emit(update.event as UntimedEvent);
    }, signal);
    if (!signal.aborted) await once(signal, 'abort');
    await following;
    const tasks = host.tasks.filter(({ end }) => end === undefined).map(({ name }) => name);
    const brokenOff = host.calls === 0 ? tasks : [...tasks, 'sessions of handsets that called'];
    await host.leave(signal);
    if (brokenOff.length === 0) return { exitCode: ExitCode.Done, ok: true };
    const message = `broken off: ${brokenOff.join(', ')}`;
    return { exitCode: ExitCode.Cancelled, ok: false, code: 'cli/cancelled', message };
  } finally {
    await host.close();
  }
}

/** A host without a page is one for the command line alone. */
async function openPage(host: Host, port: number, note: CommandContext['note']): Promise<string | undefined> {
  try {
    return (await host.openPage({ folder: PAGE_FOLDER, port })).newAddress();
  } catch (error) {
    if (!isPcAgentError(error, 'cli/page-missing')) throw error;
    note('The page is not built, so there is none; npm start builds it.');
    return undefined;
  }
}

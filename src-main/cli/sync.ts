import type { CommandContext, CommandOutcome } from './command.ts';
import { hostCommand } from './host-command.ts';
import type { SyncOptions } from './host-options.ts';
import { operationOutcome } from './operation-outcome.ts';

/** `sync`: carries the sessions that a DM server wants with a handset. */
export async function run({ handset, device, dms }: SyncOptions, context: CommandContext): Promise<CommandOutcome> {
  const params = { handset, dms, ...(device === undefined ? {} : { device }) };
  return hostCommand(context, async (host) => operationOutcome(await host.request('sync', params, context), context));
}

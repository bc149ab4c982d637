import type { CommandContext, CommandOutcome } from './command.ts';
import { hostCommand } from './host-command.ts';
import type { RemoveOptions } from './host-options.ts';
import { changeOf, hostFor } from './inventory.ts';
import { operationOutcome } from './operation-outcome.ts';

/** `remove`: takes a component off a handset. */
export async function run(options: RemoveOptions, context: CommandContext): Promise<CommandOutcome> {
  const params = { ...changeOf(options), component: options.component };
  return hostCommand(
    context,
    async (host) => operationOutcome(await host.request('remove', params, context), context),
    hostFor(options),
  );
}

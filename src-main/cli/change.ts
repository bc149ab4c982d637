import type { CommandContext, CommandOutcome } from './command.ts';
import { hostCommand } from './host-command.ts';
import type { ChangeComponentOptions } from './host-options.ts';
import { changeOf, hostFor } from './inventory.ts';
import { operationOutcome } from './operation-outcome.ts';

/** `remove`, `activate` and `deactivate`: what becomes of one component of a handset. */
export async function run(
  operation: 'remove' | 'activate' | 'deactivate',
  options: ChangeComponentOptions,
  context: CommandContext,
): Promise<CommandOutcome> {
  const params = { ...changeOf(options), component: options.component };
  return hostCommand(
    context,
    async (host) => operationOutcome(await host.request(operation, params, context), context, options),
    hostFor(options),
  );
}

import type { CommandContext, CommandOutcome } from './command.ts';
import { hostCommand } from './host-command.ts';
import type { InstallOptions } from './host-options.ts';
import { changeOf, hostFor } from './inventory.ts';
import { operationOutcome } from './operation-outcome.ts';

/** `install`: puts packages on a handset. */
export async function run(options: InstallOptions, context: CommandContext): Promise<CommandOutcome> {
  const { allowUnverified, inactive, download, package: packages } = options;
  const flags = { ...(inactive ? { inactive } : {}), ...(download ? { download } : {}) };
  const params = { ...changeOf(options), packages, allowUnverified, ...flags };
  return hostCommand(
    context,
    async (host) => operationOutcome(await host.request('install', params, context), context, options),
    hostFor(options),
  );
}

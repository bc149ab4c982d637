import type { CommandContext, CommandOutcome } from './command.ts';
import { hostCommand } from './host-command.ts';
import type { FirmwareOptions, UpdateOptions } from './host-options.ts';
import { changeOf, hostFor } from './inventory.ts';
import { operationOutcome } from './operation-outcome.ts';

/** `update`: newer packages for what is installed on a handset. */
export async function runUpdate(options: UpdateOptions, context: CommandContext): Promise<CommandOutcome> {
  const { allowUnverified, download, package: packages } = options;
  const params = { ...changeOf(options), allowUnverified, download, ...(packages === undefined ? {} : { packages }) };
  return hostCommand(
    context,
    async (host) => operationOutcome(await host.request('update', params, context), context, options),
    hostFor(options),
  );
}

/** `firmware`: another firmware for a handset. */
export async function runFirmware(options: FirmwareOptions, context: CommandContext): Promise<CommandOutcome> {
  const params = {
    ...changeOf(options),
    allowUnverified: options.allowUnverified,
    package: options.package,
    download: options.download,
  };
  return hostCommand(
    context,
    async (host) => operationOutcome(await host.request('firmware', params, context), context, options),
    hostFor(options),
  );
}

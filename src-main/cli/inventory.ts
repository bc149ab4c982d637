import type { WithHostOptions } from '../host/client.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { hostCommand } from './host-command.ts';
import type { ChangeOptions, InventoryOptions } from './host-options.ts';
import { operationOutcome } from './operation-outcome.ts';

/** `inventory`: what is installed on a handset. */
export async function run(options: InventoryOptions, context: CommandContext): Promise<CommandOutcome> {
  return hostCommand(
    context,
    async (host) => operationOutcome(await host.request('inventory', targetOf(options), context), context),
    hostFor(options),
  );
}

/** The handset and its server as the host takes them. */
export function targetOf({ handset, device, dms }: InventoryOptions) {
  return {
    handset,
    ...(device === undefined ? {} : { device }),
    ...(dms === undefined ? { offline: true } : { dms }),
  };
}

/** The same for work on software. */
export function changeOf(options: ChangeOptions) {
  const { consent, reportTo, reconnect } = options;
  return {
    ...targetOf(options),
    ...(consent === undefined ? {} : { consent }),
    ...(reportTo === undefined ? {} : { reportTo }),
    ...(reconnect === undefined ? {} : { reconnect }),
  };
}

/** Work without a DM server opens no connection, so a host that is there for it alone opens none either. */
export function hostFor({ dms }: InventoryOptions): WithHostOptions {
  return { absent: dms === undefined ? 'become-offline' : 'become' };
}

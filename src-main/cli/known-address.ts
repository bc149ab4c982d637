import type { CommandContext, CommandOutcome } from './command.ts';
import { done, quietHostCommand } from './host-command.ts';

/**
 * Where the handset is that a person named by IMEI, DevId or alias, as the host knows it. Where nobody knows, what the
 * command ends with (`handset/unknown`, `handset/nowhere`).
 */
export async function knownAddress(name: string, context: CommandContext): Promise<string | CommandOutcome> {
  let address: string | undefined;
  const outcome = await quietHostCommand(context, async (host) => {
    ({ address } = await host.request('handsets.find', { handset: name }, context));
    return done({});
  });
  return address ?? outcome;
}

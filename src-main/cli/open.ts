import type { CommandContext, CommandOutcome } from './command.ts';
import { done, hostCommand } from './host-command.ts';

/** `open`: a fresh one-time address of the running host's page. */
export async function run(context: CommandContext): Promise<CommandOutcome> {
  return hostCommand(
    context,
    async (host) => {
      const { address } = await host.request('page.open', {}, context);
      context.print(address);
      return done({ address });
    },
    { absent: 'refuse' },
  );
}

import type { UntimedEvent } from '../contract/events.ts';
import type { KnownHandset } from '../contract/handsets.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { done, hostCommand } from './host-command.ts';
import type { HandsetsOptions } from './host-options.ts';

/** `handsets`: those that the host has met; with `--watch` also whatever comes and every event of the host, until Ctrl-C. */
export async function run({ watch }: HandsetsOptions, context: CommandContext): Promise<CommandOutcome> {
  const quiet = { absent: 'become-offline' } as const;
  return hostCommand(
    context,
    async (host) => {
      if (!watch) {
        const { handsets } = await host.request('handsets.list', {}, context);
        for (const handset of handsets) tell(handset, context);
        return done({ handsets });
      }
      await host.follow((update) => {
        if (update.kind === 'snapshot') for (const handset of update.state.handsets) tell(handset, context);
        if (update.kind === 'change' && update.change.kind === 'handset') tell(update.change.handset, context);
        if (update.kind === 'event') context.emit(update.event as UntimedEvent);
      }, context.signal);
      return done({});
    },
    quiet,
  );
}

function tell({ device, address, virtual, ...more }: KnownHandset, { emit }: CommandContext): void {
  emit({ type: 'handset', device, address: address ?? '', state: 'known', virtual, ...more });
}

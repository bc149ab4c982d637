import { PcAgentError } from '../base/errors.ts';
import { ExitCode } from '../contract/exit-codes.ts';
import type { ListenerView } from '../contract/listening.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { done, quietHostCommand } from './host-command.ts';
import { ListenOffOptions, ListenOnOptions } from './host-options.ts';
import { checkOptions } from './options.ts';

/** `listen VERB`: ways in for handsets that start sessions themselves. */
export async function run(
  verb: string,
  [kind, address]: readonly string[],
  flags: Readonly<Record<string, unknown>>,
  context: CommandContext,
): Promise<CommandOutcome> {
  switch (verb) {
    case 'list':
      return list(context);
    case 'on':
      return on(
        checkOptions(ListenOnOptions, { ...flags, kind, ...(address === undefined ? {} : { address }) }),
        context,
      );
    case 'off':
      return off(checkOptions(ListenOffOptions, { kind }), context);
    default:
      throw new PcAgentError('cli/usage', `listen has no verb ${verb}`);
  }
}

function list(context: CommandContext): Promise<CommandOutcome> {
  return quietHostCommand(context, async (host) => {
    const { listeners, interfaces } = await host.request('listeners.list', {}, context);
    for (const each of listeners) context.print(lineOf(each));
    for (const { name, addresses } of interfaces) context.print(`interface ${name}  ${addresses.join(', ')}`);
    return done({ listeners, interfaces });
  });
}

/** Exit code 1: it is kept, and cannot be now. */
function on(options: ListenOnOptions, context: CommandContext): Promise<CommandOutcome> {
  return quietHostCommand(context, async (host) => {
    const { listener } = await host.request('listeners.set', { ...options, on: true }, context);
    context.print(lineOf(listener));
    const { state, reason: code = 'listening/failed', message = code } = listener;
    if (state === 'listening' || code === 'listening/no-host') return done({ listener });
    return { exitCode: ExitCode.Failed, ok: false, code, message, listener };
  });
}

function off({ kind }: ListenOffOptions, context: CommandContext): Promise<CommandOutcome> {
  return quietHostCommand(context, async (host) =>
    done(await host.request('listeners.set', { kind, on: false }, context)),
  );
}

function lineOf({ kind, state, address, downloads, wanted, dms, reason, message, sessions }: ListenerView): string {
  const parts = [
    `${kind}  ${state}`,
    address ?? wanted,
    downloads === undefined ? undefined : `packages below ${downloads}`,
    dms === undefined ? undefined : `for ${dms}`,
    sessions === 0 ? undefined : `sessions: ${sessions}`,
    reason === undefined ? undefined : `${message ?? ''} (${reason})`,
  ];
  return parts.filter((part) => part !== undefined).join('  ');
}

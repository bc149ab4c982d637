import { PcAgentError } from '../base/errors.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { done, failed, nothingToDo, quietHostCommand } from './host-command.ts';
import { ListenOffOptions, ListenOnOptions } from './host-options.ts';
import { listenerLine } from './listening-lines.ts';
import { checkOptions } from './options.ts';

/** What only a host that lasts can do is kept for it. */
const NO_HOST = 'listening/no-host';
const OPERANDS = ['kind', 'address'];

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
        checkOptions(ListenOnOptions, { ...flags, kind, ...(address === undefined ? {} : { address }) }, OPERANDS),
        context,
      );
    case 'off':
      return off(checkOptions(ListenOffOptions, { kind }, OPERANDS), context);
    default:
      throw new PcAgentError('cli/usage', `listen has no verb ${verb}`);
  }
}

function list(context: CommandContext): Promise<CommandOutcome> {
  return quietHostCommand(context, async (host) => {
    const { listeners, interfaces } = await host.request('listeners.list', {}, context);
    for (const each of listeners) context.print(listenerLine(each));
    for (const { name, addresses } of interfaces) context.print(`interface ${name}  ${addresses.join(', ')}`);
    return done({ listeners, interfaces });
  });
}

/** Exit code 1: it is kept, and cannot be now. */
function on(options: ListenOnOptions, context: CommandContext): Promise<CommandOutcome> {
  return quietHostCommand(context, async (host) => {
    const { listener } = await host.request('listeners.set', { ...options, on: true }, context);
    const { state, reason = 'listening/failed', message = reason, ...rest } = listener;
    if (state === 'listening' || reason === NO_HOST) {
      context.print(listenerLine(listener));
      return done({ listener });
    }
    // Why it is not open is said by the error, once.
    context.print(listenerLine({ ...rest, state }));
    return failed(context, reason, message, { listener });
  });
}

function off({ kind }: ListenOffOptions, context: CommandContext): Promise<CommandOutcome> {
  return quietHostCommand(context, async (host) => {
    const { listeners } = await host.request('listeners.list', {}, context);
    const listener = listeners.find((each) => each.kind === kind);
    if (listener?.state === 'off') return nothingToDo('it is off already', { listener });
    return done(await host.request('listeners.set', { kind, on: false }, context));
  });
}

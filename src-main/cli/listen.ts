import { PcAgentError } from '../base/errors.ts';
import type { ListenerView } from '../contract/listening.ts';
import { errorText } from '../wording/error-text.ts';
import { columns } from './columns.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { done, failed, nothingToDo, quietHostCommand } from './host-command.ts';
import { ListenOffOptions, ListenOnOptions } from './host-options.ts';
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
    for (const each of listeners) context.print(lineOf(each));
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
      context.print(lineOf(listener));
      return done({ listener });
    }
    // Why it is not open is said by the error, once.
    context.print(lineOf({ ...rest, state }));
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

function lineOf({ kind, state, address, downloads, wanted, dms, reason, message, sessions }: ListenerView): string {
  return columns([
    `${kind}  ${state === 'waiting' ? 'not open' : state}`,
    address ?? wanted,
    downloads === undefined ? undefined : `packages below ${downloads}`,
    dms === undefined ? undefined : `for ${dms}`,
    sessions === 0 ? undefined : `sessions: ${sessions}`,
    reason === undefined ? undefined : reasonText(reason, message),
  ]);
}

function reasonText(reason: string, message: string | undefined): string {
  if (reason === NO_HOST) return 'no PC Agent runs here; start it with pc-agent serve';
  return `${message ?? errorText(reason).what} (${reason})`;
}

import { PcAgentError } from '../base/errors.ts';
import type { CallerView } from '../contract/listening.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { done, quietHostCommand } from './host-command.ts';
import { CallerOptions } from './host-options.ts';
import { checkOptions } from './options.ts';

/** `callers VERB`: who has called by itself, and whether it is let in. */
export async function run(verb: string, id: string | undefined, context: CommandContext): Promise<CommandOutcome> {
  switch (verb) {
    case 'list':
      return list(context);
    case 'accept':
    case 'refuse':
      return answer(checkOptions(CallerOptions, { caller: id }).caller, verb, context);
    case 'forget': {
      const { caller } = checkOptions(CallerOptions, { caller: id });
      return quietHostCommand(context, async (host) => done(await host.request('callers.forget', { caller }, context)));
    }
    default:
      throw new PcAgentError('cli/usage', `callers has no verb ${verb}`);
  }
}

function list(context: CommandContext): Promise<CommandOutcome> {
  return quietHostCommand(context, async (host) => {
    const { callers } = await host.request('callers.list', {}, context);
    for (const each of callers) context.print(lineOf(each), each.virtual);
    return done({ callers });
  });
}

function answer(caller: string, said: 'accept' | 'refuse', context: CommandContext): Promise<CommandOutcome> {
  return quietHostCommand(context, async (host) => {
    const answered = await host.request('callers.answer', { caller, answer: said }, context);
    context.print(lineOf(answered.caller), answered.caller.virtual);
    return done(answered);
  });
}

function lineOf({ id, kind, device, from, manufacturer, model, state, until, calledAt, wants }: CallerView): string {
  const name = [manufacturer, model].filter((part) => part !== undefined).join(' ');
  const parts = [
    `${id}  ${state}`,
    device ?? 'unread',
    name === '' ? undefined : name,
    from === undefined ? `by ${kind}` : `by ${kind} from ${from}`,
    wants === undefined ? undefined : `wants ${wants}`,
    until === undefined ? `called ${calledAt}` : `held until ${until}`,
  ];
  return parts.filter((part) => part !== undefined).join('  ');
}

import { PcAgentError } from '../base/errors.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { done, nothingToDo, quietHostCommand } from './host-command.ts';
import { CallerOptions } from './host-options.ts';
import { callerLine } from './listening-lines.ts';
import { checkOptions } from './options.ts';

const ANSWERED = { accept: 'accepted', refuse: 'refused' } as const;

/** `callers VERB`: who has called by itself, and whether it is let in. */
export async function run(verb: string, id: string | undefined, context: CommandContext): Promise<CommandOutcome> {
  switch (verb) {
    case 'list':
      return list(context);
    case 'accept':
    case 'refuse':
      return answer(checkOptions(CallerOptions, { id }, ['id']).id, verb, context);
    case 'forget': {
      const { id: caller } = checkOptions(CallerOptions, { id }, ['id']);
      return quietHostCommand(context, async (host) => done(await host.request('callers.forget', { caller }, context)));
    }
    default:
      throw new PcAgentError('cli/usage', `callers has no verb ${verb}`);
  }
}

function list(context: CommandContext): Promise<CommandOutcome> {
  return quietHostCommand(context, async (host) => {
    const { callers } = await host.request('callers.list', {}, context);
    for (const each of callers) context.print(callerLine(each, new Date()), each.virtual);
    if (callers.length === 0) context.print('Nobody has called.');
    return done({ callers });
  });
}

function answer(caller: string, said: 'accept' | 'refuse', context: CommandContext): Promise<CommandOutcome> {
  return quietHostCommand(context, async (host) => {
    const { callers } = await host.request('callers.list', {}, context);
    const before = callers.find(({ id }) => id === caller);
    if (before?.state === ANSWERED[said]) return nothingToDo(`it is ${before.state} already`, { caller: before });
    const answered = await host.request('callers.answer', { caller, answer: said }, context);
    context.print(callerLine(answered.caller, new Date()), answered.caller.virtual);
    return done(answered);
  });
}

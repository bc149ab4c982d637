import { PcAgentError } from '../base/errors.ts';
import type { CallerView } from '../contract/listening.ts';
import { dateTimeText, durationText } from '../wording/numbers.ts';
import { columns } from './columns.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { done, nothingToDo, quietHostCommand } from './host-command.ts';
import { CallerOptions } from './host-options.ts';
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
    for (const each of callers) context.print(lineOf(each, new Date()), each.virtual);
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
    context.print(lineOf(answered.caller, new Date()), answered.caller.virtual);
    return done(answered);
  });
}

function lineOf(caller: CallerView, now: Date): string {
  const { id, kind, device, from, manufacturer, model, state, until, calledAt, wants } = caller;
  const name = [manufacturer, model].filter((part) => part !== undefined).join(' ');
  return columns([
    `${id}  ${state}`,
    device ?? 'unread',
    name === '' ? undefined : name,
    from === undefined ? `by ${kind}` : `by ${kind} from ${from}`,
    // `obex:SERVER-ID` and the like are no place that anybody could look at.
    wants !== undefined && /^https?:/i.test(wants) ? `wants ${wants}` : undefined,
    until === undefined ? `called ${dateTimeText(calledAt, 'en')}` : leftText(until, now),
  ]);
}

function leftText(until: string, now: Date): string {
  return `${durationText((Date.parse(until) - now.getTime()) / 1000, 'en')} left`;
}

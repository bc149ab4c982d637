import { PcAgentError } from '../base/errors.ts';
import type { ArchiveView } from '../contract/software-views.ts';
import type { HostConnection } from '../host/client.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { done, hostCommand, quietHostCommand } from './host-command.ts';
import { ArchiveAddOptions, ArchiveListOptions, ArchiveRestoreOptions } from './host-options.ts';
import { changeOf, hostFor } from './inventory.ts';
import { operationOutcome } from './operation-outcome.ts';
import { checkOptions } from './options.ts';

type Flags = Readonly<Record<string, unknown>>;

/** `archive VERB`: components that were taken off handsets and can be put back. */
export async function run(
  verb: string,
  operands: readonly string[],
  flags: Flags,
  context: CommandContext,
): Promise<CommandOutcome> {
  const [first] = operands;
  switch (verb) {
    case 'add':
      return add(checkOptions(ArchiveAddOptions, flags), context);
    case 'list': {
      const params = checkOptions(ArchiveListOptions, flags);
      return quietHostCommand(context, (host) => list(host, params, context));
    }
    case 'restore':
      return restore(checkOptions(ArchiveRestoreOptions, { ...flags, archive: first }), context);
    case 'remove':
      return quietHostCommand(context, async (host) =>
        done(await host.request('archives.remove', { archive: first ?? '' }, context)),
      );
    default:
      throw new PcAgentError('cli/usage', `archive has no verb ${verb}`);
  }
}

function add(options: ReturnType<typeof ArchiveAddOptions.parse>, context: CommandContext): Promise<CommandOutcome> {
  const { component, note } = options;
  const params = { ...changeOf(options), component, ...(note === undefined ? {} : { note }) };
  const archive = async (host: HostConnection): Promise<CommandOutcome> => {
    const result = await host.request('archive', params, context);
    const outcome = operationOutcome(result, context, options);
    if (result.archive !== undefined) context.print(line(result.archive), result.virtual);
    return outcome;
  };
  return hostCommand(context, archive, hostFor(options));
}

function restore(
  options: ReturnType<typeof ArchiveRestoreOptions.parse>,
  context: CommandContext,
): Promise<CommandOutcome> {
  const params = { ...changeOf(options), archive: options.archive };
  return hostCommand(
    context,
    async (host) => operationOutcome(await host.request('restore', params, context), context, options),
    hostFor(options),
  );
}

async function list(
  host: HostConnection,
  params: ReturnType<typeof ArchiveListOptions.parse>,
  context: CommandContext,
): Promise<CommandOutcome> {
  const { archives } = await host.request('archives.list', params, context);
  for (const each of archives) context.print(line(each), each.virtual);
  return done({ archives });
}

function line({ id, device, component, version, state, restoredAt, code, note }: ArchiveView): string {
  const facts = [
    ...(restoredAt === undefined ? [] : ['put back']),
    ...(code === undefined ? [] : [code]),
    ...(note === undefined ? [] : [note]),
  ];
  return [id, `${component} ${version}`, state, device, ...facts].join('  ');
}

import { PcAgentError } from '../base/errors.ts';
import { ExitCode } from '../contract/exit-codes.ts';
import type { HostConnection } from '../host/client.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { showJobs } from './dms-jobs.ts';
import { done, hostCommand, quietHostCommand } from './host-command.ts';
import { DmsAddOptions, DmsEditOptions, DmsJobsOptions } from './host-options.ts';
import { checkOptions } from './options.ts';

type Flags = Readonly<Record<string, unknown>>;

/** `dms VERB`: profiles of DM servers, and their jobs. */
export async function run(
  verb: string,
  operands: readonly string[],
  flags: Flags,
  context: CommandContext,
): Promise<CommandOutcome> {
  const [first] = operands;
  switch (verb) {
    case 'add':
      return add(checkOptions(DmsAddOptions, { ...flags, url: first }, ['url']), context);
    case 'edit':
      return edit(checkOptions(DmsEditOptions, { ...flags, dms: first }), context);
    case 'list':
      return quietHostCommand(context, (host) => list(host, context));
    case 'test':
      return hostCommand(context, (host) => test(host, first, context));
    case 'jobs': {
      const options = checkOptions(DmsJobsOptions, flags);
      return hostCommand(context, async (host) =>
        showJobs(host, first ?? (await defaultProfile(host, context)), options, context),
      );
    }
    case 'remove':
      return quietHostCommand(context, async (host) =>
        done(await host.request('dms.remove', { dms: first ?? '' }, context)),
      );
    default:
      throw new PcAgentError('cli/usage', `dms has no verb ${verb}`);
  }
}

function add(options: DmsAddOptions, context: CommandContext): Promise<CommandOutcome> {
  const { url, name = new URL(url).host, allowOrigin, default: makeDefault } = options;
  const params = { name, url, allowedOrigins: allowOrigin, makeDefault };
  return quietHostCommand(context, async (host) => done(await host.request('dms.add', params, context)));
}

function edit(options: DmsEditOptions, context: CommandContext): Promise<CommandOutcome> {
  const { allowOrigin, default: makeDefault, ...rest } = options;
  const params = { ...rest, allowedOrigins: allowOrigin, makeDefault };
  return quietHostCommand(context, async (host) => done(await host.request('dms.edit', params, context)));
}

async function list(host: HostConnection, context: CommandContext): Promise<CommandOutcome> {
  const { profiles } = await host.request('dms.list', {}, context);
  for (const { name, url, isDefault } of profiles) context.print(`${name}  ${url}${isDefault ? '  (default)' : ''}`);
  return done({ profiles });
}

async function test(host: HostConnection, dms: string | undefined, context: CommandContext): Promise<CommandOutcome> {
  const tested = await host.request('dms.test', { dms: dms ?? (await defaultProfile(host, context)) }, context);
  for (const { hop, state, why, milliseconds } of tested.hops) {
    context.print(`${hop}  ${state}  ${why}${state === 'skipped' ? '' : `  (${milliseconds} ms)`}`);
  }
  const failed = tested.hops.find(({ state }) => state === 'failed');
  if (failed === undefined) return done(tested);
  const { hop, why, code = 'dms/unreachable' } = failed;
  return { exitCode: ExitCode.Failed, ok: false, code, message: `${hop}: ${why}`, ...tested };
}

async function defaultProfile(host: HostConnection, context: CommandContext): Promise<string> {
  const { profiles } = await host.request('dms.list', {}, context);
  const found = profiles.find(({ isDefault }) => isDefault);
  if (found !== undefined) return found.id;
  throw new PcAgentError('dms/profile-unknown', 'no DM server profile is the default: name one, or its address');
}

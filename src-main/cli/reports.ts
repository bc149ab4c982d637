import { PcAgentError } from '../base/errors.ts';
import { ExitCode } from '../contract/exit-codes.ts';
import type { HostConnection } from '../host/client.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { done, quietHostCommand } from './host-command.ts';

/** `reports VERB`: outcomes of work done here that DM servers have not acknowledged. */
export async function run(verb: string, operands: readonly string[], context: CommandContext): Promise<CommandOutcome> {
  switch (verb) {
    case 'list':
      return quietHostCommand(context, (host) => list(host, context));
    case 'send':
      return quietHostCommand(context, (host) => send(host, context));
    case 'export':
      return quietHostCommand(context, (host) => exportOne(host, operands[0] ?? '', context));
    default:
      throw new PcAgentError('cli/usage', `reports has no verb ${verb}`);
  }
}

async function list(host: HostConnection, context: CommandContext): Promise<CommandOutcome> {
  const { reports } = await host.request('reports.list', {}, context);
  for (const { id, state, origin = 'no DM server', message, virtual, body } of reports) {
    const what = `${body.device}  ${body.operation} ${body.state}`;
    context.print(`${id}  ${what}  ${state} for ${origin}${message === undefined ? '' : `: ${message}`}`, virtual);
  }
  return done({ reports });
}

/** The handset's number is masked in it as everywhere, unless it is wanted whole. */
async function exportOne(host: HostConnection, id: string, context: CommandContext): Promise<CommandOutcome> {
  const report = await host.request('reports.export', { id }, context);
  if ('alert' in report.body) context.note('It holds a message of the handset, perhaps with credentials in it.');
  context.print(JSON.stringify(report.body, undefined, 2), report.virtual);
  return done(report);
}

async function send(host: HostConnection, context: CommandContext): Promise<CommandOutcome> {
  const { reports } = await host.request('reports.list', {}, context);
  if (!reports.some(({ origin }) => origin !== undefined)) {
    return { exitCode: ExitCode.NothingToDo, ok: true, message: 'there was nothing to send', unsent: 0 };
  }
  const { unsent } = await host.request('reports.send', {}, context);
  if (unsent === 0) {
    context.print(`${reports.length} sent`);
    return done({ unsent });
  }
  const { code = 'net/offline', message = 'nothing was sent' } =
    (await host.request('reports.list', {}, context)).reports.find((report) => report.code !== undefined) ?? {};
  return { exitCode: ExitCode.Failed, ok: false, code, message, unsent };
}

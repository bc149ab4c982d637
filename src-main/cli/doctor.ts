import { createInterface } from 'node:readline/promises';
import { assertNever } from '../base/errors.ts';
import type { Finding, Remedy, RemedyOutcome } from '../contract/doctor.ts';
import { ExitCode } from '../contract/exit-codes.ts';
import type { HostConnection } from '../host/client.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { printFinding, remedyLines } from './doctor-lines.ts';
import { done, quietHostCommand } from './host-command.ts';
import type { DoctorOptions } from './host-options.ts';

/** `doctor`: what keeps handsets from being used, and what mends it. */
export function run(options: DoctorOptions, context: CommandContext): Promise<CommandOutcome> {
  return quietHostCommand(context, async (host) => {
    if (options.undo !== undefined) {
      return verdict(await host.request('doctor.undo', { remedy: options.undo }, context), [], context);
    }
    const { findings } = await host.request('doctor.look', {}, context);
    if (options.apply !== undefined) return apply(host, findings, options.apply, options.yes, context);
    for (const finding of findings) printFinding(finding, context);
    return diagnosis(findings);
  });
}

function diagnosis(findings: readonly Finding[]): CommandOutcome {
  const trouble = findings.filter(({ state }) => state === 'trouble').length;
  if (trouble === 0) return done({ findings });
  const message = `${trouble} of ${findings.length} checks found trouble`;
  return { exitCode: ExitCode.Failed, ok: false, code: 'doctor/trouble', message, findings };
}

async function apply(
  host: HostConnection,
  findings: readonly Finding[],
  id: string,
  yes: boolean,
  context: CommandContext,
): Promise<CommandOutcome> {
  const ill = findings.filter(({ remedy }) => remedy?.id === id);
  const remedy = ill[0]?.remedy;
  if (remedy?.kind === 'apply' && !yes) {
    const refused = await withoutConsent(remedy, context);
    if (refused !== undefined) return refused;
  }
  // One that is not found, or is for a person, is refused by the host in words of its own.
  const outcome = await host.request('doctor.apply', { remedy: id, digest: remedy?.digest }, context);
  return verdict(
    outcome,
    ill.map((finding) => finding.id),
    context,
  );
}

/** Shows what would be done, and asks where somebody can answer. */
async function withoutConsent(remedy: Remedy, context: CommandContext): Promise<CommandOutcome | undefined> {
  for (const line of remedyLines(remedy)) context.print(line);
  if (context.json || !process.stdin.isTTY || !process.stderr.isTTY) {
    const message = 'nothing was changed; --yes does it';
    return { exitCode: ExitCode.Failed, ok: false, code: 'doctor/consent-needed', message, remedy };
  }
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await asking.question('Do it? [y/N] ', { signal: context.signal });
    if (/^y(es)?$/i.test(answer.trim())) return undefined;
  } finally {
    asking.close();
  }
  return { exitCode: ExitCode.Cancelled, ok: false, code: 'doctor/declined', message: 'nothing was changed', remedy };
}

function verdict(outcome: RemedyOutcome, ill: readonly string[], context: CommandContext): CommandOutcome {
  for (const finding of outcome.findings) printFinding(finding, context);
  const { state, said } = outcome;
  const words = said === undefined ? {} : { message: said };
  switch (state) {
    case 'applied': {
      const still = outcome.findings.find(({ id, state: now }) => ill.includes(id) && now === 'trouble');
      if (still === undefined) return done({ ...outcome });
      const message = `${still.id} is as it was`;
      return { exitCode: ExitCode.Failed, ok: false, code: 'doctor/still-trouble', message, ...outcome };
    }
    case 'undone':
      return done({ ...outcome });
    case 'declined':
      return { exitCode: ExitCode.Cancelled, ok: false, code: 'doctor/declined', ...words, ...outcome };
    case 'no-agent':
      return { exitCode: ExitCode.Failed, ok: false, code: 'doctor/no-agent', ...words, ...outcome };
    case 'failed':
      return { exitCode: ExitCode.Failed, ok: false, code: 'doctor/failed', ...words, ...outcome };
    default:
      return assertNever(state);
  }
}

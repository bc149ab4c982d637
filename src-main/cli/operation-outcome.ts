import { assertNever } from '../base/errors.ts';
import { ExitCode } from '../contract/exit-codes.ts';
import type { JobResult, OperationResult } from '../contract/results.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { ABSENT } from './host-command.ts';

/** From good to bad: of several jobs the worst one counts. */
const FROM_GOOD_TO_BAD: readonly ExitCode[] = [
  ExitCode.Done,
  ExitCode.NothingToDo,
  ExitCode.NotFound,
  ExitCode.Failed,
  ExitCode.Cancelled,
];

function exitCodeOf({ state, code }: JobResult): ExitCode {
  switch (state) {
    case 'done':
      return ExitCode.Done;
    case 'skipped':
      return ExitCode.NothingToDo;
    case 'failed':
      return code !== undefined && ABSENT.includes(code) ? ExitCode.NotFound : ExitCode.Failed;
    case 'refused':
    case 'postponed':
    case 'expired':
    case 'waiting':
      return ExitCode.Failed;
    case 'cancelled':
      return ExitCode.Cancelled;
    default:
      return assertNever(state);
  }
}

/** Shows what an operation came to and makes the command's result of it. */
export function operationOutcome(result: OperationResult, { print }: CommandContext): CommandOutcome {
  const { virtual, components = [], jobs } = result;
  if (result.operation === 'inventory') {
    for (const { id, version, state } of components) print(`${id}  ${version}  ${state}`, virtual);
  } else {
    for (const job of jobs) print(jobLine(job), virtual);
  }
  const worst = jobs.reduce<JobResult | undefined>((bad, job) => (isWorse(job, bad) ? job : bad), undefined);
  const exitCode = worst === undefined ? ExitCode.Done : exitCodeOf(worst);
  const ok = exitCode === ExitCode.Done || exitCode === ExitCode.NothingToDo;
  const code = worst?.code ?? (ok ? undefined : `job/${worst?.state ?? 'failed'}`);
  const message = worst?.message ?? (exitCode === ExitCode.NothingToDo ? 'there was nothing to do' : undefined);
  return {
    exitCode,
    ok,
    ...(code === undefined ? {} : { code }),
    ...(message === undefined ? {} : { message }),
    ...result,
  };
}

function isWorse(job: JobResult, than: JobResult | undefined): boolean {
  if (than === undefined) return true;
  return FROM_GOOD_TO_BAD.indexOf(exitCodeOf(job)) > FROM_GOOD_TO_BAD.indexOf(exitCodeOf(than));
}

function jobLine({ package: packageId, component, state, message }: JobResult): string {
  return `${packageId ?? component ?? ''}  ${state}${message === undefined ? '' : `: ${message}`}`;
}

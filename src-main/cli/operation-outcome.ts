import { ExitCode } from '../contract/exit-codes.ts';
import { isGood, operationVerdict } from '../contract/operation-verdict.ts';
import type { JobResult, OperationResult } from '../contract/results.ts';
import type { CommandContext, CommandOutcome } from './command.ts';
import { differenceLines } from './difference-lines.ts';

const COULD_WAIT = 'with --reconnect SECONDS it waits for the handset to come back, and goes on';

/**
 * Shows what an operation came to and makes the command's result of it.
 * @param waits how long a lost handset was waited for, of a command that can wait
 */
export function operationOutcome(
  result: OperationResult,
  { print, signal }: CommandContext,
  waits?: { readonly reconnect?: number | undefined },
): CommandOutcome {
  const { virtual, components = [], jobs } = result;
  if (result.operation === 'inventory') {
    for (const { id, version, state } of components) print(`${id}  ${version}  ${state}`, virtual);
  } else {
    for (const job of jobs) {
      print(jobLine(job, result.operation), virtual);
      for (const line of job.difference === undefined ? [] : differenceLines(job.difference)) print(line, virtual);
    }
  }
  const { exitCode: reached, worst } = operationVerdict(result);
  if (worst?.code === 'bearer/lost' && waits !== undefined && waits.reconnect === undefined) print(COULD_WAIT, virtual);
  // Told to end in the middle: what became of the work is in the jobs.
  const exitCode = signal.aborted && !isGood(reached) ? ExitCode.Cancelled : reached;
  const ok = isGood(exitCode);
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

/** Work without a package or component is named by what it was: `sync`, `restore`. */
function jobLine(
  { package: packageId, component, state, message }: JobResult,
  operation: OperationResult['operation'],
): string {
  return `${packageId ?? component ?? operation}  ${state}${message === undefined ? '' : `: ${message}`}`;
}

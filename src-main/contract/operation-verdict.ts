/** Whether an operation went well: one rule for the exit code of the command line and for the tasks of the window. */
import { assertNever } from '../base/errors.ts';
import { ExitCode } from './exit-codes.ts';
import type { JobResult, OperationResult } from './results.ts';

/** Codes that say that what was named is not there. */
export const ABSENT: readonly string[] = [
  'air/phone-unknown',
  'air/phone-unreachable',
  'archive/component-absent',
  'archive/unknown',
  'bearer/unavailable',
  'bearer/timeout',
  'cache/absent',
  'doctor/remedy-unknown',
  'dms/profile-unknown',
  'handset/unknown',
  'listening/caller-unknown',
  'handset/nowhere',
  'host/not-running',
  'report/absent',
  'snapshot/unknown',
  'virtual/not-running',
];

/** From good to bad: of several jobs the worst one counts. */
const FROM_GOOD_TO_BAD: readonly ExitCode[] = [
  ExitCode.Done,
  ExitCode.NothingToDo,
  ExitCode.NotFound,
  ExitCode.Failed,
  ExitCode.Cancelled,
];

export interface OperationVerdict {
  readonly exitCode: ExitCode;
  /** The job that decided it; absent when there was none. */
  readonly worst: JobResult | undefined;
}

/** What the jobs of an operation come to together; an update that found nothing newer has none. */
export function operationVerdict({ jobs, operation }: Pick<OperationResult, 'jobs' | 'operation'>): OperationVerdict {
  const worst = jobs.reduce<JobResult | undefined>((bad, job) => (isWorse(job, bad) ? job : bad), undefined);
  if (worst !== undefined) return { exitCode: exitCodeOf(worst), worst };
  return { exitCode: operation === 'update' ? ExitCode.NothingToDo : ExitCode.Done, worst };
}

/** Done, or there was nothing to do. */
export function isGood(exitCode: ExitCode): boolean {
  return exitCode === ExitCode.Done || exitCode === ExitCode.NothingToDo;
}

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

function isWorse(job: JobResult, than: JobResult | undefined): boolean {
  if (than === undefined) return true;
  const further = FROM_GOOD_TO_BAD.indexOf(exitCodeOf(job)) - FROM_GOOD_TO_BAD.indexOf(exitCodeOf(than));
  // What waits may still come to a good end.
  return further > 0 || (further === 0 && than.state === 'waiting' && job.state !== 'waiting');
}

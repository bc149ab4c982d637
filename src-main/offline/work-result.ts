import { isPcAgentError } from '../base/errors.ts';
import type { JobEnd } from '../jobs/job.ts';
import { isSuccessfulResult } from '../scomo/names.ts';
import type { OperationComplete } from '../scomo/operation-complete.ts';
import type { Consent, OperationOutcome } from '../scomo/procedure/execute.ts';
import { Status } from '../syncml/status.ts';

/** What a job's work came to in one session. */
export type WorkResult =
  | { readonly kind: 'ended'; readonly end: JobEnd }
  /** The handset has begun; its word on the outcome is due. */
  | { readonly kind: 'waiting'; readonly code: string };

export const AWAITED: WorkResult = Object.freeze({ kind: 'waiting', code: 'scomo/completion-awaited' });

export function ended(state: JobEnd['state'], code?: string, message?: string): WorkResult {
  return { kind: 'ended', end: { state, code, message } };
}

/** A failure of ours as the end of a job. @throws what is none of ours. */
export function endedBy(error: unknown): WorkResult {
  if (!isPcAgentError(error)) throw error;
  return ended('failed', error.code, error.message);
}

/** The handset's ACLs give our server no right to something. */
export function notPermitted(server: string, what: string): WorkResult {
  const status = Status.PermissionDenied;
  return ended('failed', 'dm/not-permitted', `the handset does not let ${server} do this: ${what} (status ${status})`);
}

/** How the handset's completion alert ends a job. */
export function endOf({ resultCode }: OperationComplete, remark?: string): JobEnd {
  if (isSuccessfulResult(resultCode)) return { state: 'done', resultCode, message: remark };
  return {
    state: 'failed',
    code: 'scomo/operation-failed',
    message: `the handset ended the operation with result ${resultCode}`,
    resultCode,
  };
}

/** What an operation's outcome means for its job; the completion alert of one that was accepted is awaited. */
export function resultOf(outcome: OperationOutcome, server: string): WorkResult {
  switch (outcome.kind) {
    case 'accepted':
      return AWAITED;
    case 'done':
      return ended('done', undefined, remarkOn(outcome.consent));
    case 'declined':
      return ended('refused', 'scomo/declined', `the user said No (${outcome.code})`);
    case 'postponed':
      return ended('postponed', 'scomo/postponed', postponement(outcome.code));
    case 'refused':
      if (outcome.code === Status.PermissionDenied) return notPermitted(server, outcome.step);
      return ended('failed', refusalCode(outcome), `the handset refused ${outcome.step} with status ${outcome.code}`);
  }
}

/** What is to be said of the way in which an operation was allowed, if anything. */
export function remarkOn(consent: Consent): string | undefined {
  if (consent === 'no-user-interface') return 'the handset cannot ask its user, so nobody was asked';
  if (consent === 'overridden') return 'the handset did it although its user did not agree';
  return undefined;
}

function postponement(code: number): string {
  return code === Status.RequestTimeout
    ? `nobody answered the question in time (${code})`
    : `the user broke the question off (${code})`;
}

function refusalCode({ step, code }: Extract<OperationOutcome, { kind: 'refused' }>): string {
  if (step === 'consent') return 'scomo/consent-impossible';
  const full = code === Status.DeviceFull || code === Status.RequestEntityTooLarge;
  return full ? 'scomo/storage-full' : 'scomo/refused';
}

import { isPcAgentError } from '../base/errors.ts';
import { resultRow as firmwareRow } from '../fumo/result-codes.ts';
import type { HeardEnd, Job, JobEnd } from '../jobs/job.ts';
import { type Completion, isSuccess } from '../management-server/completion.ts';
import type { Loaded } from '../management-server/managed-session.ts';
import type { Consent, OperationOutcome } from '../scomo/procedure/execute.ts';
import { resultRow } from '../scomo/result-codes.ts';
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

/** What was loaded beside the session is needed now and not there. @throws what is none of ours. */
export function endedUnloaded(loaded: Exclude<Loaded<unknown>, { readonly kind: 'loaded' }>): WorkResult {
  return endedBy(loaded.kind === 'failed' ? loaded.error : new TypeError('not loaded'));
}

/** The handset's ACLs give our server no right to something. */
export function notPermitted(server: string, what: string): WorkResult {
  const status = Status.PermissionDenied;
  return ended('failed', 'dm/not-permitted', `the handset does not let ${server} do this: ${what} (status ${status})`);
}

/** Why a job is left out whose wish is fulfilled. */
export const NOTHING_TO_DO = 'offline/nothing-to-do';

/** What an earlier try has done is done; what nobody did here was not needed. */
export function alreadyThere(job: Job, what: string): WorkResult {
  if (job.begun) return ended('done', undefined, 'seen in the inventory');
  return ended('skipped', NOTHING_TO_DO, `${job.package ?? job.component ?? 'it'} ${what}`);
}

/** How the handset's completion alert ends a job. */
export function endOfCompletion(complete: Completion, remark?: string): HeardEnd {
  const { kind, resultCode } = complete;
  if (isSuccess(complete)) return { state: 'done', resultCode, message: remark };
  const row = kind === 'software' ? resultRow(resultCode) : firmwareRow(resultCode);
  const meaning = row?.meaning ?? 'a code that no table has';
  return {
    state: 'failed',
    code: kind === 'software' ? 'scomo/operation-failed' : 'fumo/operation-failed',
    message: `the handset ended the operation with result ${resultCode}: ${meaning}`,
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

import type { FirmwareComplete } from '../fumo/firmware-alert.ts';
import { isSuccessfulUpdate } from '../fumo/result-codes.ts';
import { isSuccessfulResult } from '../scomo/names.ts';
import type { OperationComplete } from '../scomo/operation-complete.ts';

/** A handset's word on the end of an operation, on its software or on its firmware. */
export type Completion =
  | ({ readonly kind: 'software' } & OperationComplete)
  | ({ readonly kind: 'firmware' } & FirmwareComplete);

export function isSuccess({ kind, resultCode }: Completion): boolean {
  return kind === 'software' ? isSuccessfulResult(resultCode) : isSuccessfulUpdate(resultCode);
}

/**
 * The word that counts for an operation: of several components each may have an item of its own, and one that failed
 * makes the whole a failure.
 */
export function wordOn(complete: readonly Completion[], correlator: string): Completion | undefined {
  const own = complete.filter((each) => each.correlator === correlator);
  return own.findLast((each) => !isSuccess(each)) ?? own.at(-1);
}

import { isSuccessfulResult, ResultCode } from '../names.ts';
import type { Component } from './component.ts';

/** What an operation has come to. */
export interface OperationEnd {
  readonly code: number;
  readonly identifier: string;
  /** URI of what came of it. */
  readonly node?: string;
  /** Of the packages of an installation that has failed: which one. */
  readonly toBlame?: number;
  /** What an installation has brought. */
  readonly installed?: readonly Component[];
}

/** What it ends with when it goes well: 1200, or the success of a maker that it was told to end with. */
export function successOf(failWith: number | undefined): number {
  return failWith !== undefined && isSuccessfulResult(failWith) ? failWith : ResultCode.Successful;
}

/** What a command's process ends with (contract, section 3). */
export const ExitCode = {
  Done: 0,
  /** Also refused, postponed, expired; the result's `code` tells. */
  Failed: 1,
  NothingToDo: 2,
  NotFound: 3,
  Cancelled: 4,
  Usage: 64,
} as const;
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

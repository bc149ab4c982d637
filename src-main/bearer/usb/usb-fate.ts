import type { PcAgentError } from '../../base/errors.ts';

/** Whether a link still holds, for both of its directions. */
export interface UsbFate {
  /** Why it does not any more; set once. */
  readonly lost: PcAgentError | undefined;
  /** Ends it. @returns why it ended, which may have been earlier. */
  lose(error: unknown): PcAgentError;
}

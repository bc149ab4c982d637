import type { DmStep } from '../step.ts';
import type { UserQuestion } from '../user-question.ts';
import type { Asking } from './execution.ts';

/** What the machine waits for. */
export type DmClientState =
  /** To be started. */
  | { readonly kind: 'new' }
  /**
   * For a message of the server:
   * - `package`: ours is closed, the server's next one is due
   * - `our-rest`, `our-object`: ours is not closed, the server has to take and ask for more; of a large object
   * - `rest`, `object`: the server's is not closed; in the middle of a large object
   */
  | { readonly kind: 'waiting'; readonly awaits: 'package' | 'our-rest' | 'our-object' | 'rest' | 'object' }
  /** For nothing: commands are being executed. */
  | { readonly kind: 'working' }
  /** For a person's answer, with which the course goes on. */
  | { readonly kind: 'asked'; readonly question: UserQuestion; readonly course: Asking<DmStep> }
  | { readonly kind: 'ended' };

/** `setup`: packages 1 and 2; `management`: from the first command of the server on. */
export type DmClientPhase = 'setup' | 'management' | 'ended';

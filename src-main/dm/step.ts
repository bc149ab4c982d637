import type { Envelope } from '../syncml/envelope.ts';
import type { SessionOutcome } from './session-outcome.ts';

/** How far a large object has come; bytes as carried. */
export interface DmProgress {
  readonly uri: string;
  readonly done: number;
  readonly total: number;
}

/** What follows from a message: the next one, the end, or both. */
export interface DmStep {
  readonly send?: Envelope;
  readonly outcome?: SessionOutcome;
  readonly progress: readonly DmProgress[];
}

import type { Envelope } from '../syncml/envelope.ts';
import type { SessionOutcome } from './session-outcome.ts';
import type { UserQuestion } from './user-question.ts';

/** How far a large object has come; bytes as carried. */
export interface DmProgress {
  readonly uri: string;
  readonly done: number;
  readonly total: number;
}

/** What follows from a message: the next one, the end, or both; or a question, whose answer decides. */
export interface DmStep {
  readonly send?: Envelope;
  readonly outcome?: SessionOutcome;
  /** A client's user has to be asked before anything is sent. */
  readonly ask?: UserQuestion;
  readonly progress: readonly DmProgress[];
}

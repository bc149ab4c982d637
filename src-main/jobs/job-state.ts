/** The seven ends of a job; each job has exactly one. */
export const END_STATES = ['done', 'skipped', 'refused', 'postponed', 'failed', 'cancelled', 'expired'] as const;
export type EndState = (typeof END_STATES)[number];

/**
 * - `queued`: nobody works on it
 * - `running`: a session with its handset is under way
 * - `waiting`: the handset was told to begin and has not said how it ended; a later session brings that
 */
export type JobState = 'queued' | 'running' | 'waiting' | EndState;

/**
 * - `start`: a session begins
 * - `requeue`: it ended before the handset was told to begin
 * - `wait`: it ended afterwards, without the outcome
 * - an end
 */
export type JobEvent = 'start' | 'requeue' | 'wait' | EndState;

const TRANSITIONS: Readonly<Record<'queued' | 'running' | 'waiting', readonly (readonly [JobEvent, JobState])[]>> = {
  queued: [
    ['start', 'running'],
    ['cancelled', 'cancelled'],
    ['expired', 'expired'],
    // Its link was lost, and the handset did not come back.
    ['failed', 'failed'],
  ],
  running: [
    ['requeue', 'queued'],
    ['wait', 'waiting'],
    ['done', 'done'],
    ['skipped', 'skipped'],
    ['refused', 'refused'],
    ['postponed', 'postponed'],
    ['failed', 'failed'],
    ['cancelled', 'cancelled'],
  ],
  // Nobody may call it cancelled or expired: the handset is perhaps doing it.
  waiting: [
    ['start', 'running'],
    ['done', 'done'],
    ['failed', 'failed'],
  ],
};

/** Where an event leads; `undefined` where it has no place. */
export function nextState(state: JobState, event: JobEvent): JobState | undefined {
  if (isEnd(state)) return undefined;
  return TRANSITIONS[state].find(([known]) => known === event)?.[1];
}

export function isEnd(state: JobState): state is EndState {
  return (END_STATES as readonly JobState[]).includes(state);
}

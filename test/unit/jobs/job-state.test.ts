import { describe, expect, it } from 'vitest';
import { END_STATES, isEnd, type JobEvent, type JobState, nextState } from '../../../src-main/jobs/job-state.ts';

const OPEN = ['queued', 'running', 'waiting'] as const;
const STATES: readonly JobState[] = [...OPEN, ...END_STATES];
const EVENTS: readonly JobEvent[] = ['start', 'requeue', 'wait', ...END_STATES];

/** Everything that may happen; whatever is not here may not. */
const ALLOWED = new Map<string, JobState>([
  ['queued start', 'running'],
  ['queued cancelled', 'cancelled'],
  ['queued expired', 'expired'],
  ['queued failed', 'failed'],
  ['running requeue', 'queued'],
  ['running wait', 'waiting'],
  ['running done', 'done'],
  ['running skipped', 'skipped'],
  ['running refused', 'refused'],
  ['running postponed', 'postponed'],
  ['running failed', 'failed'],
  ['running cancelled', 'cancelled'],
  ['waiting start', 'running'],
  ['waiting done', 'done'],
  ['waiting failed', 'failed'],
]);

describe('the states of a job', () => {
  it('are left as the table says, and in no other way', () => {
    for (const state of STATES) {
      for (const event of EVENTS) {
        expect([state, event, nextState(state, event)]).toEqual([state, event, ALLOWED.get(`${state} ${event}`)]);
      }
    }
  });

  it('have seven ends, which nothing leaves, and each can be reached', () => {
    expect(STATES.filter(isEnd)).toEqual(['done', 'skipped', 'refused', 'postponed', 'failed', 'cancelled', 'expired']);
    for (const end of END_STATES) {
      expect(EVENTS.map((event) => nextState(end, event)).every((next) => next === undefined)).toBe(true);
      expect([...ALLOWED.values()]).toContain(end);
    }
  });
});

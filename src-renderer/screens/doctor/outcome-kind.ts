import { assertNever } from '../../../src-main/base/errors.ts';
import type { RemedyOutcome } from '../../../src-main/contract/doctor.ts';
import type { Treatment } from './remedy-section.tsx';

/** `still`: it was applied, and the trouble is there all the same; `later`: nothing is attached to try it with. */
export type OutcomeKind = 'applied' | 'later' | 'still' | 'undone' | 'declined' | 'no-agent' | 'failed';

export function outcomeKind({ state, findings }: RemedyOutcome, { finding }: Pick<Treatment, 'finding'>): OutcomeKind {
  switch (state) {
    case 'applied': {
      const now = findings.find(({ id }) => id === finding.id);
      if (now?.state === 'trouble') return 'still';
      // What the device itself said counts; without one, and where it comes with the next plugging in, nobody can tell.
      const tried = findings.some(({ facts }) => facts.some(({ name }) => name === 'opened'));
      return tried && now?.state !== 'unknown' ? 'applied' : 'later';
    }
    case 'undone':
    case 'declined':
    case 'no-agent':
    case 'failed':
      return state;
    default:
      return assertNever(state);
  }
}

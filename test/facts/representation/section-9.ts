import type { Fact } from '../fact.ts';

export const facts: readonly Fact[] = [
  { id: 'REP-9-01', text: 'Package 2 with Statuses and a Sequence of a question and an Exec is read and carried out.' },
  { id: 'REP-9-02', text: 'After a no: Sequence 200 (215 and 304 are taken), Alert 304, Exec 215.' },
];

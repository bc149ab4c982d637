import type { Fact } from '../fact.ts';

/** Layout and parameters of user alerts (DM Protocol 1.2, 2.5). */
export const facts: readonly Fact[] = [
  {
    id: 'REP-8.1-01',
    text: 'The first Item has the parameters as one URL-encoded string, and is empty when there are none.',
  },
  { id: 'REP-8.1-02', text: 'The second Item has the text, or the title of a choice.' },
  { id: 'REP-8.1-03', text: 'The Items from the third on are choices, numbered from 1; their order is kept.' },
  { id: 'REP-8.1-04', text: 'Parameters that nobody knows are skipped.' },
  {
    id: 'REP-8.1-05',
    text: 'Cancel of any alert but a display: 214 for it, and 215 for all that is left of the message.',
  },
  { id: 'REP-8.1-06', text: 'No in an Atomic: it fails and is rolled back.' },
  { id: 'REP-8.1-07', text: 'No in a Sequence: the rest of it is left out with 215.' },
  { id: 'REP-8.1-08', text: 'No beside groups changes nothing for other commands.' },
  { id: 'REP-8.1-09', text: 'A client without a user interface says 406.' },
  { id: 'REP-8.1-10', text: 'MINDT: seconds for which it should be shown at least.' },
  { id: 'REP-8.1-11', text: 'MAXDT: seconds to wait at most; then 408, or the default answer where there is one.' },
  { id: 'REP-8.1-12', text: 'DR of 1101: 0 or 1, the answer to highlight.' },
  { id: 'REP-8.1-13', text: 'DR of 1102: the text to begin with, in which + is a space.' },
  { id: 'REP-8.1-14', text: 'DR of 1103: a number. DR of 1104: numbers joined by -.' },
  { id: 'REP-8.1-15', text: 'DR of 1100 says nothing.' },
  { id: 'REP-8.1-16', text: 'MAXLEN of 1102: characters that may be typed at most.' },
  {
    id: 'REP-8.1-17',
    text: 'IT of 1102: A alphanumeric, which is the default, N numeric with dot and sign, P phone number.',
  },
  { id: 'REP-8.1-18', text: 'IT of 1102: D date as DDMMYYYY, T time as hhmmss, I address as four numbers with dots.' },
  { id: 'REP-8.1-19', text: 'ET of 1102: T shows what is typed, which is the default, P does not.' },
];

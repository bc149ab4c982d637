import type { Fact } from '../fact.ts';

/** Generic alert (DM Protocol 1.2, 2.3.7). */
export const facts: readonly Fact[] = [
  { id: 'DMP-8-01', text: 'Data of the Alert is 1226.' },
  {
    id: 'DMP-8-02',
    text: 'Correlator stands right below Alert, behind Data; some clients write it before: both are read.',
  },
  { id: 'DMP-8-03', text: 'A Correlator answers an Exec that had one, and is its value.' },
  { id: 'DMP-8-04', text: 'There is an Item at least, and there may be several.' },
  { id: 'DMP-8-05', text: 'Source of the Item is the object that it is about; it may be missing.' },
  {
    id: 'DMP-8-06',
    text: 'Type is a URN: bare in the field, behind Reversed-Domain-Name: or Content-Type: in the text. Ours is bare, both are read.',
  },
  { id: 'DMP-8-07', text: 'Format is there.' },
  { id: 'DMP-8-08', text: 'Mark is the severity: informational when there is none.' },
  { id: 'DMP-8-09', text: 'Data of the Item is there, and may be empty.' },
  {
    id: 'DMP-8-10',
    text: 'The server says 200 or 202; 401, 407, 412, 415 and 500 are its errors: such an alert is not done with.',
  },
  { id: 'DMP-8-11', text: 'It goes from client to server, in package 1 behind Alert 1200 or 1201 or any time later.' },
  { id: 'DMP-8-12', text: 'Without large objects it has to fit one message.' },
];

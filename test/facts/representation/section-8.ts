import type { Fact } from '../fact.ts';

/** Alert codes (DM Representation 1.2, 4.2). */
export const facts: readonly Fact[] = [
  { id: 'REP-8-01', text: '1100 DISPLAY, server to client: shows a text.' },
  { id: 'REP-8-02', text: '1101 CONFIRM OR REJECT, server to client: Yes is 200, No is 304, cancel is 214.' },
  { id: 'REP-8-03', text: '1102 TEXT INPUT, server to client: 200 with the text in an Item.' },
  { id: 'REP-8-04', text: '1103 SINGLE CHOICE, server to client: 200 with the number of the choice in one Item.' },
  { id: 'REP-8-05', text: '1104 MULTIPLE CHOICE, server to client: 200 with an Item for each number that was chosen.' },
  {
    id: 'REP-8-06',
    text: '1105 to 1199, 1202 to 1220 and 1227 to 1299 are reserved: an alert that nobody knows gets 406.',
  },
  { id: 'REP-8-07', text: '1200 SERVER-INITIATED MGMT: the client in package 1, answering a notification.' },
  { id: 'REP-8-08', text: '1201 CLIENT-INITIATED MGMT: the client in package 1, of its own accord.' },
  { id: 'REP-8-09', text: '1222 NEXT MESSAGE, both: asks for the next message of the package.' },
  { id: 'REP-8-10', text: '1223 SESSION ABORT, both: ends the session, in a message with Final.' },
  { id: 'REP-8-11', text: '1224 CLIENT EVENT, client to server: 200, or 406 where it cannot be worked on.' },
  {
    id: 'REP-8-12',
    text: '1225 NO END OF DATA, both: something new came before a large object had ended; names the object.',
  },
  { id: 'REP-8-13', text: '1226 GENERIC ALERT, client to server: an alert with a type.' },
  { id: 'REP-8-14', text: '1221 is not of DM and is not sent.' },
];

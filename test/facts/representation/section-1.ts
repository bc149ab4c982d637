import type { Fact } from '../fact.ts';

export const facts: readonly Fact[] = [
  { id: 'REP-1-01', text: 'SyncML elements are in the namespace SYNCML:SYNCML1.2, declared on the root.' },
  { id: 'REP-1-02', text: 'Elements of Meta are in the namespace syncml:metinf, declared on each of them.' },
  { id: 'REP-1-03', text: 'A tree in Data is in the namespace syncml:dmddf1.2.' },
  { id: 'REP-1-04', text: 'DevInf has the namespace syncml:devinf.', why: 'data sync' },
  { id: 'REP-1-05', text: 'VerDTD is 1.2.' },
  { id: 'REP-1-06', text: 'VerProto is DM/1.2.' },
  {
    id: 'REP-1-07',
    text: 'Peers of DM 1.1 say 1.1 and DM/1.1 in their own namespace: read far enough to be answered with 505 or 513.',
  },
  {
    id: 'REP-1-08',
    text: 'XML messages are application/vnd.syncml.dm+xml, with optional charset (default UTF-8), verproto and verdtd.',
  },
  { id: 'REP-1-09', text: 'WBXML messages are application/vnd.syncml.dm+wbxml.' },
  { id: 'REP-1-10', text: 'Package 0 is application/vnd.syncml.notification, which is no message of a session.' },
  { id: 'REP-1-11', text: 'Serialised trees are application/vnd.syncml.dmtnds+xml and +wbxml.' },
  {
    id: 'REP-1-12',
    text: 'Framework descriptions are application/vnd.syncml.dmddf+xml and +wbxml.',
    why: 'a remark: nothing in DM sends a description over a session',
  },
  { id: 'REP-1-13', text: 'The types of data sync, application/vnd.syncml+xml and +wbxml, are not to be sent for DM.' },
  {
    id: 'REP-1-14',
    text: 'Three spellings of the public id are about: compared without case, all taken, no DTD loaded.',
  },
  { id: 'REP-1-15', text: 'XML needs to be well-formed only; prologue and DOCTYPE may be missing.' },
  { id: 'REP-1-16', text: 'WBXML of any 1.x is read; 1.1, 1.2 or 1.3 is sent.' },
];

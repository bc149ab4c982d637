import type { Fact } from '../fact.ts';

export const facts: readonly Fact[] = [
  { id: 'REP-5-01', text: 'Chal to VerProto: both sides must send and take them.' },
  { id: 'REP-5-02', text: 'MoreData: the server must, the client should send and take it.' },
  { id: 'REP-5-03', text: 'RespURI may be sent and must be taken by both.' },
  { id: 'REP-5-04', text: 'SyncML, SyncHdr, SyncBody, Data, Item, Meta, Status: both sides must send and take them.' },
  { id: 'REP-5-05', text: 'Correlator may be sent and taken; the server must take it.' },
  {
    id: 'REP-5-06',
    text: 'Add, Delete, Get, Replace and Sequence: the server must send, the client must carry them out.',
  },
  { id: 'REP-5-07', text: 'Atomic: the server must send, the client should carry it out.' },
  { id: 'REP-5-08', text: 'Copy and Exec: may be sent and carried out; here both are.' },
  { id: 'REP-5-09', text: 'Alert and Results: the client must send, the server must take them.' },
];

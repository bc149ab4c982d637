import type { Fact } from '../fact.ts';

export const facts: readonly Fact[] = [
  { id: 'REP-3-01', text: 'SessionID is opaque text and the same all through a session.' },
  {
    id: 'REP-3-02',
    text: 'After a notification it is the 16-bit id as upper-case hex of 1 to 4 digits without leading zeros.',
  },
  { id: 'REP-3-04', text: 'MsgID counts the messages of each side from 1.' },
  { id: 'REP-3-05', text: 'CmdID is unique in its message and not 0; children of groups share the numbering.' },
  { id: 'REP-3-06', text: 'A command without CmdID is answered by 400 with an empty CmdRef.' },
  { id: 'REP-3-07', text: 'MsgRef is the MsgID that is answered; missing in Results it is 1, and it is always sent.' },
  { id: 'REP-3-08', text: 'CmdRef 0 with Cmd SyncHdr answers the header; it may be missing there only.' },
  { id: 'REP-3-09', text: 'Cmd is the name of the answered command.' },
  { id: 'REP-3-10', text: 'Target and Source of the header are receiver and sender.' },
  { id: 'REP-3-11', text: "LocName of the header's Source is the user; with MAC it is the username of x-syncml-hmac." },
  {
    id: 'REP-3-12',
    text: 'Items with one code share a Status without references; different codes have a Status each, with them.',
  },
  { id: 'REP-3-13', text: 'RespURI is where the next message goes; both sides take it.' },
  { id: 'REP-3-14', text: 'Cred stands in SyncHdr alone; for MD5 its Format is b64.' },
  { id: 'REP-3-15', text: 'Chal stands in Status alone; for MD5 and MAC with Format b64 and a base64 NextNonce.' },
  { id: 'REP-3-16', text: 'Final is the last child of SyncBody in the last message of a package.' },
  { id: 'REP-3-17', text: 'MoreData is the last child of an Item whose data goes on in the next message.' },
  { id: 'REP-3-18', text: 'Correlator is opaque and comes back in the alert 1226, if the Exec had one.' },
  { id: 'REP-3-19', text: 'Mark-up inside Data is escaped or in CDATA.' },
  { id: 'REP-3-20', text: 'The Item of a node carries Data unless its format is null.' },
  {
    id: 'REP-3-21',
    text: 'Results name each node by Source with format and value; missing MsgRef and Source and a stray Cmd are taken.',
  },
  { id: 'REP-3-22', text: 'A Get of several nodes may be answered by one Results or by one each.' },
  { id: 'REP-3-23', text: 'Items of the server name a Target, those of the client a Source, Copy both.' },
  { id: 'REP-3-24', text: 'A LocURI that begins with a slash is not found.' },
  { id: 'REP-3-25', text: 'What only data sync uses is passed over; NoResp is answered all the same.' },
  {
    id: 'REP-3-26',
    text: 'Of its own accord a client makes up the SessionID: 1 to 4 hex digits here, as many as any peer takes.',
  },
];

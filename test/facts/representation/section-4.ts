import type { Fact } from '../fact.ts';

export const facts: readonly Fact[] = [
  { id: 'REP-4-01', text: 'Format is chr and Type text/plain when they are missing.' },
  {
    id: 'REP-4-02',
    text: 'The Meta of a command holds for its Items; that of an Item overrides it element by element.',
  },
  { id: 'REP-4-03', text: 'A Meta describes the Data beside it.' },
  { id: 'REP-4-04', text: 'Format beats Type; both are compared without case, Type without parameters.' },
  { id: 'REP-4-05', text: 'A binary node is b64 in XML, opaque bin or b64 text in WBXML.' },
  { id: 'REP-4-06', text: 'The formats of nodes are carried by their names, the value as text of that format.' },
  { id: 'REP-4-07', text: 'Base64 is written without line breaks, read with white space and without padding.' },
  { id: 'REP-4-08', text: 'Format: both sides send and take it.' },
  {
    id: 'REP-4-09',
    text: "Type: of a leaf a MIME type, of an interior node an object's name, of a credential or an alert its type.",
  },
  { id: 'REP-4-10', text: 'Size counts octets of the whole object as carried, in its first chunk.' },
  { id: 'REP-4-11', text: 'MaxMsgSize: the largest message that its sender takes.' },
  { id: 'REP-4-12', text: 'MaxObjSize: the largest object that its sender takes.' },
  { id: 'REP-4-13', text: 'NextNonce is base64 in Chal; raw octets of a peer are taken.' },
  { id: 'REP-4-14', text: 'MetInf as a wrapper is taken and not sent.' },
  { id: 'REP-4-15', text: 'EMI may be sent and taken.' },
  { id: 'REP-4-16', text: 'Mark is the importance of a generic alert, one of seven words.' },
  { id: 'REP-4-17', text: 'Anchor, Mem and the like are of data sync and passed over.' },
  { id: 'REP-4-18', text: 'Format, Type, Size, NextNonce and the two limits are sent and taken by both sides.' },
  {
    id: 'REP-4-19',
    text: 'A value fits its Format: bool also as 1, 0 and in any case, int with a sign, date and time of ISO 8601, float; null and node have none.',
  },
];

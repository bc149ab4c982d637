import type { Fact } from '../fact.ts';

/** Sheet dm-protocol, section 12: traps for client, server and relay. */
export const facts: readonly Fact[] = [
  {
    id: 'DMP-12-01',
    text: 'a handset may write the SessionID of package 0 in hex or in decimal, and longer than four',
  },
  { id: 'DMP-12-02', text: 'session ids of notifications have a letter in hex' },
  { id: 'DMP-12-03', text: 'MsgID, CmdID, MsgRef and CmdRef are numbers: blanks, NUL, zeros and gaps mean nothing' },
  { id: 'DMP-12-04', text: 'the Status of the header may lack CmdRef and stand anywhere; ours stands first' },
  { id: 'DMP-12-05', text: 'equal codes: one Status without refs; different codes: one an item, with refs' },
  { id: 'DMP-12-06', text: 'a Status of a single item may have refs or none' },
  { id: 'DMP-12-07', text: 'LocName may be in the first message alone: the user belongs to the session' },
  { id: 'DMP-12-08', text: 'RespURI changes where the next message goes and its Target; it may be relative' },
  { id: 'DMP-12-09', text: 'a relay carries message by message, and on a failure of HTTP it invents none' },
  { id: 'DMP-12-10', text: 'a relay knows the end by a server package without commands and challenge' },
  { id: 'DMP-12-11', text: 'a relay reads RespURI for the next address, relative ones against the last' },
  { id: 'DMP-12-12', text: 'a relay leaves MaxMsgSize as it is' },
  { id: 'DMP-12-13', text: 'Size of Results counts octets as carried: of base64 the text' },
  { id: 'DMP-12-14', text: 'the notification of a session that is open starts nothing' },
];

import type { Fact } from '../fact.ts';

/** Sheet dm-protocol, section 11: what to do when something is wrong. */
export const facts: readonly Fact[] = [
  {
    id: 'DMP-11-01',
    text: 'unknown VerDTD 505, unknown VerProto 513, with the version that is known; nothing executed',
  },
  { id: 'DMP-11-02', text: 'what cannot be read is refused by the transport, by 400 where its header can be read' },
  { id: 'DMP-11-03', text: 'MsgID or Target missing, or a size that is no number: 412' },
  { id: 'DMP-11-04', text: 'a Target that is another device: 404; where a RespURI was given, that is the Target' },
  { id: 'DMP-11-05', text: 'a message longer than the own MaxMsgSize is not read and ends the session' },
  { id: 'DMP-11-06', text: 'a command of the wrong side: 405' },
  {
    id: 'DMP-11-07',
    text: 'a Status that is missing: the command counts as not executed and is not sent blindly again',
  },
  { id: 'DMP-11-08', text: 'alerts of a session that was cut wait for package 1 of the next' },
];

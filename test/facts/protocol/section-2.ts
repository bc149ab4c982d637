import type { Fact } from '../fact.ts';

/** Sheet dm-protocol, section 2: session, messages, Final. */
export const facts: readonly Fact[] = [
  { id: 'DMP-2-01', text: 'one SessionID in every message both ways, compared as text' },
  { id: 'DMP-2-02', text: 'each side counts its own messages from 1; MsgRef names a message of the other side' },
  { id: 'DMP-2-03', text: 'Final stands in the last message of a package alone' },
  { id: 'DMP-2-04', text: 'a client does not close its package before the server has closed the one before' },
  { id: 'DMP-2-05', text: 'a client that owes Statuses gets no new commands' },
  { id: 'DMP-2-06', text: 'a message without Final is answered by Statuses and 1222, no command, no Final' },
  { id: 'DMP-2-07', text: '1222 may be left out by who sends Results, and may stand before the Status' },
  { id: 'DMP-2-08', text: '1223 carries Final; a server answers its Status and that of the header, without commands' },
  { id: 'DMP-2-09', text: 'a client does not answer the 1223 of a server' },
  { id: 'DMP-2-10', text: 'a session that is lost without a word harms nobody: the next one begins anew' },
  { id: 'DMP-2-11', text: 'a sender that got no answer may send the very same octets again' },
  { id: 'DMP-2-12', text: 'the last message once more: the stored answer, and nothing is executed' },
  { id: 'DMP-2-13', text: 'a lower MsgID, or the last one with other octets, is an error and executes nothing' },
  { id: 'DMP-2-14', text: 'a client message of a good header Status alone is not sent; anything else makes it due' },
  { id: 'DMP-2-15', text: '1222 is answered by a Status in the next message' },
  {
    id: 'DMP-2-16',
    text: 'a client was seen to send again after two minutes and to give up after five',
    why: 'a pure remark: when to send again is left to each; that the octets are the same is DMP-2-11',
  },
];

import type { Fact } from '../fact.ts';

/** Sheet dm-protocol, section 6: package 0, the notification. */
export const facts: readonly Fact[] = [
  { id: 'DMP-6-01', text: 'octets 0 to 15 are an MD5 digest over all that follows, the trigger' },
  { id: 'DMP-6-02', text: 'version: 10 bits, ten times the number' },
  { id: 'DMP-6-03', text: 'ui-mode: 2 bits, not specified, background, informative, user interaction' },
  { id: 'DMP-6-04', text: 'initiator: 1 bit, client or server' },
  { id: 'DMP-6-05', text: 'future use: 27 bits, zero when sent, no matter when received' },
  { id: 'DMP-6-06', text: 'session id: 16 bits, 0001 to FFFF; 0 starts nothing' },
  { id: 'DMP-6-07', text: 'length octet and so many octets of ServerID, without an end mark' },
  { id: 'DMP-6-08', text: 'what follows the identifier is the vendor’s' },
  {
    id: 'DMP-6-09',
    text: 'digest: H(B64(H(ServerID:password)) : nonce : B64(H(trigger))) with the credentials of the server',
  },
  { id: 'DMP-6-10', text: 'the worked example of 42 octets and the second header are reproduced' },
  { id: 'DMP-6-11', text: 'the client begins with the SessionID of the notification as hex text and Alert 1200' },
  { id: 'DMP-6-12', text: 'a wrong digest is checked again with the default nonce, and then ignored silently' },
  {
    id: 'DMP-6-13',
    text: 'after a notification by the default nonce package 1 uses it too; Chal of each side sets the nonce of the other',
  },
  {
    id: 'DMP-6-14',
    text: 'default nonce: sent as four zero octets first and as ten ASCII characters on a further attempt; both are understood',
  },
  {
    id: 'DMP-6-15',
    text: 'some handsets come with resynchronisation switched off',
    why: 'a pure remark: such a handset ignores every notification, which DMP-6-12 covers',
  },
  { id: 'DMP-6-16', text: 'session ids that repeat start one session' },
  { id: 'DMP-6-17', text: 'version 1.1 is sent; 1.0 to 1.2 are taken' },
  { id: 'DMP-6-18', text: 'over WAP push: port 2948, push headers, prefix of the short message', why: 'WAP push' },
  { id: 'DMP-6-19', text: 'over OBEX the bare notification is PUT inside SYNCML-DM with the Type of notifications' },
  {
    id: 'DMP-6-20',
    text: 'bootstrap documents go to the default inbox of a phone, without Target; phones differ in taking them there',
  },
];
